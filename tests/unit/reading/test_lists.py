"""Rows of lists as schools and offices write them, and every way they can be wrong."""

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn import ric

from webapp.domain.degrees import Degree
from webapp.domain.identifiers import CreditCodeInvalid, DocType, IdentityInvalid, credit_code_digit
from webapp.domain.lists import ListKind
from webapp.reading import list_refusals as lists
from webapp.reading.list_columns import HEADERS, NEEDED, ColumnsMissing, columns_of, plain_header
from webapp.reading.lists import read_day, read_record
from webapp.reading.tables import Row, UnreadableTable, read_rows

ON = date(2026, 11, 20)


def numbered(body: str) -> str:
    return body + ric.calc_check_digit(f"{body}0")


def coded(body: str) -> str:
    return body + credit_code_digit(body)


NUMBER, CODE = numbered("42010120030714001"), coded("9142010100000001X")
ROWS = {
    ListKind.INSURANCE: {
        "name": "合成·张三",
        "number": NUMBER,
        "employer": "合成光电有限公司",
        "credit_code": CODE,
        "first_on": "2026年7月",
        "last_on": None,
        "place": "武汉市",
    },
    ListKind.ROLL: {
        "name": "合成·张三",
        "number": NUMBER,
        "school": "武汉大学",
        "degree": "本科毕业",
        "graduation_on": "20260630",
    },
    ListKind.OUTCOMES: {
        "name": "合成·张三",
        "number": NUMBER,
        "school": "4142010486",
        "code": "10",
        "employer": "合成光电有限公司",
        "place": "武汉市洪山区珞喻路",
        "started_on": "2026/7/6",
        "agreement": "2026-001",
        "pay": "8,000",
    },
    ListKind.LICENCES: {
        "name": "合成·张三",
        "number": NUMBER,
        "employer": "合成文创工作室",
        "credit_code": CODE,
        "role": "经营者",
        "status": "存续",
        "founded_on": "2026-05-04 00:00:00",
        "place": "湖北省武汉市江汉区",
    },
    ListKind.FIGURES: {
        "unit": "洪山区",
        "month": "2026-06",
        "value": "1,204",
        "figure": "当月",
        "revision": "2",
        "document": "洪人社〔2026〕8号",
    },
}


def read(kind: ListKind, **changes: object):
    return read_record(kind, {**ROWS[kind], **changes}, ON)


def test_an_insurance_row_is_read_with_its_months():
    row = read(ListKind.INSURANCE)
    assert (row.number, row.doc_type) == (NUMBER, DocType.IDENTITY_CARD)
    assert (row.employer, row.credit_code, row.first_on, row.last_on) == (
        "合成光电有限公司",
        CODE,
        date(2026, 7, 1),
        None,
    )
    assert not row.flexible


def test_the_self_employed_need_no_employer():
    row = read(ListKind.INSURANCE, insured_as="灵活就业人员", employer=None, credit_code=None)
    assert (row.flexible, row.employer) == (True, None)


def test_a_roll_row_names_school_degree_and_day():
    row = read(ListKind.ROLL)
    assert (row.institution_code, row.degree, row.graduation_on) == (
        "4142010486",
        Degree.BACHELOR,
        date(2026, 6, 30),
    )


def test_an_outcome_row_knows_its_place_only_inside_the_city():
    assert (read(ListKind.OUTCOMES).district, read(ListKind.OUTCOMES).pay) == ("420111", 8000)
    assert read(ListKind.OUTCOMES, place="深圳市南山区").district is None


@pytest.mark.parametrize(
    ("written", "code"), [("271", "27"), ("801", "80"), ("81", "80"), ("511", "51"), ("46", "46")]
)
def test_outcome_codes_are_mapped_by_prefix_and_local_code(written: str, code: str):
    assert read(ListKind.OUTCOMES, code=written).code == code


def test_a_licence_row_and_a_figure_are_read():
    assert read(ListKind.LICENCES).founded_on == date(2026, 5, 4)
    figure = read(ListKind.FIGURES)
    assert (figure.unit, figure.month, figure.value, figure.kind, figure.revision) == (
        "420111",
        "2026-06",
        Decimal(1204),
        "monthly",
        2,
    )


