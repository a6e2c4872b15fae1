"""Bring the matching index up to date, so that the next process starts quickly."""

import click

from scripts.session import engine, open_session, settings
from webapp.database import transactions
from webapp.services.matching import Matching
from webapp.services.readers import Readers
from webapp.services.upkeep import keep_index


@click.command(help="Embed what is missing, change over to another encoder if one is set, write a snapshot.")
def command() -> None:
    """Bring the index up to date and save it; stop it at any time and run it again."""
    encoder, folder, milvus = settings().encoder, settings().snapshots, settings().milvus
    transaction = transactions(engine())
    readers = Readers.of(settings())
    for waiting in keep_index(transaction, encoder=encoder, folder=folder, milvus=milvus, readers=readers):
        click.echo(f"{waiting} documents still need a vector of {encoder}.", err=True)
    matching = Matching(encoder=encoder, folder=folder)
    with open_session() as session:
        matching.refresh(session)
    ready = matching.engine
    click.echo(f"{len(ready.postings)} postings and {len(ready.resumes)} resumes are indexed.")
