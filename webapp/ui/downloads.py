"""Files for download, never shown inside a page: sealed ones handed back, reports."""

from urllib.parse import quote

from flask import Response

from webapp.domain.errors import NotFound
from webapp.extensions import platform
from webapp.models import StoredFile
from webapp.reports.document import Document
from webapp.reports.files import file_name, formats
from webapp.services.files import open_file


def as_download(file: StoredFile) -> Response:
    """Return a sealed file's content under the name it was handed in with."""
    return Response(
        open_file(file, key=platform().settings.fernet_key),
        mimetype=file.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.filename)}"},
    )


def report_file(document: Document, form: str) -> Response:
    """Return a report as a file of one of the kinds there are; an unknown kind does not exist."""
    chosen = formats().get(form)
    if chosen is None:
        raise NotFound
    return Response(
        chosen.render(document),
        content_type=chosen.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(document, chosen))}"},
    )
