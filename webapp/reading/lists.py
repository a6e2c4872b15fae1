"""Rows of others' lists become records, or one sentence why they cannot."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from webapp.domain.catalogues import institution_by_name, institutions
from webapp.domain.degrees import Degree
from webapp.domain.errors import PlatformError
from webapp.domain.identifiers import LABELS as DOCUMENTS
from webapp.domain.identifiers import DocType, check_credit_code, check_identity
from webapp.domain.lists import ListKind, ListRowRefused
from webapp.domain.places import CITY_NAME, district_code
from webapp.domain.programme import outcome_code, units
from webapp.domain.words import N_
from webapp.reading.postings import least_degree
from webapp.reading.tables import Fields

HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "毕业生姓名", "法定代表人", "法定代表人（经营者）"),
    "number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "社会保障号码", "社会保障号"),
    "doc_type": ("证件类型", "证件种类"),
    "employer": ("单位名称", "用人单位", "参保单位", "就业单位名称", "企业名称", "升学院校或单位名称"),
    "credit_code": ("统一社会信用代码", "单位统一社会信用代码", "信用代码"),
    "insured_as": ("参保类型", "人员类别", "参保身份"),
    "first_on": ("参保起始月", "参保开始日期", "参保日期", "参保起始年月"),
    "last_on": ("停保月", "参保终止月", "停保日期", "参保截止年月"),
    "place": ("参保地", "单位所在地", "工作地点", "住所", "经营场所", "单位地址"),
    "school": ("学校", "学校名称", "院校", "毕业院校", "学校代码", "学校标识码"),
    "major": ("专业", "专业名称"),
    "degree": ("学历", "学历层次", "层次"),
    "graduation_on": ("毕业日期", "毕业时间"),
    "code": ("毕业去向代码", "去向代码", "毕业去向类别代码", "毕业去向"),
    "started_on": ("就业起始日期", "报到日期", "入职日期", "起始日期"),
    "agreement": ("协议书编号", "网签协议编号", "就业协议编号"),
    "pay": ("月薪", "薪酬", "税前月薪"),
    "role": ("人员身份", "职务", "投资身份"),
    "status": ("登记状态", "经营状态", "企业状态"),
    "founded_on": ("成立日期", "注册日期"),
    "unit": ("填报单位", "区", "单位代码"),
    "month": ("月份", "统计月份"),
    "value": ("数值", "人数", "留汉人数"),
    "figure": ("口径", "数据口径"),
    "revision": ("版次", "修订号"),
    "document": ("文号", "依据文件"),
}
"""Headers under which each column is known; a list may have others besides."""

NEEDED: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.INSURANCE: ("name", "number", "employer", "first_on", "place"),
    ListKind.ROLL: ("name", "number", "school", "degree", "graduation_on"),
    ListKind.OUTCOMES: ("name", "number", "school", "code"),
    ListKind.LICENCES: ("name", "number", "employer", "credit_code", "role", "status", "founded_on", "place"),
    ListKind.FIGURES: ("unit", "month", "value", "figure", "revision", "document"),
}
"""Columns without which a list of a kind is not one."""

FLEXIBLE = "灵活就业"
ROLES = frozenset({"法定代表人", "股东", "合伙人", "经营者", "投资人", "负责人"})
ALIVE = frozenset({"存续", "在营", "开业", "在册", "正常", "存续（在营、开业、在册）"})
MONTHLY, CUMULATIVE = "monthly", "cumulative"
_FIGURES = {"当月": MONTHLY, "月度": MONTHLY, "累计": CUMULATIVE}
_DAY = re.compile(
    r"((?:19|20)\d{2})(?:(\d{2})(\d{2})?|[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?月?日?)(?:[ T].*)?", re.DOTALL
)
_NUMBER_AS_FLOAT = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_UNITS = {unit.name: unit.code for unit in units().values()}
_DOCUMENTS = {label: kind for kind, label in DOCUMENTS.items()} | {
    "身份证": DocType.IDENTITY_CARD, "护照": DocType.PASSPORT, "港澳台居民居住证": DocType.RESIDENCE_PERMIT,
}  # fmt: skip


class ColumnsMissing(PlatformError):
    """A table that is not the list it was said to be."""

    message = N_("%(name)s 的表头里缺少：%(missing)s。请对照模板补上这些列，再重新导入。")


class FieldMissing(ListRowRefused):
    """An empty cell that is needed."""

    message = N_("“%(column)s”没有填写")


class DateUnclear(ListRowRefused):
    """A cell that is no date."""

    message = N_("“%(column)s”不是日期：%(text)s。请写成 2026-07-01 或 2026-07")


class NumberAsFloat(ListRowRefused):
    """A spreadsheet has turned an identity number into a number and lost its last digits."""

    message = N_("证件号码被表格软件改成了数字，后几位已丢失。请把这一列设为文本后重新导出")


class DocumentUnknown(ListRowRefused):
    """A kind of document that is not in the table."""

    message = N_("证件类型“%(text)s”不在代码表中")


class SchoolUnknown(ListRowRefused):
    """A school that is not in the ministry's list."""

    message = N_("学校“%(text)s”不在教育部名单中，请核对名称或 10 位标识码")


