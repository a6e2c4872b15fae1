"""Degree, institution, major and graduation: the highest degree of a resume."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from webapp.domain.degrees import Degree
from webapp.reading.catalogue import Catalogue
from webapp.reading.majors import find_major
from webapp.reading.periods import Day, cohort_day, end_of_period, find_period, graduation_day

_DEGREE_WORDS = (
    (Degree.DOCTOR, re.compile(r"博士(?!后)|ph\.?\s?d", re.IGNORECASE)),
    (Degree.MASTER, re.compile(r"硕士|研究生(?!院)|硕博|\bmaster|\bmba\b|\bm\.?sc\b", re.IGNORECASE)),
    (Degree.BACHELOR, re.compile(r"本科|学士|专升本|专接本|bachelor|\bb\.?sc\b", re.IGNORECASE)),
    (Degree.ASSOCIATE, re.compile(r"专科(?!学校)|大专|高职", re.IGNORECASE)),
)
_NOT_HELD = re.compile(
    r"(?:推免|保送|保研|考研|拟|报考)\S{0,6}|(?:研究生|硕士|本科生?)(?:推免|入学|导师|助教|学长|师兄|学业|国家|课程)\S*"
)
_LABELLED_DEGREE = re.compile(r"(?:学\s*历|学\s*位)\s*:?\s*(\S{2,12})")
_UNKNOWN = re.compile(
    r"[一-鿿]{2,14}(?:大学|学院|专科学校)(?!生)(?:\([一-鿿]{2,6}\))?"
    r"|(?:[A-Z]\w+ )*University(?: of(?: [A-Z]\w+)+)?"
)
_HEADER_LINES = 4
_SHORT = 40


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
    """Return the entry with the highest degree, completed by labels found elsewhere.

    ``part`` are the lines below the heading of education, ``others`` all lines of the resume.
    """
    entries = [_entry(lines, catalogue) for lines in _cut(part, catalogue)]
    if not any(entry.institution for entry in entries):
        entries = [_entry(lines, catalogue) for lines in _surroundings(others, catalogue)] or entries
    best = max(entries, key=_rank, default=Education())
    _complete(best, "\n".join(others), catalogue)
    return best


def _cut(lines: Sequence[str], catalogue: Catalogue) -> list[list[str]]:
    """Cut the education part where a second institution or a second period begins."""
    entries: list[list[str]] = []
    named = dated = True
    for line in lines:
        name = bool(catalogue.institution_in(line) or _UNKNOWN.search(line))
        period = bool(find_period(line))
        if (name and named) or (period and dated):
            entries.append([])
            named = dated = False
        if entries:
            entries[-1].append(line)
            named, dated = named or name, dated or period
    return [entry[:_HEADER_LINES] for entry in entries]


def _surroundings(lines: Sequence[str], catalogue: Catalogue) -> list[list[str]]:
    """Return every line that names an institution, with the lines around it that are about nothing else."""
    found = []
    for number, line in enumerate(lines):
        if catalogue.institution_in(line):
            around = (lines[number - 1] if number else "", *lines[number + 1 : number + 2])
            found.append([line, *(one for one in around if _goes_along(one, catalogue))])
    return found


def _goes_along(line: str, catalogue: Catalogue) -> bool:
    """Say whether a neighbouring line belongs to an institution's: it says when or to which degree."""
    about = find_period(line) == line or graduation_day(line) or _degree(line)
    return len(line) <= _SHORT and bool(about) and not catalogue.institution_in(line)


def _entry(lines: Sequence[str], catalogue: Catalogue) -> Education:
    """Read one entry from its first lines; what follows them are courses and prizes."""
    header = "\n".join(lines)
    found = Education(degree=_degree(header))
    if known := catalogue.institution_in(header):
        found.institution, found.institution_code = known.name, known.code
    elif match := _UNKNOWN.search(header):
        found.institution = match[0]
        header = header.replace(match[0], " ")
    found.graduation = graduation_day(header) or end_of_period(header) or cohort_day(header)
    found.major, sure = find_major(header, catalogue)
    found.doubtful = set() if sure else {"major"}
    return found


def _rank(entry: Education) -> tuple[bool, int, int]:
    """Order entries: one that names an institution, then the degree, then the later graduation."""
    level = entry.degree.level if entry.degree else 0
    return bool(entry.institution), level, entry.graduation.on.toordinal() if entry.graduation else 0


def _complete(best: Education, text: str, catalogue: Catalogue) -> None:
    """Fill gaps from labels and from what the institution teaches, and say what is doubtful."""
    stated = _degree(" ".join(_LABELLED_DEGREE.findall(text)))
    if stated and (best.degree is None or stated.level > best.degree.level):
        best.degree = stated
    best.graduation = best.graduation or graduation_day(text) or cohort_day(text)
    known = catalogue.institution_in(best.institution or "")
    if best.degree is None and known:
        best.degree = Degree.ASSOCIATE if known.level == "专科" else Degree.BACHELOR
        best.doubtful.add("degree")
    if best.institution and not best.institution_code:
        best.doubtful.add("institution")
    if best.graduation and not best.graduation.exact:
        best.doubtful.add("graduation_on")


def _degree(text: str) -> Degree | None:
    """Return the highest degree named; plans, scholarships and tutors are no degree."""
    text = _NOT_HELD.sub("", text)
    return next((degree for degree, words in _DEGREE_WORDS if words.search(text)), None)
