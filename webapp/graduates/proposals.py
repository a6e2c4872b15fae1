"""What the first page proposes: of last night's list, or else the best matches of this moment."""

from collections.abc import Collection, Sequence

from matcher.documents import Conditions, Match
from matcher.scoring import REMOTE
from webapp.clock import today
from webapp.extensions import platform
from webapp.graduates.cards import MatchCard, match_cards
from webapp.models import Graduate
from webapp.queries.market import picked
from webapp.queries.postings import postings_in_order
from webapp.unit_of_work import db

BEST = 3


def picked_cards(graduate: Graduate, applied: Collection[int]) -> list[MatchCard]:
    """Return the first of last night's list that still fit; with personalisation off there is none."""
    listed = picked(db(), graduate.id) if graduate.personalised else []
    fresh = [id for id in listed if id not in applied]
    if not fresh:
        return []
    matches = platform().matching.matches(
        db(), graduate=graduate, posting_ids=fresh, conditions=_wished(graduate), today=today()
    )
    return _cards([match for match in matches if match.score >= REMOTE][:BEST])


def best_cards(graduate: Graduate, applied: Collection[int]) -> list[MatchCard]:
    """Return the best matches of a wished kind not yet applied to; what is remote is not proposed."""
    ranking = platform().matching.rank_postings(
        db(), graduate=graduate, conditions=_wished(graduate), today=today(), top=BEST + len(applied)
    )
    fresh = [
        match
        for match in ranking.matches
        if match.id not in applied and (match.score >= REMOTE or not graduate.personalised)
    ]
    return _cards(fresh[:BEST])


def _wished(graduate: Graduate) -> Conditions:
    return Conditions(kinds=frozenset(graduate.kinds))


def _cards(matches: Sequence[Match]) -> list[MatchCard]:
    return match_cards(matches, postings_in_order(db(), [match.id for match in matches]))
