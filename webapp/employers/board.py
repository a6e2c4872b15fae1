"""The pipeline of one posting: who stands where, as columns or as a list."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import audience
from webapp.auth.identity import my_member
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.employers import blueprint
from webapp.queries.candidates import sharing
from webapp.queries.employers import own_posting
from webapp.queries.pipelines import posting_board
from webapp.unit_of_work import db

PHASES: Mapping[str, Sequence[Stage]] = {
    N_("待答复"): (Stage.SUBMITTED, Stage.VIEWED),
    N_("筛选与测评"): (Stage.SCREENED_IN, Stage.ASSESSMENT),
    N_("面试"): (Stage.INTERVIEW_SCHEDULED, Stage.NO_SHOW, Stage.INTERVIEWED),
    N_("录用与签约"): (Stage.OFFER_MADE, Stage.ACCEPTED, Stage.AGREEMENT_PENDING, Stage.AGREEMENT_SIGNED),
    N_("已到岗"): (Stage.ONBOARDED, Stage.PROBATION, Stage.CONFIRMED),
    N_("已结束"): (
        Stage.REJECTED,
        Stage.DECLINED,
        Stage.EXPIRED,
        Stage.BREACHED,
        Stage.DISSOLVED,
        Stage.LEFT,
    ),
}


@blueprint.get("/postings/<int:posting_id>/board")
@audience(Role.EMPLOYER)
def board(posting_id: int) -> ResponseReturnValue:
    """Show everybody who applied, by phase; on a phone the columns become lists."""
    posting = own_posting(db(), my_member().employer_id, posting_id)
    stages = posting_board(db(), posting.id)
    columns = {
        phase: [card for stage in members for card in stages.get(stage, [])]
        for phase, members in PHASES.items()
    }
    people = [card.graduate.id for cards in columns.values() for card in cards]
    known = sharing(db(), employer_id=posting.employer_id, graduate_ids=people)
    return render_template("employers/board.html", posting=posting, columns=columns, known=known)
