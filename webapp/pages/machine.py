"""What machines ask: is it alive, what may be crawled."""

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from webapp.auth.access import public
from webapp.extensions import limiter
from webapp.pages import blueprint
from webapp.unit_of_work import db


@blueprint.get("/healthz")
@public
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """Answer 200 while the database answers."""
    db().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Let crawlers read public pages only."""
    return current_app.send_static_file("robots.txt")
