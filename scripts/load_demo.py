"""Load the demo programme: invented people and employers with a story of many months."""

import sys
from pathlib import Path

import click
from rich.console import Console

from scripts.session import open_session, settings
from webapp.clock import now
from webapp.services.demo import is_loaded, load_demo
from webapp.settings import ROOT


@click.command(help="Load the demo programme unless it is there: invented people, employers and their story.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "data" / "demo",
    show_default="data/demo",
)
def command(folder: Path) -> None:
    """Load once; a production installation is never filled with invented people."""
    if settings().production:
        raise click.ClickException("this is a production installation: the demo programme stays out of it")
    with open_session() as session:
        if is_loaded(session):
            click.echo("The demo programme is already there.")
            return
        with Console(stderr=True).status("Telling the story of the demo programme…"):
            summary = load_demo(
                session,
                folder=folder,
                at=now(),
                pepper=settings().pepper,
                file_key=settings().fernet_key,
            )
    click.echo(
        f"{summary.graduates} graduates, {summary.employers} employers, {summary.postings} postings, "
        f"{summary.deeds} deeds."
    )
    for refused in summary.refused:
        click.echo(f"refused: {refused.name} at {refused.at}: {refused.reason}", err=True)
    sys.exit(1 if summary.refused else 0)
