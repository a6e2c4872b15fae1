"""Postings that fit me, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import render_template
from flask.typing import ResponseReturnValue

from matcher.documents import Match
from webapp.auth.access import audience
from webapp.auth.identity import me, my_graduate
from webapp.clock import now, today
from webapp.domain.roles import Role
from webapp.extensions import platform
from webapp.graduates import blueprint
from webapp.graduates.cards import match_cards
from webapp.graduates.filters import MatchFilter
from webapp.models import Graduate
from webapp.queries.digests import wish_of
from webapp.queries.documents import current_resume
from webapp.queries.postings import applied_among, postings_in_order, saved_among
from webapp.ui.paging import SIZE, Page, asked_page
from webapp.ui.search import only_near
from webapp.unit_of_work import db


@blueprint.get("/matches")
@audience(Role.GRADUATE)
def matches() -> ResponseReturnValue:
    """Rank open postings for me; with personalisation off, as for everybody."""
    graduate, number = my_graduate(), asked_page()
    wanted = MatchFilter(degree=graduate.degree if graduate.personalised else None)
    resume = current_resume(db(), graduate.id)
    ranking = platform().matching.rank_postings(
        db(),
        graduate=graduate,
        conditions=wanted.conditions(today=today()),
        today=today(),
        query=wanted.words,
        top=SIZE,
        offset=(number - 1) * SIZE,
    )
    ids = [match.id for match in ranking.matches]
    cards = match_cards(
        ranking.matches,
        postings_in_order(db(), ids),
        saved=saved_among(db(), graduate.id, ids),
        applied=applied_among(db(), graduate.id, ids),
        compared=resume is not None,
    )
    if resume and graduate.matched_at is None:
        graduate.matched_at = now()
    unasked = bool(resume) and graduate.personalised and not wanted.words
    return render_template(
        "graduates/matches.html",
        wanted=wanted,
        page=Page(cards, number, SIZE, ranking.eligible),
        graduate=graduate,
        resume=resume,
        unsaid=only_near(ranking),
        near=[card for card in cards if not (unasked and card.remote)],
        remote=[card for card in cards if unasked and card.remote],
        climb=_climb(graduate, wanted, ranking.matches) if unasked and number == 1 else None,
        offers_letters=unasked and bool(me().email) and wish_of(db(), graduate.id) is None,
        meaning=platform().matching.meaning,
    )


def _climb(graduate: Graduate, wanted: MatchFilter, shown: Sequence[Match]) -> Mapping[str, object] | None:
    """Return the facts of what learning one skill would do to the first page."""
    climb = platform().matching.climb(
        db(), graduate=graduate, shown=shown, conditions=wanted.conditions(today=today()), today=today()
    )
    if climb is None:
        return None
    [posting] = postings_in_order(db(), [climb.posting_id])
    return {**asdict(climb), "title": posting.title}
