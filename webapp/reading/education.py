"""Degree, institution, major and graduation: the highest degree of a resume."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from webapp.domain.catalogues import Institution, Major
from webapp.domain.degrees import Degree
from webapp.reading.periods import Day, end_of_period, find_period, graduation_day

_DEGREE_WORDS = (
    (Degree.DOCTOR, re.compile(r"博士(?!后)|ph\.?\s?d", re.IGNORECASE)),
    (Degree.MASTER, re.compile(r"硕士|研究生(?!院)|硕博|\bmaster|\bmba\b|\bm\.?sc\b", re.IGNORECASE)),
    (Degree.BACHELOR, re.compile(r"本科|学士|专升本|专接本|bachelor|\bb\.?sc\b", re.IGNORECASE)),
    (Degree.ASSOCIATE, re.compile(r"专科(?!学校)|大专|高职", re.IGNORECASE)),
)
_NOT_YET = re.compile(
    r"(?:推免|保送|保研|考研|拟|报考)\S{0,6}|(?:研究生|硕士)(?:推免|入学|导师|助教|学长|师兄)\S*"
)
_UNKNOWN = re.compile(
    r"[一-鿿]{2,14}(?:大学|学院|专科学校)(?!生)(?:\([一-鿿]{2,6}\))?"
    r"|(?:[A-Z]\w+ )*University(?: of(?: [A-Z]\w+)+)?"
)
_LABELLED_MAJOR = re.compile(
    r"(?:所学|主修|就读|毕业)?专\s*业(?:名称|方向)?\s*[:：]\s*([^\s|,;,;]{2,24})|专业\s{2,}([^\s|,;]{2,24})"
)
_CUTS = re.compile(r"[\s|,;·•/、()\[\]【】<>—–:]+|(?<=[一-鿿])-(?=[一-鿿])")
_DEPARTMENT = re.compile(r"(?:学院|系|学部|中心|校区|研究院|研究所|班|大学)$")
_NOT_MAJOR = re.compile(
    r"\d|学历|学位|全日制|统招|排名|绩点|专业|本科|专科|大专|硕士|博士|学士|研究生|至今|在读|应届|课程|"
    r"[省市区县]$|GPA|双一流"
)
_TAIL = re.compile(r"(?:专业|硕士|博士|学士|本科)$")
_MAJOR_LENGTHS = range(2, 16)
_TELLING = 3
"""A shorter name inside a longer word says little: 法学 stands in 法学院."""
_HEADER_LINES = 4


def _narrow(name: str) -> str:
    """Spell brackets as normalised text has them."""
    return name.replace("（", "(").replace("）", ")")


@dataclass(frozen=True)
class Catalogue:
    """Institutions and majors by every spelling."""

    institutions: Iterable[Institution]
    majors: Iterable[Major]

    @cached_property
    def by_name(self) -> Mapping[str, Institution]:
        """Return institutions by name, brackets narrow or left out."""
        names: dict[str, Institution] = {}
        for one in self.institutions:
            for name in map(_narrow, (one.name, *one.former_names)):
                names[name] = names[re.sub(r"[()]", "", name)] = one
        return names

    @cached_property
    def mention(self) -> re.Pattern[str]:
        """Match any institution, the longest first; "武汉大学生创业计划" names none."""
        names = sorted(self.by_name, key=len, reverse=True)
        return re.compile(f"(?:{'|'.join(map(re.escape, names))})(?!生(?![物命态]))")

    @cached_property
    def major_levels(self) -> Mapping[str, frozenset[str]]:
        """Return the degrees at which each major is taught."""
        levels: dict[str, set[str]] = {}
        for one in self.majors:
            levels.setdefault(_narrow(one.name), set()).add(one.level)
        return {name: frozenset(found) for name, found in levels.items()}


@dataclass
class Education:
    """One entry of the education part; ``doubtful`` names what a person should check."""

    degree: Degree | None = None
    institution: str | None = None
    institution_code: str | None = None
    major: str | None = None
    graduation: Day | None = None
    doubtful: set[str] = field(default_factory=set)

    @property
    def graduation_on(self) -> date | None:
        """Return the day of graduation."""
        return self.graduation.on if self.graduation else None


def read_education(part: Sequence[str], others: Sequence[str], catalogue: Catalogue) -> Education:
    """Return the entry with the highest degree, completed by labels found elsewhere."""
    source = part if any(catalogue.mention.search(line) for line in part) else [*part, *others]
    entries = [_entry(lines, catalogue) for lines in _entries(source, catalogue)]
    best = max(entries, key=_rank, default=Education())
    elsewhere = "\n".join(others)
    _complete(best, elsewhere, catalogue)
    return best


def _entries(lines: Sequence[str], catalogue: Catalogue) -> list[list[str]]:
    """Cut lines where a second institution or a second period begins."""
    entries: list[list[str]] = []
    named = dated = True
    for line in lines:
        name, period = bool(_institution(line, catalogue)[0]), bool(find_period(line))
        if (name and named) or (period and dated):
            entries.append([])
            named = dated = False
        if entries:
            entries[-1].append(line)
            named, dated = named or name, dated or period
    return entries


def _entry(lines: Sequence[str], catalogue: Catalogue) -> Education:
    """Read one entry; its header is its first lines, what follows are courses and prizes."""
    header = "\n".join(lines[:_HEADER_LINES])
    found = Education()
    found.institution, found.institution_code = _institution(header, catalogue)
    found.degree = _degree(header)
    found.graduation = end_of_period(header) or graduation_day(header)
    found.major, sure = _major(lines[:_HEADER_LINES], found, catalogue)
    if not sure:
        found.doubtful.add("major")
    return found


def _rank(entry: Education) -> tuple[int, int, int]:
    """Order entries: degree first, then a known institution, then the later graduation."""
    level = entry.degree.level if entry.degree else 0
    return level, bool(entry.institution_code), entry.graduation.on.toordinal() if entry.graduation else 0


def _complete(best: Education, elsewhere: str, catalogue: Catalogue) -> None:
    """Fill gaps from labels and from what the institution teaches, and say what is doubtful."""
    stated = _degree(" ".join(re.findall(r"(?:学\s*历|学\s*位)\s*[::]?\s*(\S{2,12})", elsewhere)))
    if stated and (best.degree is None or stated.level > best.degree.level):
        best.degree = stated
    if best.graduation is None:
        best.graduation = graduation_day(elsewhere)
    if best.major is None and (match := _LABELLED_MAJOR.search(elsewhere)):
        best.major = match[1] or match[2]
        best.doubtful -= {"major"} if best.major in catalogue.major_levels else set()
    if best.degree is None and best.institution and best.institution_code:
        school = catalogue.by_name[_narrow(best.institution)]
        best.degree = Degree.ASSOCIATE if school.level == "专科" else Degree.BACHELOR
        best.doubtful.add("degree")
    if best.institution and not best.institution_code:
        best.doubtful.add("institution")
    if best.graduation and not best.graduation.exact:
        best.doubtful.add("graduation_on")


def _institution(text: str, catalogue: Catalogue) -> tuple[str | None, str | None]:
    """Return the first institution's name and code; one outside the catalogue has no code."""
    if match := catalogue.mention.search(text):
        known = catalogue.by_name[match[0]]
        return known.name, known.code
    match = _UNKNOWN.search(text)
    return (match[0], None) if match else (None, None)


