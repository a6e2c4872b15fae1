"""A resume's text becomes a person's fields, none of them invented, the doubtful ones marked."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.marks import without_marks, without_particulars, without_schools
from webapp.domain.degrees import Degree
from webapp.reading.catalogue import Catalogue
from webapp.reading.contacts import MASK, find_email, find_mobile, mask_contacts
from webapp.reading.education import read_education
from webapp.reading.headings import Part
from webapp.reading.identity import without_identity_numbers
from webapp.reading.names import find_name
from webapp.reading.sections import (
    Episode,
    bare_items,
    plain_lines,
    punctuation_of,
    read_episodes,
    split_parts,
)

_WANTED = re.compile(
    r"(?:求职意向|应聘岗位|期望职位|意向岗位|求职目标|应聘职位|期望岗位)\s*[:：]?\s*([^\s|:：][^\n|]{1,40}?)(?=\s{2,}|\n|\||$)"
)
_TOP = 3


@dataclass(frozen=True)
class ResumeFields:
    """What a resume says; ``doubtful`` names the fields a person should check first."""

    name: str | None
    mobile: str | None
    email: str | None
    degree: Degree | None
    institution: str | None
    institution_code: str | None
    major: str | None
    graduation_on: date | None
    wanted: str | None
    skills: tuple[str, ...]
    experiences: tuple[Episode, ...]
    projects: tuple[Episode, ...]
    certificates: tuple[str, ...]
    doubtful: frozenset[str]


def read_fields(
    text: str, *, catalogue: Catalogue, find_skills: Callable[[str], Iterable[str]] = lambda _: ()
) -> ResumeFields:
    """Read a resume's fields; what the text does not say stays empty."""
    lines = plain_lines(without_identity_numbers(text))
    parts = split_parts(lines)
    name, sure = find_name([*lines[:_TOP], *parts[Part.PERSON]], lines)
    studies = read_education(parts[Part.EDUCATION], lines, catalogue)
    doubtful = {field for field in studies.doubtful if getattr(studies, field)}
    plain = "\n".join(lines)
    written = punctuation_of(text)
    return ResumeFields(
        name=name,
        mobile=find_mobile(plain),
        email=find_email(plain),
        degree=studies.degree,
        institution=studies.institution,
        institution_code=studies.institution_code,
        major=studies.major,
        graduation_on=studies.graduation_on,
        wanted=_wanted(plain, parts[Part.WANTED]),
        skills=tuple(dict.fromkeys(find_skills(plain))),
        experiences=read_episodes(parts[Part.EXPERIENCE], written),
        projects=read_episodes(parts[Part.PROJECTS], written),
        certificates=bare_items(parts[Part.CERTIFICATES]),
        doubtful=frozenset(doubtful if sure or not name else {*doubtful, "name"}),
    )


def redacted(text: str, name: str | None) -> str:
    """Return a resume without name, contacts and what must not count: sex, age, origin, marriage."""
    text = mask_contacts(without_identity_numbers(text))
    if name:
        spread = r"\s{0,3}".join(map(re.escape, name))
        text = re.sub(spread, MASK, text)
    return without_particulars(text)


def _wanted(text: str, part: Sequence[str]) -> str | None:
    """Return the wish as one line; what tells sex, origin or school beside it is no wish."""
    if lines := [line for one in part if (line := _impartial(one))]:
        return "、".join(bare_items(lines[:3])) or None
    match = _WANTED.search(text)
    return _impartial(match[1]) or None if match else None


def _impartial(text: str) -> str:
    return without_schools(without_marks(text)).strip()
