"""The four kinds of files: opened again they say what the document says, and they are the same each time."""

import dataclasses
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile

import docx
import openpyxl
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from tests.snapshots import make_content, make_snapshot
from webapp.reports.document import Column, Edition, Row, Shown, Table
from webapp.reports.files import file_name, formats
from webapp.reports.html import article
from webapp.reports.names import REPORTS, write
from webapp.reports.pdf import FILES, FONTS
from webapp.settings import ROOT

KINDS = ("html", "docx", "xlsx", "pdf")
SCRIPT = """
import hashlib, json, sys
from webapp.reports.files import formats
from webapp.reports.names import REPORTS, write
from webapp.reports.snapshot import read
snapshot = read("1" * 16, sys.stdin.read())
made = {f"{name}.{kind}": hashlib.sha256(one.render(write(name, snapshot))).hexdigest()
        for name in REPORTS for kind, one in formats().items()}
print(json.dumps(made))
"""


def made(name, kind, edition=Edition.INTERNAL):
    document = write(name, make_snapshot(), edition)
    return document, formats()[kind].render(document)


def digests(seed):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(make_content()),
        env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "TZ": ["UTC", "Asia/Shanghai"][seed]},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_other_processes_make_the_same_bytes():
    first, second = digests(0), digests(1)
    assert len(first) == len(REPORTS) * len(KINDS)
    assert first == second
    assert len(set(first.values())) == len(first)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_made_again_is_the_same_and_another_snapshot_is_not(kind):
    once, again = (made("situation", kind)[1] for _turn in range(2))
    other = formats()[kind].render(write("situation", make_snapshot(2), Edition.INTERNAL))
    assert hashlib.sha256(once).digest() == hashlib.sha256(again).digest()
    assert once != other


@pytest.mark.parametrize("name", REPORTS)
def test_html_says_what_the_document_says(name):
    document, content = made(name, "html")
    page = BeautifulSoup(content, "html.parser")
    assert page.h1.text == document.title
    for table, shown in zip(document.tables, page.find_all("table"), strict=True):
        rows = [row for part in (shown.tbody, shown.tfoot) if part for row in part.find_all("tr")]
        if table.lines:
            cells = [row.find_all(["th", "td"]) for row in rows]
            texts = [[one.get_text() for one in row if one.get("class") != ["bars"]] for row in cells]
            assert texts == [
                [column.text(cell) for column, cell in zip(table.columns, row.cells, strict=True)]
                for row in table.lines
            ]
    assert not page.find_all("script")


@pytest.mark.parametrize("rows", [[], [Row(("洪山区", 3))]])
def test_a_html_table_is_as_wide_in_every_line_and_its_headings_stand_over_their_figures(rows):
    columns = [Column("区", Shown.TEXT), Column("人数", bar=True)]
    document = dataclasses.replace(
        write("students", make_snapshot()), tables=[Table("各区", columns, rows, (), 3)]
    )
    lines = [line.find_all(["th", "td"]) for line in BeautifulSoup(article(document), "html.parser")("tr")]
    assert {sum(int(one.get("colspan", 1)) for one in line) for line in lines} == {3}
    assert [one.get("class") for one in lines[0]] == [[], ["num"], ["bars"]]


@pytest.mark.parametrize("name", REPORTS)
def test_docx_says_what_the_document_says(name):
    document, content = made(name, "docx")
    file = docx.Document(io.BytesIO(content))
    assert file.paragraphs[0].text == document.title
    assert file.core_properties.identifier == document.snapshot
    for table, shown in zip(document.tables, file.tables, strict=True):
        assert shown.rows[0]._tr.xpath("w:trPr/w:tblHeader")
        for row, line in zip(table.lines, shown.rows[1:], strict=True):
            texts = [cell.text for cell in line.cells if not re.fullmatch("█*", cell.text)]
            assert texts == [c.text(v) for c, v in zip(table.columns, row.cells, strict=True) if c.text(v)]
    fonts = file.styles["Normal"].element.rPr.rFonts
    assert fonts.get(docx.oxml.ns.qn("w:eastAsia")) == "宋体"
    assert round(min(file.sections[0].page_width.cm, file.sections[0].page_height.cm), 1) == 21.0


