"""What kind of file some bytes are, told by the bytes and never by the name."""

import codecs
import zipfile
from enum import StrEnum
from io import BytesIO

from webapp.reading.errors import Damaged, Encrypted, Misnamed, OldWord, Picture, RichText, Unsupported

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class MediaType(StrEnum):
    """Kinds of files a resume may come in."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    TEXT = "text/plain"


SUFFIXES = {MediaType.PDF: "pdf", MediaType.DOCX: "docx", MediaType.TEXT: "txt"}
_KNOWN_SUFFIXES = frozenset({*SUFFIXES.values(), "docm", "dotx", "doc", "rtf", "png", "jpg", "jpeg"})


def media_type(content: bytes, filename: str) -> MediaType:
    """Return the kind of a resume file; refuse other kinds and names that promise another."""
    kind = _by_content(content)
    suffix = filename.rpartition(".")[2].strip().lower() if "." in filename else ""
    if suffix in _KNOWN_SUFFIXES - {SUFFIXES[kind]} and not (kind is MediaType.DOCX and suffix == "docm"):
        raise Misnamed(suffix=suffix, actual=SUFFIXES[kind].upper())
    return kind


def _by_content(content: bytes) -> MediaType:
    """Tell the kind from the first bytes and the parts inside."""
    head = content[:1024].lstrip()
    if head.startswith(b"%PDF-"):
        return MediaType.PDF
    if content.startswith(b"PK"):
        return _packed(content)
    if content.startswith(_OLE):
        raise Encrypted if "EncryptedPackage".encode("utf-16-le") in content else OldWord
    if head.startswith(b"{\\rtf"):
        raise RichText
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP" or content[4:8] == b"ftyp":
        raise Picture
    if head.lower().startswith(_MARKUP) or (b"\x00" in content and not _is_utf16(content)):
        raise Unsupported
    return MediaType.TEXT


def _packed(content: bytes) -> MediaType:
    """Tell a Word file from any other archive."""
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise Damaged from broken
    if not any(name.startswith("word/") for name in names):
        raise Unsupported
    return MediaType.DOCX


def _is_utf16(content: bytes) -> bool:
    """Say whether zero bytes are explained by two-byte text: a mark, or nearly all in one column."""
    if content.startswith(_BOMS[1:]):
        return True
    sample = content[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return len(content) % 2 == 0 and min(even, odd) == 0 and max(even, odd) > 0
