"""Rows of others' lists become records, or one sentence why they cannot."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from webapp.domain.catalogues import institution_by_name, institutions
from webapp.domain.degrees import Degree
from webapp.domain.identifiers import LABELS as DOCUMENTS
from webapp.domain.identifiers import DocType, IdentityInvalid, check_credit_code, check_identity
from webapp.domain.lists import ListKind
from webapp.domain.places import CITY_NAME, district_code
from webapp.domain.programme import outcome_code, units
from webapp.reading.list_columns import HEADERS
from webapp.reading.list_refusals import (
    CodeUnknown,
    DateUnclear,
    DegreeUnknown,
    DocumentUnknown,
    EndsBeforeStart,
    FieldMissing,
    FigureUnclear,
    NoRole,
    NotAFigure,
    NotAlive,
    NumberAsFloat,
    OtherCity,
    SchoolUnknown,
    UnitUnknown,
)
from webapp.reading.postings import least_degree
from webapp.reading.tables import Fields

FLEXIBLE = "灵活就业"
PERSON_KEY = "平台人员代码"
"""The kind of document in lists the platform has made: it keeps no identity numbers."""
ROLES = frozenset({"法定代表人", "股东", "合伙人", "经营者", "投资人", "负责人"})
ALIVE = frozenset({"存续", "在营", "开业", "在册", "正常", "存续（在营、开业、在册）"})
MONTHLY, CUMULATIVE = "monthly", "cumulative"
_FIGURES = {"当月": MONTHLY, "月度": MONTHLY, "累计": CUMULATIVE}
_DAY = re.compile(
    r"((?:19|20)\d{2})(?:(\d{2})(\d{2})?|[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?月?日?)(?:[ T].*)?", re.DOTALL
)
_NUMBER_AS_FLOAT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_KEY = re.compile(r"[0-9a-f]{64}")
_UNITS = {unit.name: unit.code for unit in units().values()}
_DOCUMENTS = {label: kind for kind, label in DOCUMENTS.items()} | {
    "身份证": DocType.IDENTITY_CARD, "护照": DocType.PASSPORT, "港澳台居民居住证": DocType.RESIDENCE_PERMIT,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as a list names them; the number is only used to compute the key.

    Without a kind of document the number is the platform's own key of a person, from a list it has made.
    """

    name: str
    doc_type: DocType | None
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured(Named):
    """A row of a social-insurance list."""

    employer: str | None
    credit_code: str | None
    first_on: date
    last_on: date | None
    flexible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Named):
    """A row of a school's graduation roll."""

    institution_code: str
    major: str | None
    degree: Degree
    graduation_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Named):
    """A row of a 去向登记 export; ``district`` is missing where the work is not in Wuhan.

    ``code`` is the ministry's; ``said_code`` and ``place`` are what the row says.
    """

    institution_code: str
    code: str
    said_code: str
    employer: str | None
    credit_code: str | None
    place: str | None
    district: str | None
    started_on: date | None
    agreement: str | None
    pay: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed(Named):
    """A row of a list of business licences."""

    employer: str
    credit_code: str
    founded_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A reported figure of a unit and month; later revisions replace earlier ones, none is lost."""

    unit: str
    month: str
    value: Decimal
    kind: str
    revision: int
    document: str


Record = Insured | Enrolled | Registered | Licensed | Figure


def read_record(kind: ListKind, row: Fields, on: date) -> Record:
    """Return the record of a row; raise :class:`PlatformError` with the reason."""
    return _READERS[kind](row, on)


def read_day(text: str, column: str) -> date:
    """Return a date; a month stands for its first day."""
    match = _DAY.fullmatch(text)
    try:
        year, month, day = (match[1], match[2] or match[4], match[3] or match[5] or 1) if match else (0, 0, 0)
        return date(int(year), int(month), int(day))
    except ValueError as unclear:
        raise DateUnclear(column=column, text=text[:20]) from unclear


def _named(row: Fields, on: date) -> Mapping[str, object]:
    number = _need(row, "number")
    if _NUMBER_AS_FLOAT.fullmatch(number):
        raise NumberAsFloat
    said = _cell(row, "doc_type")
    kind = _DOCUMENTS.get(said) if said else DocType.IDENTITY_CARD
    if kind is None:
        raise DocumentUnknown(text=said)
    return {"name": _need(row, "name"), "doc_type": kind, "number": check_identity(kind, number, on=on)}


def _keyed(row: Fields) -> Mapping[str, object] | None:
    """Return a person by the platform's key, where a list the platform has made names them so."""
    if _cell(row, "doc_type") != PERSON_KEY:
        return None
    number = _need(row, "number")
    if not _KEY.fullmatch(number):
        raise IdentityInvalid
    return {"name": _need(row, "name"), "doc_type": None, "number": number}


