"""Text of a PDF in reading order. Runs inside the parsing process only."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from webapp.reading.errors import Damaged, Encrypted, Garbled, NoText, Scanned, TooManyPages
from webapp.reading.layout import Run, reading_order
from webapp.reading.plain import LEAST_CHARACTERS, is_garbled, letters

MOST_PAGES = 20
_SAME_LINE = 0.4
_SPACE = 0.25
_BREAK = 1.2


def read_pdf(content: bytes) -> tuple[str, int]:
    """Return the text of a PDF and its number of pages."""
    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
        if pages > MOST_PAGES:
            raise TooManyPages(pages=pages, limit=MOST_PAGES)
        texts = ["\n".join(reading_order(_runs(page.get_textpage()))) for page in document]
    except pypdfium2.PdfiumError as broken:
        raise (Encrypted if "password" in str(broken).lower() else Damaged) from broken
    text = "\n".join(texts)
    if letters(text) < LEAST_CHARACTERS:
        raise Scanned if _has_picture(document) else NoText
    if is_garbled(text):
        raise Garbled
    return text, pages


def _runs(page: pypdfium2.PdfTextPage) -> list[Run]:
    """Join characters that follow each other on one line into runs."""
    runs: list[Run] = []
    letters_of_run: list[str] = []
    start = last = None
    for character, box in _characters(page):
        gap = (box.left - last.right) / _height(box) if last else 0.0
        if last and (
            abs(_middle(last) - _middle(box)) > _SAME_LINE * _height(box) or not -_BREAK < gap < _BREAK
        ):
            runs.append(_run(letters_of_run, start, last))
            letters_of_run, start = [], None
        elif gap > _SPACE:
            letters_of_run.append(" ")
        letters_of_run.append(character)
        start, last = start or box, box
    if last:
        runs.append(_run(letters_of_run, start, last))
    return runs


def _characters(page: pypdfium2.PdfTextPage) -> list[tuple[str, pdfium.FS_RECTF]]:
    """Return every visible character with its box; spaces are told by the gaps they leave."""
    found = []
    for index in range(page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(page, index))
        box = pdfium.FS_RECTF()
        if character.isspace() or not pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
            continue
        if box.top > box.bottom:
            found.append((character, box))
    return found


def _run(characters: list[str], start: pdfium.FS_RECTF, end: pdfium.FS_RECTF) -> Run:
    return Run("".join(characters), start.left, end.right, _middle(start), _height(start))


def _middle(box: pdfium.FS_RECTF) -> float:
    return float(box.top + box.bottom) / 2


def _height(box: pdfium.FS_RECTF) -> float:
    return float(box.top - box.bottom)


def _has_picture(document: pypdfium2.PdfDocument) -> bool:
    """Say whether any page shows a picture."""
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE]
    return any(next(iter(page.get_objects(filter=kinds)), None) is not None for page in document)
