"""My applications: where each stands, what happens next, and what I can do."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.pipeline import EMPLOYED, FINAL, Stage
from webapp.domain.pipeline_words import next_of
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.graduates import blueprint
from webapp.graduates.deeds import DEEDS, open_deeds
from webapp.graduates.interviews import ReportForm
from webapp.queries.pipelines import ApplicationPage, application_page, graduate_board
from webapp.unit_of_work import db

PHASES: Sequence[tuple[str, frozenset[Stage]]] = (
    (N_("等待答复"), frozenset({Stage.SUBMITTED, Stage.VIEWED})),
    (
        N_("筛选与面试"),
        frozenset(
            {Stage.SCREENED_IN, Stage.ASSESSMENT, Stage.INTERVIEW_SCHEDULED, Stage.INTERVIEWED, Stage.NO_SHOW}
        ),
    ),
    (
        N_("录用与签约"),
        frozenset({Stage.OFFER_MADE, Stage.ACCEPTED, Stage.AGREEMENT_PENDING, Stage.AGREEMENT_SIGNED}),
    ),
    (N_("在岗"), EMPLOYED),
    (N_("已结束"), FINAL - EMPLOYED),
)


@blueprint.get("/applications")
@audience(Role.GRADUATE)
def applications() -> ResponseReturnValue:
    """Show every application in the column of its phase."""
    cards = graduate_board(db(), my_graduate().id)
    board = [(_(name), [card for card in cards if card.stage in stages]) for name, stages in PHASES]
    return render_template("graduates/applications.html", board=board, total=len(cards))


@blueprint.get("/applications/<int:application_id>")
@audience(Role.GRADUATE)
def application(application_id: int) -> ResponseReturnValue:
    """Show one application with its steps and what I can do now."""
    page = own_page(application_id)
    return render_template(
        "graduates/application.html",
        page=page,
        following=next_of(page.application.stage, Role.GRADUATE),
        deeds=open_deeds(page.application.stage),
        form=ReportForm(),
        moment=now(),
    )


@blueprint.route("/applications/<int:application_id>/<name>", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def deed(application_id: int, name: str) -> ResponseReturnValue:
    """Ask once more, then do it: accept, decline, sign, start, leave, withdraw."""
    page = own_page(application_id)
    if name not in DEEDS:
        raise NotFound
    wanted = DEEDS[name]
    form = wanted.form()
    if form.validate_on_submit():
        with attempt(form) as tried:
            wanted.do(db(), by=me(), application_id=application_id, at=now(), form=form)
        if tried.done:
            flash(_(wanted.done))
            return redirect(url_for("graduates.application", application_id=application_id))
    return render_template("graduates/deed.html", page=page, deed=wanted, form=form)


def own_page(application_id: int) -> ApplicationPage:
    """Return all of an own application; anybody else's does not exist."""
    page = application_page(db(), application_id)
    if page is None or page.application.graduate_id != my_graduate().id:
        raise NotFound
    return page
