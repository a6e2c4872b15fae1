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
from webapp.domain.interviews import Mode
from webapp.domain.offers import ContractType
from webapp.domain.pipeline import EMPLOYED, FINAL, Stage
from webapp.domain.pipeline_words import next_of
from webapp.domain.rejection import RejectReason
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.graduates import blueprint
from webapp.graduates.deeds import DEEDS, open_deeds
from webapp.graduates.interviews import ReportForm
from webapp.queries.pipelines import ApplicationPage, application_page, graduate_board
from webapp.ui.filters import label
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
        timeline=timeline(page),
        contract=ContractType(page.offer.contract_type) if page.offer else None,
        mode=Mode(page.interview.mode) if page.interview else None,
        form=ReportForm(),
        at=now(),
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


def timeline(page: ApplicationPage) -> list[dict[str, object]]:
    """Return the steps as the timeline shows them: when, what, and why."""
    shown: list[dict[str, object]] = []
    for step in page.steps:
        words = [reason_of(step.reason), step.note if step.actor_role is not Role.GRADUATE else None]
        shown.append(
            {
                "title": label(step.target),
                "state": "done",
                "at": step.at,
                "note": " ".join(filter(None, words)),
            }
        )
    if shown:
        ended = page.application.stage in FINAL and page.application.stage not in EMPLOYED
        shown[-1]["state"] = "stopped" if ended else "current"
    return shown


def reason_of(reason: str | None) -> str | None:
    """Say a coded reason in words; a written one stays as it is."""
    return label(RejectReason(reason)) if reason in list(RejectReason) else reason


def own_page(application_id: int) -> ApplicationPage:
    """Return all of an own application; anybody else's does not exist."""
    page = application_page(db(), application_id)
    if page is None or page.application.graduate_id != my_graduate().id:
        raise NotFound
    return page
