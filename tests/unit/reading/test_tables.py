"""Rows of files people export, in the kinds and encodings they export them."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from webapp.reading.tables import UnreadableTable, read_rows

ROWS = [{"title": "数据分析师", "company": "某公司"}, {"title": "会计", "company": "另一家"}]


def json_lines(path: Path) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")


def gzipped(path: Path) -> None:
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))


def csv_in(encoding: str) -> Callable[[Path], None]:
    text = "Title, company\n数据分析师,某公司\n会计,另一家\n"
    return lambda path: path.write_bytes(text.encode(encoding)) and None


def xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["title", "company"], *([one["title"], one["company"]] for one in ROWS)):
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(
    ("write", "first"),
    [(json_lines, 1), (gzipped, 1), (csv_in("utf-8-sig"), 2), (csv_in("gb18030"), 2), (xlsx, 2)],
    ids=["json lines", "gzip", "csv", "csv of Windows", "xlsx"],
)
def test_every_kind_of_file_gives_the_same_rows(
    tmp_path: Path, write: Callable[[Path], None], first: int
) -> None:
    path = tmp_path / "postings"
    write(path)
    rows = list(read_rows(path))
    assert [row.fields for row in rows] == ROWS
    assert [row.number for row in rows] == [first, first + 1]


def test_a_broken_line_is_a_problem_of_its_own_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "会计"}\n{"title": \n[1]\n\n{"title": "护士"}\n', encoding="utf-8")
    rows = list(read_rows(path))
    assert [(row.number, row.problem) for row in rows if row.problem] == [
        (2, "这一行不是完整的 JSON"),
        (3, "这一行不是一条记录"),
    ]
    assert [row.fields for row in rows if row.fields] == [{"title": "会计"}, {"title": "护士"}]


def test_too_many_cells_are_a_problem_and_empty_cells_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,company\n会计,\n护士,医院,多余\n,\n", encoding="utf-8")
    rows = list(read_rows(path))
    assert [(row.number, row.fields) for row in rows] == [(2, {"title": "会计", "company": None}), (3, None)]
    assert rows[1].problem == "这一行的列数比表头多"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04broken", b"\x00\x01\x02", b"a,b\n1,2\n"])
def test_a_file_that_is_no_table_of_postings_says_what_to_give(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable, match="请提供 JSON Lines"):
        list(read_rows(path))


def test_a_long_file_needs_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(20_000):
            file.write(json.dumps({"title": f"岗位{number}", "description": "写代码" * 40}) + "\n")
    tracemalloc.start()
    assert sum(1 for _ in read_rows(path)) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000 < path.stat().st_size
