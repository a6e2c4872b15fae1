"""Postings anybody may search and read, without an account."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import public
from webapp.clock import today
from webapp.extensions import limiter, platform
from webapp.pages import blueprint
from webapp.queries.postings import postings_in_order, public_posting
from webapp.ui.paging import SIZE, Page, asked_page
from webapp.ui.search import PostingFilter, only_near
from webapp.unit_of_work import db


@blueprint.get("/postings")
@public
@limiter.limit("600/minute")
def postings() -> ResponseReturnValue:
    """Search live postings in plain Chinese; the same address gives everybody the same list."""
    wanted = PostingFilter()
    number = asked_page()
    ranking = platform().matching.rank_postings(
        db(),
        graduate=None,
        conditions=wanted.conditions(today=today()),
        today=today(),
        query=wanted.words,
        top=SIZE,
        offset=(number - 1) * SIZE,
    )
    found = postings_in_order(db(), [match.id for match in ranking.matches])
    page = Page(found, number, SIZE, ranking.eligible)
    return render_template("pages/postings.html", wanted=wanted, page=page, near=only_near(ranking))


@blueprint.get("/postings/<int:posting_id>")
@public
def posting(posting_id: int) -> ResponseReturnValue:
    """Show one posting as everybody sees it."""
    found = public_posting(db(), posting_id, on=today())
    return render_template("pages/posting.html", posting=found)
