"""Gather everything the reports of a day show, once and for good."""

from datetime import datetime

import click
from rich.console import Console
from rich.progress import Progress

from scripts.session import open_reading, open_session
from webapp.clock import now, today
from webapp.domain.definitions import definitions, standard
from webapp.queries.reports import STEPS
from webapp.services.reports import gather_content, keep_snapshot

CHOICES = click.Choice(list(definitions()))


@click.command(help="Gather what the reports of a day show. The same state has the same number.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day; today if not given.")
@click.option("--period", "period_id", default="P15", show_default=True, help="Period, e.g. P14 or P15.")
@click.option("--definition", "definition_id", type=CHOICES, default=standard().id, show_default=True)
def command(as_of: datetime | None, period_id: str, definition_id: str) -> None:
    """Gather in one unmoving view, then keep it."""
    day = as_of.date() if as_of else today()
    with Progress(console=Console(stderr=True)) as progress, open_reading() as reading:
        bar = progress.add_task("汇集数据", total=len(STEPS))
        content = gather_content(
            reading,
            period_id=period_id,
            definition_id=definition_id,
            as_of=day,
            at=now(),
            tell=lambda done: progress.update(bar, completed=done),
        )
    with open_session() as session:
        click.echo(keep_snapshot(session, content, at=now(), by_id=None).id)
