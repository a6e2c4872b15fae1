"""Load periods, targets and reported figures of the programme."""

from pathlib import Path

import click

from scripts.session import open_session
from webapp.clock import now
from webapp.domain.programme import FOLDER
from webapp.services import programme

PATH = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(help="Load periods, targets and reported figures from FOLDER; doing it twice changes nothing.")
@click.argument("folder", type=PATH, default=FOLDER)
def command(folder: Path) -> None:
    """Load the programme."""
    with open_session() as session:
        loaded = programme.load_programme(session, folder=folder, at=now())
    click.echo("，".join(f"{name}: {count}" for name, count in loaded.items()))
