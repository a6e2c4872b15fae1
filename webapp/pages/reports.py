"""Reports that two officers have made public, to read and to take away."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import public
from webapp.domain.errors import NotFound
from webapp.pages import blueprint
from webapp.queries.reports.kept import find_snapshot, is_released, released
from webapp.reports.document import Document
from webapp.reports.files import formats
from webapp.reports.html import article
from webapp.reports.names import TITLES, write
from webapp.reports.snapshot import read
from webapp.ui.downloads import report_file
from webapp.unit_of_work import db


@blueprint.get("/reports", endpoint="reports")
@public
def listed() -> ResponseReturnValue:
    """List the public reports, the latest day first."""
    return render_template("pages/reports.html", released=released(db()), titles=TITLES, formats=formats())


@blueprint.get("/reports/<snapshot_id>/<name>", endpoint="report")
@public
def shown(snapshot_id: str, name: str) -> ResponseReturnValue:
    """Show the public edition of a report."""
    document = _document(snapshot_id, name)
    return render_template(
        "pages/report.html",
        document=document,
        name=name,
        article=article(document),
        formats=formats(),
    )


@blueprint.get("/reports/<snapshot_id>/<name>.<form>", endpoint="report_file")
@public
def file(snapshot_id: str, name: str, form: str) -> Response:
    """Give the public edition as a file."""
    return report_file(_document(snapshot_id, name), form)


def _document(snapshot_id: str, name: str) -> Document:
    """Return a public report; one that was not let out does not exist."""
    if not is_released(db(), snapshot_id, name):
        raise NotFound
    kept = find_snapshot(db(), snapshot_id)
    return write(name, read(kept.id, kept.content))
