"""Postings put aside for later."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import audience
from webapp.auth.identity import my_graduate
from webapp.domain.roles import Role
from webapp.graduates import blueprint
from webapp.models import Posting
from webapp.queries.postings import saved_postings
from webapp.ui.paging import Page, asked_page, paginate
from webapp.unit_of_work import db


@blueprint.get("/saved")
@audience(Role.GRADUATE)
def saved() -> ResponseReturnValue:
    """List what I saved."""
    page: Page[Posting] = paginate(db(), saved_postings(my_graduate().id), number=asked_page())
    return render_template("graduates/saved.html", page=page)
