"""Tables as files: safe to open in a spreadsheet, with numbers as numbers."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from webapp.domain.dates import CITY
from webapp.ui import filters
from webapp.ui.tables import Column, Shown

BOM = "\ufeff"
"""Without it Excel reads a UTF-8 file as GBK and shows noise."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that starts so may run as a formula (OWASP, CSV injection), full-width signs too."""
SHARE_DIGITS = 4
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(columns: Sequence[Column], rows: Iterable[Any], *, name: str) -> Response:
    """Return rows as a CSV file for download."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(column.heading) for column in columns])
    writer.writerows([cell(column, row) for column in columns] for row in rows)
    return _download(BOM + text.getvalue(), "text/csv", f"{name}.csv")


def as_xlsx(columns: Sequence[Column], rows: Iterable[Any], *, name: str) -> Response:
    """Return rows as a workbook for download, the heading row fixed and in bold."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    headings = [WriteOnlyCell(sheet, value=harmless(column.heading)) for column in columns]
    for heading in headings:
        heading.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([_formatted(sheet, column, row) for column in columns])
    content = BytesIO()
    book.save(content)
    return _download(content.getvalue(), XLSX, f"{name}.xlsx")


def cell(column: Column, row: Any) -> Any:
    """Return what a spreadsheet keeps of a value: numbers and dates typed, text made harmless."""
    value = column.value(row)
    if value is None:
        return ""
    if column.shown is Shown.SMALL:
        shown = filters.small(value)
        return value if shown == f"{value:,}" else shown
    if isinstance(value, datetime):
        return f"{value.astimezone(CITY):%Y-%m-%d %H:%M}"
    if isinstance(value, Enum):
        return harmless(filters.label(value))
    if isinstance(value, (int, float, date)):
        return round(value, SHARE_DIGITS) if isinstance(value, float) else value
    return harmless(str(value))


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, without control characters."""
    clean = "".join(sign for sign in text if sign in "\t\n\r" or ord(sign) >= ord(" "))
    return f"'{clean}" if clean.lstrip(" \u3000").startswith(FORMULA) else clean


def _formatted(sheet: Any, column: Column, row: Any) -> Any:
    """Return a cell that a spreadsheet shows as the page does."""
    value = cell(column, row)
    if column.shown is not Shown.PERCENT or value == "":
        return value
    share = WriteOnlyCell(sheet, value=value)
    share.number_format = "0.0%"
    return share


def _download(content: str | bytes, mimetype: str, filename: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(filename)}"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
