"""A report as a Word file: A4, 宋体 and 黑体 named for Chinese, headings of tables on every page."""

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from webapp.reports.document import Column, Document, Row, Table

BODY, HEADING = ("Times New Roman", "宋体"), ("Arial", "黑体")
MARGIN_CM = 2.2
MANY = 8
"""A report with a table of more columns lies on its side."""
FULL, BLOCK = 8, "█"
"""Blocks of the longest bar."""
LEAST, LONGEST, LATIN = 3.0, 24.0, 0x2000
"""The least and the most a column asks for, in Chinese characters; signs before the last are narrower."""
RIVER = RGBColor(0x1F, 0x5F, 0x8B)


def as_docx(document: Document) -> bytes:
    """Return the file as python-docx writes it; the caller takes its times out."""
    file = docx.Document()
    _styles(file)
    _page(file.sections[0], turned=any(len(table.columns) > MANY for table in document.tables))
    file.add_heading(document.title, 0)
    file.add_paragraph(document.subtitle)
    file.add_paragraph("".join(document.reading))
    for table in document.tables:
        _table(file, table)
    for title, sentences in (
        ("平台不知道的", document.unknown),
        ("怎样得出", document.method),
        ("出处", document.foot),
    ):
        file.add_heading(title, 1)
        for sentence in sentences:
            file.add_paragraph(sentence, style="Source" if title == "出处" else "List Bullet")
    _properties(file, document)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _styles(file: Any) -> None:
    """Name the fonts for Chinese as well: Word takes eastAsia, not the Latin name, for it."""
    for name, (latin, chinese), size in (
        ("Normal", BODY, 10.5),
        ("List Bullet", BODY, 10.5),
        ("Title", HEADING, 20),
        ("Heading 1", HEADING, 13),
        ("Caption", HEADING, 10.5),
    ):
        _font(file.styles[name], latin, chinese, size)
    source = file.styles.add_style("Source", 1)
    source.base_style = file.styles["Normal"]
    _font(source, *BODY, 8)
    for name in ("Title", "Heading 1", "Caption"):
        file.styles[name].font.color.rgb = RGBColor(0, 0, 0)


def _font(style: Any, latin: str, chinese: str, size: float) -> None:
    style.font.name, style.font.size = latin, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _page(section: Any, *, turned: bool) -> None:
    """Set A4, its margins and a foot that numbers the pages."""
    width, height = Cm(21), Cm(29.7)
    section.page_width, section.page_height = (height, width) if turned else (width, height)
    section.orientation = 1 if turned else 0
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(MARGIN_CM))
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = foot.add_run()
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text
        run._r.append(part)  # noqa: SLF001 - python-docx has no fields of its own


def _table(file: Any, table: Table) -> None:
    caption = file.add_paragraph(f"{table.name}　{table.title}", style="Caption")
    caption.paragraph_format.keep_with_next = True
    headings = [cell for column in table.columns for cell in _headings(column)]
    grid = file.add_table(rows=1, cols=len(headings), style="Light Shading")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    look = grid._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - python-docx names no bands
    look.set(qn("w:noHBand"), "1")
    look.set(qn("w:val"), "06A0")
    size = 7.5 if len(headings) > MANY else 9
    figures = [numeric for column in table.columns for numeric in _figures(column)]
    _line(grid.rows[0], headings, figures, [True] * len(headings), size)
    _repeated(grid.rows[0])
    longest = [_length(heading) for heading in headings]
    for row in table.lines:
        cells = [text for place in range(len(table.columns)) for text in _texts(table, row, place)]
        bold = [row is table.total or not place for place in range(len(cells))]
        _line(grid.add_row(), cells, figures, bold, size)
        longest = [max(known, _length(text)) for known, text in zip(longest, cells, strict=True)]
    _share_out(grid, longest, file.sections[0])
    file.add_paragraph(f"{table.note}（n = {table.rests_on}，表摘要 {table.digest}）", style="Source")


def _headings(column: Column) -> list[str]:
    return [column.heading, ""] if column.bar else [column.heading]


def _texts(table: Table, row: Row, place: int) -> list[str]:
    column = table.columns[place]
    text = column.text(row.cells[place])
    return [text, BLOCK * round(FULL * table.bar(place, row))] if column.bar else [text]


def _figures(column: Column) -> list[bool]:
    return [column.numeric, False] if column.bar else [column.numeric]


def _length(text: str) -> float:
    """Return how wide a text is, in Chinese characters; a long one is broken anyway."""
    return min(LONGEST, max(LEAST, sum(1.0 if ord(sign) > LATIN else 0.6 for sign in text)))


def _share_out(grid: Any, longest: list[float], section: Any) -> None:
    """Give every column as much of the page as its longest text asks for."""
    grid.autofit = False
    whole = section.page_width - section.left_margin - section.right_margin
    for column, length in zip(grid.columns, longest, strict=True):
        column.width = int(whole * length / sum(longest))
        for cell in column.cells:
            cell.width = column.width


def _line(row: Any, texts: list[str], figures: list[bool], bold: list[bool], size: float) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.font.bold = Pt(size), bold[place]
        if text.startswith(BLOCK):
            run.font.color.rgb = RIVER
        if figures[place]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeated(row: Any) -> None:
    """Let a row stand again on every page its table goes on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - not in python-docx


def _properties(file: Any, document: Document) -> None:
    said = file.core_properties
    said.title, said.subject, said.author = document.title, document.subtitle, "学子留汉"
    said.identifier, said.language, said.last_modified_by = document.snapshot, "zh-CN", "学子留汉"
    said.comments, said.revision = "", 1
    said.created = said.modified = datetime.fromisoformat(f"{document.as_of}T00:00:00+00:00")
