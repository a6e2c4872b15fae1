"""Sealed files handed back for download, never shown inside a page."""

from urllib.parse import quote

from flask import Response

from webapp.extensions import platform
from webapp.models import StoredFile
from webapp.services.files import open_file


def as_download(file: StoredFile) -> Response:
    """Return a sealed file's content under the name it was handed in with."""
    return Response(
        open_file(file, key=platform().settings.fernet_key),
        mimetype=file.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.filename)}"},
    )
