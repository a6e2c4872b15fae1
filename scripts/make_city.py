"""Make a city of invented people, to measure on: any size, always the same for a seed."""

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from scripts.session import engine, settings
from webapp.clock import now
from webapp.database import session_factory, session_scope
from webapp.migrations import upgrade
from webapp.services.city import make_city
from webapp.services.city.plan import LARGEST
from webapp.services.programme import load_programme


@click.command(help="Make a city of invented graduates, employers, claims and counts in an EMPTY database.")
@click.option("--graduates", type=click.IntRange(100, LARGEST), default=10_000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same city.")
@click.option("--postings", type=click.IntRange(0), default=0, help="Live postings of the employers.")
@click.option("--resumes", type=click.IntRange(0), default=0, help="Newest graduates who have a resume.")
def command(graduates: int, seed: int, postings: int, resumes: int) -> None:
    """Migrate, load the programme and write everybody in one transaction."""
    if settings().production:
        raise click.ClickException("this is a production installation: invented people stay out of it")
    connected = engine()
    upgrade(connected)
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True)) as progress,
        session_scope(session_factory(connected)) as session,
    ):
        task = progress.add_task("合成城市", total=graduates)
        load_programme(session, at=now())
        city = make_city(
            session,
            graduates=graduates,
            seed=seed,
            pepper=settings().pepper,
            postings=postings,
            resumes=resumes,
            told=lambda done: progress.update(task, completed=done),
        )
    click.echo(f"{len(city.plan):,} graduates, {len(city.firms):,} employers, {city.officers} officers.")