@pytest.mark.parametrize("name", REPORTS)
def test_a_workbook_has_figures_as_figures(name):
    document, content = made(name, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == len(document.tables) + 1
    for table, sheet in zip(document.tables, book.worksheets[1:], strict=True):
        rows = list(sheet.iter_rows(min_row=4, max_row=3 + len(table.lines)))
        for row, cells in zip(table.lines, rows, strict=True):
            for column, value, cell in zip(table.columns, row.cells, cells, strict=True):
                if isinstance(value, (int, float)):
                    assert cell.value == pytest.approx(value)
                    assert cell.data_type == "n"
                    assert (cell.number_format == "0.0%") == (column.shown is Shown.PERCENT)
                else:
                    assert cell.value == column.text(value)


@pytest.mark.parametrize("name", REPORTS)
def test_pdf_has_its_figures_as_text_a_reader_can_copy(name):
    document, content = made(name, "pdf")
    file = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in file]
    text = re.sub(r"\s", "", "".join(pages))
    assert all(f"第 {number} 页" in page for number, page in enumerate(pages, start=1))
    assert re.sub(r"\s", "", document.title) in text
    for table in document.tables:
        for row in table.lines:
            for column, value in zip(table.columns, row.cells, strict=True):
                if column.numeric:
                    assert re.sub(r"\s", "", column.text(value)) in text
    assert file.get_metadata_value("Keywords") == document.snapshot
    assert {min(round(side) for side in page.get_size()) for page in file} == {595}


def test_headings_stand_again_on_every_page_of_a_long_table():
    snapshot = make_snapshot()
    row = snapshot.content["tables"]["posts_by_occupation"]["rows"][0]
    snapshot.content["tables"]["posts_by_occupation"]["rows"] = [
        [row[0], f"2-02-38-{number:02}", *row[2:]] for number in range(50)
    ]
    snapshot.content["tables"]["posts_by_cluster"]["rows"][0][4] = 10_000
    content = formats()["pdf"].render(write("shortage", snapshot, Edition.INTERNAL))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    long = [page for page in pages if "2-02-38-" in page]
    assert len(long) > 1
    assert all("紧缺指数" in page and "挂出天数" in page for page in long)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_no_member_of_an_office_file_bears_the_time_it_was_made(kind):
    document, content = made("situation", kind)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {f"{document.as_of}T00:00:00Z"}


def test_a_cell_that_begins_like_a_formula_stays_text():
    snapshot = make_snapshot()
    snapshot.content["names"]["unit"]["420102"] = "=1+1"
    document = write("situation", snapshot, Edition.INTERNAL)
    book = openpyxl.load_workbook(io.BytesIO(formats()["xlsx"].render(document)))
    cells = [cell for row in book.worksheets[3].iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_text_of_a_page_is_escaped():
    snapshot = make_snapshot()
    snapshot.content["names"]["unit"]["420102"] = "<script>x</script>&"
    document = write("situation", snapshot, Edition.INTERNAL)
    assert b"<script>" not in formats()["html"].render(document)
    assert formats()["pdf"].render(document).startswith(b"%PDF")


def test_names_of_files_tell_title_day_and_snapshot():
    document = write("situation", make_snapshot())
    assert file_name(document, formats()["pdf"]) == "就业形势分析-2026-11-20-00000000.pdf"


def test_the_faces_have_every_sign_of_the_catalogues():
    from reportlab.pdfbase.ttfonts import TTFontFile

    wanted = set()
    for path in [*ROOT.glob("data/taxonomy/*.csv"), *ROOT.glob("data/programme/*.json")]:
        wanted |= set(path.read_text("utf-8"))
    for name in FILES.values():
        known = TTFontFile(str(FONTS / name)).charToGlyph
        assert {sign for sign in wanted if sign.isprintable() and ord(sign) not in known} == set()