def _degree(text: str) -> Degree | None:
    """Return the highest degree named; plans to study on are no degree."""
    text = _NOT_YET.sub("", text)
    return next((degree for degree, words in _DEGREE_WORDS if words.search(text)), None)


def _major(lines: Sequence[str], entry: Education, catalogue: Catalogue) -> tuple[str | None, bool]:
    """Return the major and whether the catalogue knows it."""
    header = "\n".join(lines)
    if match := _LABELLED_MAJOR.search(header):
        major = match[1] or match[2]
        return major, major in catalogue.major_levels
    tokens = [_TAIL.sub("", token) for token in _tokens(header, entry, catalogue)]
    if exact := next((token for token in tokens if token in catalogue.major_levels), None):
        return exact, True
    inside = [
        name for token in tokens for name in catalogue.major_levels if len(name) >= _TELLING and name in token
    ]
    if inside:
        return max(inside, key=len), False
    return next((token for token in tokens if not _NOT_MAJOR.search(token)), None), False


def _tokens(header: str, entry: Education, catalogue: Catalogue) -> list[str]:
    """Return the words of a header that could be a major."""
    rest = catalogue.mention.sub(" ", header)
    rest = rest.replace(entry.institution or "\n", " ").replace(find_period(header) or "\n", " ")
    return [
        token
        for token in _CUTS.split(rest)
        if len(token) in _MAJOR_LENGTHS and re.match(r"[一-鿿]", token) and not _DEPARTMENT.search(token)
    ]
