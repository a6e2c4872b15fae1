"""Write a snapshot of the matching index, so that the next process starts quickly."""

import click

from scripts.session import open_session, settings
from webapp.services.matching import Matching


@click.command(help="Embed what is missing and write a snapshot of the index; losing it loses nothing.")
def command() -> None:
    """Bring the index up to date and save it."""
    matching = Matching(encoder=settings().encoder, folder=settings().snapshots, encodes=True)
    with open_session() as session:
        matching.refresh(session)
    matching.save()
    engine = matching.engine
    click.echo(f"{len(engine.postings)} postings and {len(engine.resumes)} resumes are indexed.")
