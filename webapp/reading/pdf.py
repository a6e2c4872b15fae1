"""Text of a PDF in reading order. Runs inside the parsing process only."""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from webapp.reading.errors import Damaged, Encrypted, Garbled, NoText, Scanned, TooManyPages, TooMuchText
from webapp.reading.layout import Run
from webapp.reading.plain import LEAST_CHARACTERS, MOST_CHARACTERS, is_garbled, letters
from webapp.reading.ruled import Rule, page_lines

MOST_PAGES = 20
_SAME_LINE = 0.4
_SPACE = 0.25
_BREAK = 1.2
_THIN = 3.0
_LONG = 12.0


class _Glyph(NamedTuple):
    character: str
    left: float
    right: float
    middle: float
    height: float
    spaced: bool


def read_pdf(content: bytes) -> tuple[str, int]:
    """Return the text of a PDF and its number of pages."""
    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
        if pages > MOST_PAGES:
            raise TooManyPages(pages=pages, limit=MOST_PAGES)
        texts = [_page_text(page) for page in document]
    except pypdfium2.PdfiumError as broken:
        raise (Encrypted if "password" in str(broken).lower() else Damaged) from broken
    text = "\n".join(texts)
    if letters(text) < LEAST_CHARACTERS:
        raise Scanned if _has_picture(document) else NoText
    if is_garbled(text):
        raise Garbled
    return text, pages


def _page_text(page: pypdfium2.PdfPage) -> str:
    """Return a page's lines; a page with more characters than a resume is not laid out at all."""
    characters = page.get_textpage()
    if characters.count_chars() > MOST_CHARACTERS:
        raise TooMuchText(limit=MOST_CHARACTERS)
    return "\n".join(page_lines(_runs(characters), *_rules(page)))


def _runs(page: pypdfium2.PdfTextPage) -> list[Run]:
    """Join characters that follow each other on one line into runs."""
    runs: list[list[_Glyph]] = []
    for glyph in _glyphs(page):
        if runs and _continues(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return [_run(run) for run in runs]


def _glyphs(page: pypdfium2.PdfTextPage) -> Iterator[_Glyph]:
    """Yield every visible character with its box and whether a space stands before it."""
    spaced = False
    for index in range(page.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(page, index))
        box = pdfium.FS_RECTF()
        if character.isspace():
            spaced = True
        elif pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)) and box.top > box.bottom:
            middle, height = (box.top + box.bottom) / 2, box.top - box.bottom
            yield _Glyph(character, box.left, box.right, middle, height, spaced)
            spaced = False


def _continues(last: _Glyph, glyph: _Glyph) -> bool:
    """Say whether a character follows the one before it on the same line."""
    gap = (glyph.left - last.right) / glyph.height
    return abs(last.middle - glyph.middle) <= _SAME_LINE * glyph.height and -_BREAK < gap < _BREAK


def _run(glyphs: list[_Glyph]) -> Run:
    """Make a run of its characters, with spaces where they were set or where a gap shows one."""
    first, last = glyphs[0], glyphs[-1]
    text = first.character
    for before, glyph in pairwise(glyphs):
        gap = (glyph.left - before.right) / glyph.height
        text += (" " if glyph.spaced or gap > _SPACE else "") + glyph.character
    return Run(text, first.left, last.right, first.middle, first.height)


def _rules(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """Return the straight lines drawn on a page: level ones, upright ones."""
    level, upright = [], []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom < _THIN < _LONG < right - left:
            level.append(Rule(round((top + bottom) / 2), left, right))
        elif right - left < _THIN < _LONG < top - bottom:
            upright.append(Rule(round((left + right) / 2), bottom, top))
    return level, upright


def _has_picture(document: pypdfium2.PdfDocument) -> bool:
    """Say whether any page shows a picture."""
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE]
    return any(next(iter(page.get_objects(filter=kinds)), None) is not None for page in document)
