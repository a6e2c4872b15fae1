"""Heads of the ledger, made public each day, for anybody to keep."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import public
from webapp.domain.heads import HeadLine
from webapp.models import PublishedHead
from webapp.pages import blueprint
from webapp.queries.sealing import heads_listed
from webapp.ui.paging import paginate
from webapp.unit_of_work import db

LATEST = 3660
"""Lines of the file: ten years of days."""


@blueprint.get("/ledger", endpoint="heads")
@public
def published() -> ResponseReturnValue:
    """Show the published heads and say what they prove."""
    return render_template("pages/heads.html", page=paginate(db(), heads_listed(), size=31))


@blueprint.get("/ledger/heads.txt", endpoint="heads_file")
@public
def file() -> ResponseReturnValue:
    """Give the published heads as lines: day, number of rows, hash; the latest first."""
    lines = [_line(one) for one in db().scalars(heads_listed().limit(LATEST))]
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


def _line(head: PublishedHead) -> HeadLine:
    return HeadLine(head.day.isoformat(), head.seq, head.hash)
