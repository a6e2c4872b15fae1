"""Rank graduates for a posting."""

from dataclasses import replace

import click
from sqlalchemy.orm import joinedload

from matcher.documents import Conditions, Match
from scripts._options import as_json
from scripts.match import printable, show
from scripts.session import open_session, settings
from webapp.clock import today
from webapp.domain.degrees import LABELS
from webapp.domain.errors import NotFound
from webapp.models import Posting
from webapp.queries.candidates import Candidate, candidates, discreet
from webapp.services.matching import Matching


@click.command(help="Rank the graduates who let themselves be found for a posting, and say why each fits.")
@click.option("--posting", "posting_id", type=int, required=True, help="Number of the posting.")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True)
@as_json
def command(posting_id: int, top: int, as_json: bool) -> None:
    """Rank and print; graduates appear by number and studies, never by name."""
    matching = Matching(encoder=settings().encoder, folder=settings().snapshots)
    with open_session() as session:
        posting = session.get(Posting, posting_id, options=[joinedload(Posting.employer)])
        if posting is None:
            raise NotFound
        ranking = matching.rank_candidates(
            session, posting=posting, conditions=Conditions(), today=today(), top=top
        )
        people = candidates(
            session, posting_id=posting.id, graduate_ids=[match.id for match in ranking.matches]
        )
        titles = {one.graduate_id: headline(one) for one in people}
        rows = [
            printable(_told(match), title=titles[match.id], employer=posting.employer.name)
            for match in ranking.matches
            if match.id in titles
        ]
    show(rows, as_json=as_json, eligible=ranking.eligible)


def headline(one: Candidate) -> str:
    """Name a candidate by what an employer's list says of them: major, degree, year of graduation."""
    known = (
        one.major or "专业未填",
        LABELS[one.degree] if one.degree else "",
        f"{one.graduation_on.year} 届" if one.graduation_on else "",
    )
    return " · ".join(filter(None, known))


def _told(match: Match) -> Match:
    return replace(match, reasons=discreet(match.reasons), missing=discreet(match.missing))
