"""The employer's first page: who waits for an answer, what is live, is the verification in order."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import audience
from webapp.auth.identity import my_member
from webapp.clock import now, today
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.queries.employers import applicants, live_postings, posting_counts
from webapp.queries.followups import count_due_of_employer
from webapp.queries.pipelines import answer_rate, waiting_for_employer
from webapp.services.employers import is_verified, may_submit, missing_for_verification
from webapp.unit_of_work import db

SHOWN = 20


@blueprint.get("/")
@audience(Role.EMPLOYER)
def desk() -> ResponseReturnValue:
    """Show who has waited longest, with one thing to do for each."""
    employer = my_member().employer
    live = live_postings(db(), employer.id)
    return render_template(
        "employers/desk.html",
        employer=employer,
        verified=is_verified(employer, on=today()),
        renewable=may_submit(employer, on=today()),
        missing=missing_for_verification(employer),
        waiting=waiting_for_employer(db(), employer.id, limit=SHOWN),
        live=live,
        applicants=applicants(db(), [posting.id for posting in live]),
        counts=posting_counts(db(), employer.id),
        rate=answer_rate(db(), at=now(), employer_id=employer.id),
        to_follow_up=count_due_of_employer(db(), my_member().user_id, on=today()),
    )
