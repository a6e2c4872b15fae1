"""Look after the matching index."""

import sys
from itertools import islice

import click

from scripts.session import open_reading, open_session, settings
from webapp.services.index_check import differences
from webapp.services.matching import Matching

MOST = 1000


@click.group(help="Compare the matching index with the database.")
def command() -> None:
    """Group the deeds on the index."""


@command.command(
    help="Start as a web process does, from the snapshot and the changes since, and compare every row with "
    "the database. Names each difference, exits with 1."
)
def verify() -> None:
    """Compare row by row."""
    matching = Matching(encoder=settings().encoder, folder=settings().snapshots)
    with open_session() as session:
        matching.refresh(session)
    with open_reading() as session:
        found = list(islice(differences(session, matching.engine), MOST))
    for difference in found:
        click.echo(f"{difference.message}：{difference.kind.value} {difference.owner_id}")
    if found:
        sys.exit(1)
    ready = matching.engine
    click.echo(f"索引与数据库一致：{len(ready.postings)} 个岗位，{len(ready.resumes)} 份简历。")
