"""A report as a workbook: one sheet a table, figures as figures, bars where the report has them."""

import io
import re
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from webapp.reports.document import Cell, Column, Document, Shown, Table

FORMATS = {Shown.NUMBER: "#,##0", Shown.PERCENT: "0.0%", Shown.DECIMAL: "#,##0.00", Shown.TEXT: "@"}
FIRST_LINE = 3
"""Row of the headings on a table's sheet; its title stands above."""
WIDEST = 46
MANY = 6
"""A sheet of more columns is printed on its side."""
_ODD = re.compile(r"[\[\]:*?/\\]")


def as_xlsx(document: Document) -> bytes:
    """Return the workbook as openpyxl writes it; the caller takes its times out."""
    book = Workbook()
    _cover(book.active, document)
    for table in document.tables:
        _sheet(book.create_sheet(_ODD.sub("", f"{table.name} {table.title}")[:31]), table)
    book.properties.title, book.properties.creator = document.title, "学子留汉"
    book.properties.identifier = document.snapshot
    book.properties.created = datetime.fromisoformat(document.as_of)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cover(sheet: Any, document: Document) -> None:
    sheet.title = "说明"
    sheet.column_dimensions["A"].width = 110
    lines = [
        (document.title, True),
        (document.subtitle, False),
        ("".join(document.reading), False),
        ("平台不知道的", True),
        *((one, False) for one in document.unknown),
        ("怎样得出", True),
        *((one, False) for one in document.method),
        ("出处", True),
        *((one, False) for one in document.foot),
    ]
    for place, (text, bold) in enumerate(lines, start=1):
        cell = sheet.cell(place, 1, text)
        cell.font, cell.alignment = _font(bold=bold), Alignment(wrap_text=True, vertical="top")
    _on_paper(sheet)


def _sheet(sheet: Any, table: Table) -> None:
    sheet.cell(1, 1, f"{table.name}　{table.title}").font = _font(bold=True)
    sheet.cell(2, 1, f"{table.note}（n = {table.rests_on}，表摘要 {table.digest}）").font = _font(bold=False)
    for place, column in enumerate(table.columns, start=1):
        heading = sheet.cell(FIRST_LINE, place, column.heading)
        heading.font, heading.alignment = _font(bold=True), Alignment(wrap_text=True)
        texts = [column.heading, *(column.text(row.cells[place - 1]) for row in table.lines)]
        width = max(sum(2 if ord(sign) > ord("ÿ") else 1 for sign in text) for text in texts)
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, width + 2)
    for number, row in enumerate(table.lines, start=FIRST_LINE + 1):
        for place, (column, value) in enumerate(zip(table.columns, row.cells, strict=True), start=1):
            _cell(sheet.cell(number, place), column, value, bold=row is table.total)
    _bars(sheet, table)
    sheet.freeze_panes = sheet.cell(FIRST_LINE + 1, 2)
    sheet.print_title_rows = f"{FIRST_LINE}:{FIRST_LINE}"
    _on_paper(sheet)


def _cell(cell: Any, column: Column, value: Cell, *, bold: bool) -> None:
    figure = isinstance(value, (int, float))
    cell.value = value if figure else column.text(value)
    cell.data_type = "n" if figure else "s"
    cell.number_format = FORMATS[column.shown if figure else Shown.TEXT]
    cell.font = _font(bold=bold)
    if column.numeric:
        cell.alignment = Alignment(horizontal="right")


def _bars(sheet: Any, table: Table) -> None:
    last = FIRST_LINE + len(table.rows)
    for place, column in enumerate(table.columns, start=1):
        if column.bar and table.rows:
            letter = get_column_letter(place)
            rule = DataBarRule(  # type: ignore[no-untyped-call]
                "num", 0, "max", None, color="FF8FB8D6", showValue=True
            )
            sheet.conditional_formatting.add(f"{letter}{FIRST_LINE + 1}:{letter}{last}", rule)


def _font(*, bold: bool) -> Font:
    return Font(name="黑体" if bold else "宋体", size=10.5, bold=bold)


def _on_paper(sheet: Any) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if sheet.max_column > MANY else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
