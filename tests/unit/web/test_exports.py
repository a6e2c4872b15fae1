import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from webapp.ui.exports import BOM, as_csv, as_xlsx, harmless
from webapp.ui.tables import Column, Shown

COLUMNS = [
    Column("name", "单位"),
    Column("count", "人数", Shown.NUMBER),
    Column("small", "小计", Shown.SMALL),
    Column("day", "日期", Shown.DATE),
]
ROWS = [
    {"name": "=HYPERLINK(1)", "count": 1234, "small": 3, "day": date(2026, 6, 30)},
    {"name": "光谷", "count": -5, "small": 12, "day": None},
]


@pytest.mark.parametrize(
    "start", ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", " =1", "　＝1", "\x00=1"]
)
def test_text_that_could_run_as_a_formula_is_quoted(start):
    assert harmless(start).startswith("'")


@pytest.mark.parametrize("text", ["光谷", "a=b", "3.5 万", ""])
def test_harmless_text_is_left_alone(text):
    assert harmless(text) == text


def test_a_csv_opens_in_excel_and_keeps_numbers_typed(chinese):
    answer = as_csv(COLUMNS, ROWS, name="各区人数")
    text = answer.get_data(as_text=True)
    assert text.startswith(BOM)
    assert list(csv.reader(StringIO(text.removeprefix(BOM)))) == [
        ["单位", "人数", "小计", "日期"],
        ["'=HYPERLINK(1)", "1234", "＜5", "2026-06-30"],
        ["光谷", "-5", "12", ""],
    ]
    assert "filename*=UTF-8''%E5%90%84" in answer.headers["Content-Disposition"]


def test_a_workbook_holds_numbers_and_dates_not_their_spelling(chinese):
    sheet = load_workbook(BytesIO(as_xlsx(COLUMNS, ROWS, name="x").get_data())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][:3] == ("'=HYPERLINK(1)", 1234, "＜5")
    assert rows[1][3].date() == date(2026, 6, 30)
    assert sheet.freeze_panes == "A2"


def test_a_share_is_a_percentage_in_the_workbook_and_short_in_the_csv():
    columns = [Column("share", "占比", Shown.PERCENT)]
    rows = [{"share": 9 / 61}, {"share": None}]
    sheet = load_workbook(BytesIO(as_xlsx(columns, rows, name="x").get_data())).active
    assert (sheet["A2"].value, sheet["A2"].number_format) == (0.1475, "0.0%")
    answer = as_csv(columns, rows, name="x")
    assert "0.1475" in answer.get_data(as_text=True).splitlines()
    assert answer.content_type == "text/csv; charset=utf-8"