class DegreeUnknown(ListRowRefused):
    """A degree that is not in the table."""

    message = N_("学历“%(text)s”不在代码表中")


class CodeUnknown(ListRowRefused):
    """An outcome code is never guessed."""

    message = N_("毕业去向代码“%(text)s”不在代码表中，不作猜测，请更正")


class UnitUnknown(ListRowRefused):
    """A reporting unit that is not in the table."""

    message = N_("填报单位“%(text)s”不在 16 个填报单位中")


class NotAFigure(ListRowRefused):
    """A number that cannot be one of people."""

    message = N_("“%(column)s”应为不小于零的整数：%(text)s")


class FigureUnclear(ListRowRefused):
    """Neither of a month nor of all months."""

    message = N_("“口径”应为“当月”或“累计”：%(text)s")


class OtherCity(ListRowRefused):
    """A record of another city proves nothing here."""

    message = N_("地点不在武汉：%(text)s")


class NotAlive(ListRowRefused):
    """A business that does not operate."""

    message = N_("登记状态为“%(text)s”，不是在营企业")


class NoRole(ListRowRefused):
    """Somebody who only works in the business."""

    message = N_("人员身份“%(text)s”不是法定代表人、股东、合伙人或经营者")


class EndsBeforeStart(ListRowRefused):
    """Insurance that ends before it begins."""

    message = N_("停保月早于参保起始月")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person as a list names them; the number is only used to compute the key."""

    name: str
    doc_type: DocType
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
    """A row of a 去向登记 export; ``district`` is missing where the work is not in Wuhan."""

    institution_code: str
    code: str
    employer: str | None
    credit_code: str | None
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


def columns_of(kind: ListKind, name: str) -> Callable[[Sequence[str]], Sequence[str] | None]:
    """Return what turns a line of a table into our names of its columns, ``None`` where it is no header."""
    known = {header: column for column, headers in HEADERS.items() for header in headers}

    def read(cells: Sequence[str]) -> Sequence[str] | None:
        found = [known.get(plain_header(cell), "") for cell in cells]
        missing = [HEADERS[column][0] for column in NEEDED[kind] if column not in found]
        if not missing:
            return found
        if len(missing) < len(NEEDED[kind]) and sum(map(bool, found)) > 1:
            raise ColumnsMissing(name=name, missing="、".join(missing))
        return None

    return read


def read_record(kind: ListKind, row: Fields, on: date) -> Record:
    """Return the record of a row; raise :class:`PlatformError` with the reason."""
    return _READERS[kind](row, on)


def plain_header(cell: str) -> str:
    """Return a header as it is compared: half-width, no spaces, no remark in brackets behind it."""
    text = "".join(unicodedata.normalize("NFKC", cell).split()).strip("*:：﻿")
    return re.sub(r"\((?!经营者).*\)$", "", text).replace("(", "（").replace(")", "）")


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
        **_named(row, on),  # type: ignore[arg-type]
        institution_code=_school(row),
        code=known.code,
        employer=_cell(row, "employer") or None,
        credit_code=check_credit_code(code) if code else None,
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