@pytest.mark.parametrize(
    ("kind", "changes", "refusal"),
    [
        (ListKind.INSURANCE, {"number": None}, lists.FieldMissing),
        (ListKind.INSURANCE, {"name": " "}, lists.FieldMissing),
        (ListKind.INSURANCE, {"employer": None}, lists.FieldMissing),
        (ListKind.INSURANCE, {"number": "4.20101E+17"}, lists.NumberAsFloat),
        (ListKind.INSURANCE, {"number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, IdentityInvalid),
        (ListKind.INSURANCE, {"number": "420101030714001"}, IdentityInvalid),
        (ListKind.INSURANCE, {"doc_type": "学生证"}, lists.DocumentUnknown),
        (ListKind.INSURANCE, {"first_on": "去年"}, lists.DateUnclear),
        (ListKind.INSURANCE, {"first_on": "2026-13"}, lists.DateUnclear),
        (ListKind.INSURANCE, {"last_on": "2026-06"}, lists.EndsBeforeStart),
        (ListKind.INSURANCE, {"place": "黄石市"}, lists.OtherCity),
        (
            ListKind.INSURANCE,
            {"credit_code": CODE[:-1] + ("0" if CODE[-1] != "0" else "1")},
            CreditCodeInvalid,
        ),
        (ListKind.ROLL, {"school": "不存在的大学"}, lists.SchoolUnknown),
        (ListKind.ROLL, {"degree": "高中"}, lists.DegreeUnknown),
        (ListKind.ROLL, {"graduation_on": "2026-02-30"}, lists.DateUnclear),
        (ListKind.OUTCOMES, {"code": "99"}, lists.CodeUnknown),
        (ListKind.OUTCOMES, {"code": "就业"}, lists.CodeUnknown),
        (ListKind.OUTCOMES, {"pay": "面议"}, lists.NotAFigure),
        (ListKind.LICENCES, {"status": "注销"}, lists.NotAlive),
        (ListKind.LICENCES, {"role": "员工"}, lists.NoRole),
        (ListKind.LICENCES, {"place": "鄂州市"}, lists.OtherCity),
        (ListKind.FIGURES, {"unit": "某某区"}, lists.UnitUnknown),
        (ListKind.FIGURES, {"value": "-1"}, lists.NotAFigure),
        (ListKind.FIGURES, {"value": "1.5"}, lists.NotAFigure),
        (ListKind.FIGURES, {"value": "NaN"}, lists.NotAFigure),
        (ListKind.FIGURES, {"figure": "合计"}, lists.FigureUnclear),
    ],
)
def test_a_row_that_says_nothing_usable_is_refused_by_name(kind: ListKind, changes: dict, refusal: type):
    with pytest.raises(refusal) as refused:
        read(kind, **changes)
    assert NUMBER not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-07", date(2026, 7, 1)),
        ("202607", date(2026, 7, 1)),
        ("2026年7月", date(2026, 7, 1)),
        ("2026/7/6", date(2026, 7, 6)),
        ("20260706", date(2026, 7, 6)),
        ("2026.07.06", date(2026, 7, 6)),
        ("2026年7月6日", date(2026, 7, 6)),
        ("2026-07-06 00:00:00", date(2026, 7, 6)),
        ("2026-07-06T00:00:00", date(2026, 7, 6)),
    ],
)
def test_days_and_months_are_read_as_offices_write_them(text: str, day: date):
    assert read_day(text, "参保起始月") == day


def write(path: Path, lines: Sequence[Sequence[object]]) -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(list(line))
        book.save(path)
    else:
        with path.open("w", encoding="gb18030", newline="") as out:
            csv.writer(out).writerows(lines)
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_list_may_have_a_title_above_its_header_and_columns_nobody_asked_for(tmp_path: Path, suffix: str):
    lines = [
        ["武汉市社会保险参保名单（2026年10月）"],
        [],
        ["序号", "姓 名", "公民身份号码（必填）", "参保单位", "参保起始年月", "参保地"],
        ["1", "合成·张三", NUMBER, "合成光电有限公司", "2026-07", "武汉市"],
    ]
    path = write(tmp_path / f"list.{suffix}", lines)
    (row,) = read_rows(path, columns_of(ListKind.INSURANCE, path.name))
    assert row.number == 4
    assert read_record(ListKind.INSURANCE, row.fields or {}, ON).name == "合成·张三"


def test_a_list_that_lacks_columns_is_refused_with_their_names(tmp_path: Path):
    path = write(tmp_path / "list.csv", [["姓名", "身份证号", "参保地"], ["合成·张三", NUMBER, "武汉市"]])
    with pytest.raises(ColumnsMissing, match="单位名称、参保起始月"):
        list(read_rows(path, columns_of(ListKind.INSURANCE, path.name)))


def test_a_file_without_any_header_is_no_list(tmp_path: Path):
    path = write(tmp_path / "list.csv", [["a", "b"]] * 30)
    with pytest.raises(UnreadableTable):
        list(read_rows(path, columns_of(ListKind.ROLL, path.name)))


def test_no_header_stands_for_two_columns():
    known = [header for headers in HEADERS.values() for header in headers]
    assert len(known) == len(set(known))
    assert all(plain_header(header) == header for header in known)
    assert all(column in HEADERS for columns in NEEDED.values() for column in columns)


def test_a_row_number_is_the_line_a_spreadsheet_shows(tmp_path: Path):
    path = write(
        tmp_path / "l.csv",
        [["填报单位", "月份", "人数", "口径", "版次", "文号"], ["洪山区", "2026-06", "1", "当月", "1", "a"]],
    )
    rows: list[Row] = list(read_rows(path, columns_of(ListKind.FIGURES, path.name)))
    assert [row.number for row in rows] == [2]
