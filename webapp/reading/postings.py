"""A row of a postings file becomes a posting, or one sentence why it cannot."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.degrees import Degree
from webapp.domain.errors import PlatformError
from webapp.domain.pay import Pay, parse_pay
from webapp.domain.places import CITY_NAME, city_name, district_code
from webapp.domain.postings import Kind
from webapp.domain.words import N_
from webapp.reading.contacts import mask_contacts

LONGEST_TEXT = 20_000
LONGEST_NAME = 200
MOST_SKILLS = 30

_REQUIREMENTS = re.compile(
    r"[【\[<（(]?(?:任职|岗位|职位|应聘|招聘|技能|能力|任职能力|任职者)(?:要求|资格|条件)[】\]>）)]?\s*[:：]?"
    r"|(?<![\w])要求\s*[:：]"
)
_DUTIES = re.compile(
    r"^\s*[【\[<（(一1]?[、.]?\s*(?:岗位|工作|职位|主要|职务)(?:职责|内容|描述|职能|说明|任务)[】\]>）)]?\s*[:：]?\s*"
)
_DEGREES = (
    (Degree.DOCTOR, "博士"),
    (Degree.MASTER, "硕士"),
    (Degree.BACHELOR, "本科"),
    (Degree.ASSOCIATE, "大专"),
    (Degree.ASSOCIATE, "专科"),
    (Degree.ASSOCIATE, "高职"),
)
_KINDS = (
    (Kind.TRAINEESHIP, re.compile(r"见习(?!官|经理|店长|主管)")),
    (Kind.INTERNSHIP, re.compile(r"实习(?!主管|医师带教)|intern(?:ship)?\b", re.IGNORECASE)),
    (Kind.RESEARCH_ASSISTANT, re.compile(r"科研助理")),
)
_SPACES = re.compile(r"[ \t\u00a0\u3000\u200b-\u200f\ufeff]+")


class RowRefused(PlatformError):
    """A row that makes no posting; the message is the reason."""


class UnreadableRow(RowRefused):
    """A row the file's own format does not allow."""

    message = "%(problem)s"


class NoTitle(RowRefused):
    """Nothing says what the work is called."""

    message = N_("岗位名称缺失")


class NoDuties(RowRefused):
    """Nothing says what the work is."""

    message = N_("岗位内容缺失")


class NoEmployer(RowRefused):
    """A posting people are to see needs somebody who offers it."""

    message = N_("单位名称缺失")


@dataclass(frozen=True)
class RawPosting:
    """A posting as imported: normalised, contacts masked; ``key`` is equal for equal rows."""

    key: str
    source: str
    title: str
    employer: str | None
    duties: str
    requirements: str
    skills: tuple[str, ...]
    pay: Pay | None
    pay_text: str | None
    city: str | None
    district: str | None
    degree_min: Degree | None
    industry: str | None
    kind: Kind

    @property
    def collected_in(self) -> int | None:
        """Return the year the source's name carries ("zhaopin_wuhan2024"), if any."""
        years = re.findall(r"(?<!\d)20\d{2}(?!\d)", self.source)
        return int(years[-1]) if years else None

    @property
    def in_wuhan(self) -> bool:
        """Say whether the work is in the city."""
        return self.city == CITY_NAME


def read_posting(row: Mapping[str, Any], default_source: str) -> RawPosting:
    """Return the posting of a row; raise ``RowRefused`` with the reason."""
    title = mask_contacts(_line(row.get("title")))
    if not title:
        raise NoTitle
    duties, requirements = split_text(_text(row.get("description")), _text(row.get("requirements")))
    if not duties:
        raise NoDuties
    city = city_name(_line(row.get("city")))
    employer = _line(row.get("company")) or None
    if city == CITY_NAME and employer is None:
        raise NoEmployer
    source = _line(row.get("source")) or default_source
    salary = _line(row.get("salary")) or None
    return RawPosting(
        key=_key(source, employer, title, duties, requirements),
        source=source,
        title=title,
        employer=employer,
        duties=mask_contacts(duties),
        requirements=mask_contacts(requirements),
        skills=_skills(row.get("skills")),
        pay=parse_pay(salary),
        pay_text=salary,
        city=city,
        district=district_code(_line(row.get("district"))) if city == CITY_NAME else None,
        degree_min=least_degree(_line(row.get("education"))),
        industry=_line(row.get("industry")) or None,
        kind=guess_kind(title),
    )


def split_text(description: str, requirements: str) -> tuple[str, str]:
    """Return duties and requirements; a mark inside the description parts them where no column did."""
    if requirements and requirements in description:
        description = description[: description.index(requirements)]
        description = _REQUIREMENTS.sub("", description) if _ends_with_mark(description) else description
    elif not requirements and (mark := _REQUIREMENTS.search(description)) and mark.start() > 0:
        description, requirements = description[: mark.start()], description[mark.end() :]
    duties = _DUTIES.sub("", description).strip(" \n:：【[")
    return (duties, requirements.strip()) if duties else (requirements.strip(), "")


def least_degree(text: str) -> Degree | None:
    """Return the lowest degree named; "不限", 高中 and 中专 ask for none."""
    named = [degree for degree, word in _DEGREES if word in text]
    return min(named, key=lambda degree: degree.level, default=None)


def guess_kind(title: str) -> Kind:
    """Tell internships and traineeships by their titles."""
    return next((kind for kind, words in _KINDS if words.search(title)), Kind.JOB)


def _ends_with_mark(text: str) -> bool:
    return any(mark.end() == len(text.rstrip()) for mark in _REQUIREMENTS.finditer(text.rstrip()))


def _line(value: object) -> str:
    """Return a value as one line of text."""
    return " ".join(_text(value).split())[:LONGEST_NAME]


def _text(value: object) -> str:
    """Return a value as text: compatible forms and spaces normalised, markup characters kept as they are."""
    if value is None:
        return ""
    text = unicodedata.normalize("NFC", str(value)).replace("\x00", "")
    return _SPACES.sub(" ", text).strip()[:LONGEST_TEXT]


def _skills(value: object) -> tuple[str, ...]:
    """Return skills from a list, or from words between commas."""
    words = value if isinstance(value, list) else re.split(r"[,，、;；|]", _text(value))
    return tuple(dict.fromkeys(word for one in words if (word := _line(one))))[:MOST_SKILLS]


def _key(*parts: str | None) -> str:
    """Digest what makes a posting the same posting."""
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()
