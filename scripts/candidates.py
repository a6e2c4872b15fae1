"""Rank graduates for a posting."""

import click

from matcher.documents import Conditions
from scripts.match import printable, show
from scripts.session import open_session, settings
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.models import Posting
from webapp.services.matching import Matching


@click.command(help="Rank the graduates who let themselves be found for a posting, and say why each fits.")
@click.option("--posting", "posting_id", type=int, required=True, help="Number of the posting.")
@click.option("--top", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def command(posting_id: int, top: int, as_json: bool) -> None:
    """Rank and print; graduates appear by number, never by name."""
    matching = Matching(encoder=settings().encoder, folder=settings().snapshots)
    with open_session() as session:
        posting = session.get(Posting, posting_id)
        if posting is None:
            raise NotFound
        ranking = matching.rank_candidates(
            session, posting=posting, conditions=Conditions(), today=today(), top=top
        )
        rows = [
            printable(match, title=posting.title, employer=posting.employer.name) for match in ranking.matches
        ]
    show(rows, as_json=as_json, eligible=ranking.eligible)
