"""Documents as files: the same bytes for the same document, whenever and wherever they are made."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.reports.document import Document

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell; members bear it instead of the moment they were written."""
_MOMENTS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name's ending, its media type, how it is made."""

    ending: str
    media_type: str
    render: Callable[[Document], bytes]


def formats() -> Mapping[str, Format]:
    """Return the kinds of files by name; the libraries behind them are loaded when one is made."""
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {
        "html": Format("html", "text/html; charset=utf-8", _html),
        "docx": Format("docx", word, _docx),
        "xlsx": Format("xlsx", sheet, _xlsx),
        "pdf": Format("pdf", "application/pdf", _pdf),
    }


def file_name(document: Document, form: Format) -> str:
    """Return a file's name: title, day, snapshot."""
    return f"{document.title}-{document.as_of}-{document.snapshot[:8]}.{form.ending}"


def timeless(package: bytes, day: str) -> bytes:
    """Return an Office file whose members and properties bear ``day`` and no other time, in a fixed order."""
    packed = io.BytesIO()
    moment = f"{day}T00:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MOMENTS.sub(rb"\g<1>" + moment + rb"\g<2>", content)
            member = zipfile.ZipInfo(name, ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return packed.getvalue()


def _html(document: Document) -> bytes:
    from webapp.reports.html import page

    return page(document).encode()


def _docx(document: Document) -> bytes:
    from webapp.reports.docx import as_docx

    return timeless(as_docx(document), document.as_of)


def _xlsx(document: Document) -> bytes:
    from webapp.reports.xlsx import as_xlsx

    return timeless(as_xlsx(document), document.as_of)


def _pdf(document: Document) -> bytes:
    from webapp.reports.pdf import as_pdf

    return as_pdf(document)
