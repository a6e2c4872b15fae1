"""Resume files made on the spot: PDFs with every word placed, Word files of given paragraphs."""

import io
import zipfile
from collections.abc import Iterable

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

Word = tuple[float, float, str]
"""Distance from the left and from the top of the page, and what is written there."""


def pdf(*pages: Iterable[Word], password: str | None = None) -> bytes:
    """Return a PDF with each page's words at their places, in the order given."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=password)
    for words in pages:
        canvas.setFont("STSong-Light", 11)
        for left, top, text in words:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def table_pdf(rows: list[list[str]], widths: list[float], spans: Iterable[tuple[int, int, int]]) -> bytes:
    """Return a PDF of one table with drawn borders; a span is a row and its first and last column."""
    buffer = io.BytesIO()
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=11, leading=16, wordWrap="CJK")
    borders = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    joined = [("SPAN", (first, row), (last, row)) for row, first, last in spans]
    cells = [[Paragraph(text, style) for text in row] for row in rows]
    SimpleDocTemplate(buffer, pagesize=A4).build([Table(cells, widths, style=TableStyle(borders + joined))])
    return buffer.getvalue()


def column(left: float, top: float, lines: Iterable[str], leading: float = 18) -> list[Word]:
    """Return lines set one below the other."""
    return [(left, top + leading * number, line) for number, line in enumerate(lines)]


def word_file(*paragraphs: str) -> bytes:
    """Return a Word file of plain paragraphs."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """Return a Word document's bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """Return a Word file with parts replaced or added; dots and slashes of names as ``__`` and ``___``."""
    parts = {name.replace("___", "/").replace("__", "."): part for name, part in changed.items()}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry.filename, old.read(entry))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return buffer.getvalue()


def macro_typed(content: bytes) -> bytes:
    """Return a Word file whose main part says that it may hold macros."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        types = old.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    typed = types.replace(plain, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    return repacked(content, **{"[Content_Types]__xml": typed})


def archive(*names: str) -> bytes:
    """Return a plain archive of small files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, b"x")
    return buffer.getvalue()
