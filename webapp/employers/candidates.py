"""Who fits a posting: ranked, explained, and nameless until they agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.documents import Match
from matcher.scoring import REMOTE
from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.employers import NotVerified
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.employers.candidate_forms import CandidateFilter, InviteForm
from webapp.employers.reading import told
from webapp.extensions import limiter, platform
from webapp.models import Posting
from webapp.queries.candidates import Candidate, candidates, findable
from webapp.queries.documents import posting_document, resume_document
from webapp.queries.employers import live_postings, own_posting
from webapp.services.audit import record_looks
from webapp.services.employers import is_verified
from webapp.services.invitations import invite
from webapp.ui.addresses import row_number
from webapp.ui.citations import highlighted
from webapp.ui.paging import SIZE, Page, asked_page
from webapp.unit_of_work import db

COMPARED = 2
ASKED = ("duties", "requirements", "skills", "majors")


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate with what the comparison says, in the reader's language.

    ``remote`` ones have little to do with the posting.
    """

    candidate: Candidate
    met: int
    asked: int
    fit: float | None
    reasons: Sequence[str]
    gaps: Sequence[str]
    remote: bool


@blueprint.get("/candidates", endpoint="candidates")
@audience(Role.EMPLOYER)
def all_candidates() -> ResponseReturnValue:
    """Lead to the candidates of a live posting, or say what is needed first."""
    employer = my_member().employer
    live = live_postings(db(), employer.id)
    if live and is_verified(employer, on=today()):
        return redirect(url_for("employers.posting_candidates", posting_id=live[0].id))
    return render_template("employers/no_candidates.html", employer=employer)


@blueprint.get("/postings/<int:posting_id>/candidates")
@audience(Role.EMPLOYER)
@limiter.limit("60/minute")
def posting_candidates(posting_id: int) -> ResponseReturnValue:
    """Rank the graduates who let themselves be found; every one shown can read that they were."""
    posting = _searched_for(posting_id)
    wanted = CandidateFilter(request.args)
    number = asked_page()
    ranking = platform().matching.rank_candidates(
        db(),
        posting=posting,
        conditions=wanted.conditions(),
        today=today(),
        top=SIZE,
        offset=(number - 1) * SIZE,
    )
    shown = _shown(posting, ranking.matches)
    _record(posting, shown, "candidate_listed")
    return render_template(
        "employers/candidates.html",
        posting=posting,
        wanted=wanted,
        live=live_postings(db(), posting.employer_id),
        page=Page(shown, number, SIZE, ranking.eligible),
        near=[one for one in shown if not one.remote],
        remote=[one for one in shown if one.remote],
    )


@blueprint.route("/postings/<int:posting_id>/candidates/<int:graduate_id>", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
@limiter.limit("60/minute")
def candidate(posting_id: int, graduate_id: int) -> ResponseReturnValue:
    """Show one nameless graduate: what fits, what is missing, the words that say so; and invite."""
    posting = _searched_for(posting_id)
    graduate, resume = findable(db(), graduate_id)
    form = InviteForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            invite(
                db(),
                by=me(),
                posting_id=posting.id,
                graduate_id=graduate.id,
                at=now(),
                message=form.message.data,
            )
        if tried.done:
            flash(_("邀请已发出。对方接受后，您会看到姓名、联系方式和完整简历。"))
            return redirect(url_for("employers.posting_candidates", posting_id=posting.id))
    match = platform().matching.match(db(), graduate=graduate, posting=posting, today=today())
    [shown] = _shown(posting, [replace(match, id=graduate.id)])
    _record(posting, [shown], "candidate_opened")
    return render_template(
        "employers/candidate.html",
        posting=posting,
        shown=shown,
        text=highlighted(resume_document(graduate, resume), "text", match, nameless=True),
        asked={field: highlighted(posting_document(posting), field, match) for field in ASKED},
        meaning=platform().matching.meaning,
        form=form,
    )


@blueprint.get("/postings/<int:posting_id>/compare")
@audience(Role.EMPLOYER)
def compare(posting_id: int) -> ResponseReturnValue:
    """Put two candidates side by side."""
    posting = _searched_for(posting_id)
    ticked = list(dict.fromkeys(request.args.getlist("who", type=row_number)))
    chosen = ticked[:COMPARED]
    if len(chosen) < COMPARED:
        flash(_("请先勾选两位候选人，再点“比较”。"), "warning")
        return redirect(url_for("employers.posting_candidates", posting_id=posting.id))
    if len(ticked) > COMPARED:
        flash(_("一次只能比较两位，下面是勾选的前两位。"), "warning")
    matches = []
    for graduate_id in chosen:
        graduate, _resume = findable(db(), graduate_id)
        match = platform().matching.match(db(), graduate=graduate, posting=posting, today=today())
        matches.append(replace(match, id=graduate.id))
    shown = _shown(posting, matches)
    _record(posting, shown, "candidate_opened")
    return render_template("employers/compare.html", posting=posting, shown=shown)


def _searched_for(posting_id: int) -> Posting:
    """Return the posting candidates are looked for: live, of a verified employer."""
    posting = own_posting(db(), my_member().employer_id, posting_id)
    if posting.status is not PostingStatus.LIVE or not is_verified(posting.employer, on=today()):
        raise NotVerified
    return posting


def _shown(posting: Posting, matches: Iterable[Match]) -> list[Shown]:
    by_id = {match.id: match for match in matches}
    return [
        Shown(
            one,
            by_id[one.graduate_id].met,
            by_id[one.graduate_id].asked,
            by_id[one.graduate_id].fit,
            told(by_id[one.graduate_id].reasons),
            told(by_id[one.graduate_id].missing),
            by_id[one.graduate_id].score < REMOTE,
        )
        for one in candidates(db(), posting_id=posting.id, graduate_ids=list(by_id))
    ]


def _record(posting: Posting, shown: Sequence[Shown], action: str) -> None:
    record_looks(
        db(),
        by=me(),
        graduate_ids=[one.candidate.graduate_id for one in shown],
        action=action,
        at=now(),
        on_behalf_of=posting.employer.name,
        title=posting.title,
    )
