"""Bring the database to the newest schema."""

import click

from scripts.session import engine
from webapp.migrations import upgrade


@click.command(help="Bring the database to the newest schema; doing it twice changes nothing.")
def command() -> None:
    """Run the migrations."""
    upgrade(engine())
    click.echo("The database is at the newest schema.")
