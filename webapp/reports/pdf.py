"""A report as PDF: A4, two embedded Chinese faces, headings of tables on every page, pages numbered."""

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    CondPageBreak,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from webapp.reports.document import Column, Document, Row, Table

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"
BODY, BOLD = "NotoSerifSC", "NotoSansSC-Bold"
FILES = {BODY: "NotoSerifSC-GB2312.ttf", BOLD: "NotoSansSC-Bold-GB2312.ttf"}
MARGIN = 2 * cm
ROOM = 4 * cm
"""A table begins on the next page where less of this one is left."""
MANY = 8
"""A report with a table of more columns lies on its side."""
BAR_WIDTH, BAR_HEIGHT, GAP = 1.8 * cm, 0.22 * cm, 0.3 * cm
LONG, WIDEST, SPARE = 16, 30, 3.5
"""Half-width signs: from how many on a column may be squeezed, the most it counts for, and what a cell's
sides and bold signs need beside."""
PADDING = 12
"""Points a frame keeps to itself."""
INK, QUIET, LINE, RIVER = (
    colors.HexColor("#1b2733"),
    colors.HexColor("#51606d"),
    colors.HexColor("#c9d3dc"),
    colors.HexColor("#8fb8d6"),
)


def as_pdf(document: Document) -> bytes:
    """Return the file; its date and number are the snapshot's, so it is the same each time."""
    _faces()
    turned = any(len(table.columns) > MANY for table in document.tables)
    written = io.BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=landscape(A4) if turned else A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=document.title,
        author="学子留汉",
        subject=document.subtitle,
        keywords=document.snapshot,
        lang="zh-CN",
        invariant=1,
    )
    template.build(
        _story(document, template.width - PADDING),
        onFirstPage=lambda canvas, page: _foot(canvas, page, document),
        onLaterPages=lambda canvas, page: _foot(canvas, page, document),
    )
    return written.getvalue()


@cache
def _faces() -> None:
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, FONTS / file))


@cache
def _style(size: float, *, bold: bool = False, quiet: bool = False, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{quiet}{right}",
        fontName=BOLD if bold else BODY,
        fontSize=size,
        leading=size * 1.6,
        textColor=QUIET if quiet else INK,
        alignment=2 if right else 0,
        wordWrap="CJK",
    )


def _said(text: str, size: float, **look: bool) -> Paragraph:
    return Paragraph(escape(text), _style(size, **look))


def _story(document: Document, width: float) -> list[Any]:
    story: list[Any] = [
        _said(document.title, 20, bold=True),
        Spacer(0, 0.2 * cm),
        _said(document.subtitle, 10.5, quiet=True),
        Spacer(0, 0.4 * cm),
        _said("".join(document.reading), 10.5),
    ]
    for table in document.tables:
        story += _table(table, width)
    for title, sentences, small in (
        ("平台不知道的", document.unknown, False),
        ("怎样得出", document.method, False),
        ("出处", document.foot, True),
    ):
        first, *others = (_said(f"· {one}", 8 if small else 10.5, quiet=small) for one in sentences)
        story += [Spacer(0, 0.4 * cm), KeepTogether([_said(title, 13, bold=True), first]), *others]
    return story


def _table(table: Table, width: float) -> list[Any]:
    size = 7.5 if len(table.columns) > MANY else 9
    heads = [head for one in table.columns for head in _heads(one, size)]
    lines = [
        [part for place in range(len(table.columns)) for part in _cells(table, row, place, size)]
        for row in table.lines
    ]
    caption = _said(f"{table.name}　{table.title}", 10.5, bold=True)
    note = _said(f"{table.note}（n = {table.rests_on}，表摘要 {table.digest}）", 8, quiet=True)
    if not lines:
        return [Spacer(0, 0.4 * cm), KeepTogether([caption, _said("没有可列的行。", size), note])]
    grid = LongTable([heads, *lines], colWidths=_widths(table, width, size), repeatRows=1)
    grid.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, QUIET),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return [CondPageBreak(ROOM), Spacer(0, 0.4 * cm), caption, grid, note]


def _heads(column: Column, size: float) -> list[Any]:
    head = _said(column.heading, size, bold=True, right=column.numeric)
    return [head, ""] if column.bar else [head]


def _cells(table: Table, row: Row, place: int, size: float) -> list[Any]:
    """Return a cell and, where its column has bars, the bar beside it."""
    column = table.columns[place]
    text = _said(column.text(row.cells[place]), size, bold=row is table.total, right=column.numeric)
    if not column.bar:
        return [text]
    drawing = Drawing(BAR_WIDTH, size)
    length = BAR_WIDTH * table.bar(place, row)
    if length:
        drawing.add(Rect(0, 0, length, BAR_HEIGHT, fillColor=RIVER, strokeColor=None))
    return [text, drawing]


def _widths(table: Table, width: float, size: float) -> list[float]:
    """Give short columns what they need and share the rest among the long ones, or among all."""
    bars = sum(column.bar for column in table.columns)
    room = width - bars * (BAR_WIDTH + GAP)
    needed = [(_longest(table, place) + SPARE) * size / 2 for place in range(len(table.columns))]
    long = [one for one in needed if one > LONG * size / 2]
    short = sum(needed) - sum(long)
    stretch = (room - short) / sum(long) if long and short < room else room / sum(needed)
    shares = [one * stretch if not long or one in long else one for one in needed]
    return [
        one
        for column, share in zip(table.columns, shares, strict=True)
        for one in ([share, BAR_WIDTH + GAP] if column.bar else [share])
    ]


def _longest(table: Table, place: int) -> int:
    """Return how many half-width signs the longest cell of a column has, at most ``WIDEST``."""
    column = table.columns[place]
    texts = [column.heading, *(column.text(row.cells[place]) for row in table.lines)]
    return min(WIDEST, max(sum(2 if ord(sign) > ord("ÿ") else 1 for sign in text) for text in texts))


def _foot(canvas: Any, page: Any, document: Document) -> None:
    canvas.setFont(BODY, 8)
    canvas.setFillColor(QUIET)
    canvas.drawString(MARGIN, MARGIN / 2, f"{document.title}　快照 {document.snapshot}")
    canvas.drawRightString(page.width + MARGIN, MARGIN / 2, f"第 {canvas.getPageNumber()} 页")
