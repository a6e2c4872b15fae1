"""Rows of a JSON Lines, CSV or XLSX file, one at a time: a file of any length needs the same memory."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import openpyxl

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

LONGEST_LINE = 1_000_000
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"

Fields = Mapping[str, Any]
Columns = Callable[[Sequence[str]], Sequence[str] | None]
MOST_LINES_ABOVE = 10
"""Lines of titles and remarks a header may have above it."""


class UnreadableTable(PlatformError):
    """The file is none of the kinds an import reads."""

    message = N_(
        "%(name)s 不是可以导入的表格。请提供 JSON Lines（可用 gzip 压缩）、CSV 或 XLSX 文件，第一行是列名。"
    )


class Row(NamedTuple):
    """A row by its number in the file: its fields, or why it could not be read."""

    number: int
    fields: Fields | None
    problem: str | None = None


def read_rows(path: Path, columns: Columns | None = None) -> Iterator[Row]:
    """Yield the rows of a file; the kind is told by the content, numbers count from 1.

    ``columns`` turns the line of headers into names and answers ``None`` for a line above it.
    """
    columns = columns or _posting_columns
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(0)
        if head.startswith(_ZIP):
            yield from _xlsx(file, path.name, columns)
        elif head.startswith(_GZIP):
            with gzip.open(file) as unpacked:
                yield from _lines(cast("BinaryIO", unpacked), path.name, columns)
        else:
            yield from _lines(file, path.name, columns)


def _lines(file: BinaryIO, name: str, columns: Columns) -> Iterator[Row]:
    """Tell JSON Lines from CSV by the first character."""
    text = io.BufferedReader(cast("io.RawIOBase", file))
    head = text.peek(4096)[:4096]
    if b"\x00" in head or not head.strip():
        raise UnreadableTable(name=name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        yield from _json_lines(text)
    else:
        yield from _csv(text, _encoding(head), name, columns)


def _json_lines(file: BinaryIO) -> Iterator[Row]:
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row:
    """Read one line of JSON Lines."""
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Row(number, None, N_("这一行不是完整的 JSON"))
    return Row(number, fields) if isinstance(fields, dict) else Row(number, None, N_("这一行不是一条记录"))


def _encoding(head: bytes) -> str:
    """Tell UTF-8 from GB18030; a character cut at the end of ``head`` is not held against it."""
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _csv(file: BinaryIO, encoding: str, name: str, columns: Columns) -> Iterator[Row]:
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    yield from _table(csv.reader(text), name, columns)


def _xlsx(file: BinaryIO, name: str, columns: Columns) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as broken:
        raise UnreadableTable(name=name) from broken
    sheet = book.worksheets[0]
    lines = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
    yield from _table(lines, name, columns)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _table(rows: Iterator[list[str]], name: str, columns: Columns) -> Iterator[Row]:
    """Give rows below the header its columns' names; empty cells are missing values."""
    header: Sequence[str] | None = None
    for number, cells in _numbered(rows):
        if header is None:
            header = columns(cells or [])
            if header is None and number >= MOST_LINES_ABOVE:
                raise UnreadableTable(name=name)
        elif cells is None:
            yield Row(number, None, N_("这一行太长或引号不成对"))
        elif len(cells) > len(header) and any(cells[len(header) :]):
            yield Row(number, None, N_("这一行的列数比表头多"))
        elif any(cells):
            yield Row(number, {column: cell or None for column, cell in zip(header, cells, strict=False)})
    if header is None:
        raise UnreadableTable(name=name)


def _posting_columns(cells: Sequence[str]) -> Sequence[str] | None:
    header = [column.strip().lower() for column in cells]
    return header if "title" in header else None


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield lines numbered from 1; ``None`` stands for one that cannot be read."""
    read: Callable[[], list[str]] = rows.__next__
    number = 0
    while True:
        number += 1
        try:
            yield number, read()
        except StopIteration:
            return
        except csv.Error:
            yield number, None
