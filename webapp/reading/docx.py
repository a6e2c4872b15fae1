"""Text of a Word file in reading order. Runs inside the parsing process only."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import defusedxml.ElementTree as SafeTree
import docx
from defusedxml import DefusedXmlException

from webapp.reading.cells import row_lines
from webapp.reading.errors import Bomb, Damaged, Encrypted, HasMacros, NoText
from webapp.reading.plain import LEAST_CHARACTERS, letters

MOST_BYTES = 50 * 1024 * 1024
MOST_ENTRIES = 1_000
MOST_RATIO = 100
SMALL = 64 * 1024
"""Parts below this size may pack as well as they like: they harm nobody."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ENCRYPTED_FLAG = 0x1
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}


def read_docx(content: bytes) -> tuple[str, int]:
    """Return the text of a Word file; pages are unknown until it is printed, so one is said."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _refuse_danger(archive)
        document = docx.Document(BytesIO(content))
    except (zipfile.BadZipFile, DefusedXmlException, NotImplementedError, RuntimeError) as broken:
        raise (Bomb if isinstance(broken, DefusedXmlException) else Damaged) from broken
    except (KeyError, ValueError, SyntaxError, OSError, EOFError, zlib.error) as broken:
        raise Damaged from broken
    text = "\n".join(_document_lines(document))
    if letters(text) < LEAST_CHARACTERS:
        raise NoText
    return text, 1


def _refuse_danger(archive: zipfile.ZipFile) -> None:
    """Check the archive before anything is parsed: size, names, passwords, macros, entities."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise Encrypted
    if any("vbaProject" in name for name in names):
        raise HasMacros
    if (
        len(entries) > MOST_ENTRIES
        or len(set(names)) < len(names)
        or sum(entry.file_size for entry in entries) > MOST_BYTES
        or any(_is_bomb(entry) or _leaves_folder(entry.filename) for entry in entries)
    ):
        raise Bomb
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            _refuse_entities(archive.read(entry))


def _refuse_entities(part: bytes) -> None:
    """Refuse any document type, and macros that were renamed away."""
    SafeTree.fromstring(part, forbid_dtd=True)
    if b"macroEnabled" in part:
        raise HasMacros


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)


def _leaves_folder(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _document_lines(document: Any) -> Iterator[str]:
    """Yield headers, then the body, then footers."""
    for section in document.sections:
        if not section.header.is_linked_to_previous:
            yield from _lines(section.header._element)  # noqa: SLF001 - python-docx shows no text boxes
    yield from _lines(document.element.body)
    for section in document.sections:
        if not section.footer.is_linked_to_previous:
            yield from _lines(section.footer._element)  # noqa: SLF001 - as above


def _lines(container: Any) -> Iterator[str]:
    """Yield the lines of paragraphs and tables inside an element, in their order."""
    for child in container:
        if child.tag == f"{_W}p":
            yield from _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield from _table(child)
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"}:
            yield from _lines(child)


def _paragraph(paragraph: Any) -> Iterator[str]:
    """Yield a paragraph's own line, then those of the text boxes anchored in it."""
    boxes: list[Any] = []
    text = "".join(_pieces(paragraph, boxes))
    yield from text.split("\n")
    for box in boxes:
        yield from _lines(box)


def _pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the text of a paragraph, keeping its text boxes aside; what was deleted stays deleted."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag not in {_SKIPPED, f"{_W}del", f"{_W}pPr"}:
            yield from _pieces(child, boxes)


def _table(table: Any) -> Iterator[str]:
    """Yield a table's rows, those of tables inside its cells in their place."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        cells = [[line for line in _lines(cell) if line.strip()] for cell in row.iterchildren(f"{_W}tc")]
        if any(cells):
            yield from row_lines(cells)
