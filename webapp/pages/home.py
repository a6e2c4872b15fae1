"""The front page and the choice of language."""

from datetime import timedelta
from typing import cast

from flask import current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.auth.access import public
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.postings import Kind
from webapp.pages import blueprint
from webapp.queries.home import HomeFigures, home_figures
from webapp.queries.postings import newest_postings
from webapp.ui.navigation import LANGUAGES, local_address
from webapp.unit_of_work import db

KEPT = timedelta(seconds=60)
"""The figures of the front page may be a minute old: it is the page everybody opens."""
INTERNSHIPS_SHOWN = 6


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Show the two doors and what stands behind them today."""
    internships = newest_postings(db(), kind=Kind.INTERNSHIP, on=today(), limit=INTERNSHIPS_SHOWN)
    return render_template("pages/home.html", figures=_figures(), internships=internships)


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Remember the language a reader chose and show the same page in it."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            me().language = chosen
    return redirect(local_address(request.form.get("next")))


def _figures() -> HomeFigures:
    kept = current_app.extensions.get("home_figures")
    if kept is None or now() - kept.at > KEPT:
        kept = home_figures(db(), at=now())
        current_app.extensions["home_figures"] = kept
    return cast("HomeFigures", kept)
