"""Sealed files as an officer sees them: shown where that is safe, otherwise only to be saved."""

from urllib.parse import quote

from flask import Response

from webapp.domain.errors import NotFound
from webapp.extensions import platform
from webapp.models import StoredFile
from webapp.services.files import open_file
from webapp.unit_of_work import db

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""What a browser draws without running anything of ours."""


def shown(file_id: int | None) -> Response:
    """Return a file's content under its own name; the caller has checked who asks and logged it."""
    kept = db().get(StoredFile, file_id) if file_id is not None else None
    if kept is None:
        raise NotFound
    safe = kept.media_type in SHOWN
    response = Response(
        open_file(kept, key=platform().settings.fernet_key),
        mimetype=kept.media_type if safe else "application/octet-stream",
    )
    manner = "inline" if safe else "attachment"
    response.headers["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(kept.filename)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response