def _insured(row: Fields, on: date) -> Insured:
    _in_city(row)
    first_on, last = read_day(_need(row, "first_on"), HEADERS["first_on"][0]), _cell(row, "last_on")
    last_on = read_day(last, HEADERS["last_on"][0]) if last else None
    if last_on and last_on < first_on:
        raise EndsBeforeStart
    flexible = FLEXIBLE in _cell(row, "insured_as")
    code = _cell(row, "credit_code")
    return Insured(
        **_named(row, on),  # type: ignore[arg-type]
        employer=_cell(row, "employer") or None if flexible else _need(row, "employer"),
        credit_code=check_credit_code(code) if code else None,
        first_on=first_on,
        last_on=last_on,
        flexible=flexible,
    )


def _enrolled(row: Fields, on: date) -> Enrolled:
    text = _need(row, "degree")
    degree = least_degree(text)
    if degree is None:
        raise DegreeUnknown(text=text)
    return Enrolled(
        **_named(row, on),  # type: ignore[arg-type]
        institution_code=_school(row),
        major=_cell(row, "major") or None,
        degree=degree,
        graduation_on=read_day(_need(row, "graduation_on"), HEADERS["graduation_on"][0]),
    )


def _registered(row: Fields, on: date) -> Registered:
    text = _need(row, "code")
    known = outcome_code(text)
    if known is None:
        raise CodeUnknown(text=text)
    started, code, pay = _cell(row, "started_on"), _cell(row, "credit_code"), _cell(row, "pay")
    place = _cell(row, "place")
    return Registered(
        **(_keyed(row) or _named(row, on)),  # type: ignore[arg-type]
        institution_code=_school(row),
        code=known.code,
        said_code=text,
        employer=_cell(row, "employer") or None,
        credit_code=check_credit_code(code) if code else None,
        place=place or None,
        district=district_code(place) if CITY_NAME in place else None,
        started_on=read_day(started, HEADERS["started_on"][0]) if started else None,
        agreement=_cell(row, "agreement") or None,
        pay=_whole(pay, "pay") if pay else None,
    )


def _licensed(row: Fields, on: date) -> Licensed:
    _in_city(row)
    status, role = _need(row, "status"), _need(row, "role")
    if status not in ALIVE:
        raise NotAlive(text=status)
    if role not in ROLES:
        raise NoRole(text=role)
    return Licensed(
        **_named(row, on),  # type: ignore[arg-type]
        employer=_need(row, "employer"),
        credit_code=check_credit_code(_need(row, "credit_code")),
        founded_on=read_day(_need(row, "founded_on"), HEADERS["founded_on"][0]),
    )


def _figure(row: Fields, on: date) -> Figure:  # noqa: ARG001 - one signature for every kind of list
    unit, said = _need(row, "unit"), _need(row, "figure")
    code = unit if unit in units() else _UNITS.get(unit)
    if code is None:
        raise UnitUnknown(text=unit)
    if said not in _FIGURES:
        raise FigureUnclear(text=said)
    return Figure(
        unit=code,
        month=f"{read_day(_need(row, 'month'), HEADERS['month'][0]):%Y-%m}",
        value=Decimal(_whole(_need(row, "value"), "value")),
        kind=_FIGURES[said],
        revision=_whole(_need(row, "revision"), "revision"),
        document=_need(row, "document"),
    )


_READERS: Mapping[ListKind, Callable[[Fields, date], Record]] = {
    ListKind.INSURANCE: _insured,
    ListKind.ROLL: _enrolled,
    ListKind.OUTCOMES: _registered,
    ListKind.LICENCES: _licensed,
    ListKind.FIGURES: _figure,
}


def _cell(row: Fields, column: str) -> str:
    return str(row.get(column) or "").strip()


def _need(row: Fields, column: str) -> str:
    text = _cell(row, column)
    if not text:
        raise FieldMissing(column=HEADERS[column][0])
    return text


def _in_city(row: Fields) -> None:
    place = _need(row, "place")
    if CITY_NAME not in place:
        raise OtherCity(text=place[:20])


def _school(row: Fields) -> str:
    text = _need(row, "school")
    known = institutions().get(text) or institution_by_name(text)
    if known is None:
        raise SchoolUnknown(text=text[:30])
    return known.code


def _whole(text: str, column: str) -> int:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as unclear:
        raise NotAFigure(column=HEADERS[column][0], text=text[:20]) from unclear
    if not number.is_finite() or number < 0 or number != number.to_integral_value():
        raise NotAFigure(column=HEADERS[column][0], text=text[:20])
    return int(number)
