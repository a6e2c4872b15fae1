"""Look after the destinations of graduates: sums for the rates, files of what schools have registered."""

import itertools
from pathlib import Path

import click

from scripts._differences import fail_on
from scripts.session import open_reading, open_session
from webapp.clock import now
from webapp.queries.rates import RateFilter, differences
from webapp.services.outcome_files import write_outcomes
from webapp.services.outcomes import rebuild_outcomes

MOST = 100


@click.group(help="Make the sums of destinations anew, verify them, write registered ones to a file.")
def command() -> None:
    """Group the deeds on destinations."""


@command.command(help="Make the sums anew from graduates, registers and claims, as every night.")
def run() -> None:
    """Do the nightly work now."""
    with open_session() as session:
        people = rebuild_outcomes(session, at=now())
    click.echo(f"毕业去向已按 {people:,} 名毕业生重新汇总。")


@command.command(help="Compare the sums with every single graduate. Names each difference, exits with 1.")
def verify() -> None:
    """Say whether the kept sums are those of the rows."""
    with open_reading() as session:
        found = list(itertools.islice(differences(session), MOST))
    fail_on(found, "运行 python -m scripts outcomes run 重新汇总。")
    click.echo("毕业去向汇总与逐人记录一致。")


@command.command(help="Write what schools have registered to FILE; import-outcomes reads it again unchanged.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--institution", "institution_code", help="One school only: its 10-digit code.")
@click.option("--year", type=int, help="One year of graduation only.")
def export(file: Path, institution_code: str | None, year: int | None) -> None:
    """Write a file of registered outcomes."""
    with open_reading() as session:
        number = write_outcomes(session, RateFilter(institution_code=institution_code, year=year), file)
    click.echo(f"已写出 {number:,} 条登记去向：{file}")
