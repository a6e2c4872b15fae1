"""Look after the sums of the planner."""

import click
from sqlalchemy import select

from scripts._differences import fail_on
from scripts.session import open_reading, open_session
from webapp.clock import now
from webapp.models import Period
from webapp.queries.planner import differences, kept_on
from webapp.services.planner import sum_up

MOST = 100


@click.group(help="Sum up anew who is how far from being counted, verify the sums.")
def command() -> None:
    """Group the deeds on the planner."""


@command.command(help="Make the sums anew, as every night.")
def run() -> None:
    """Do the nightly work now."""
    written = sum_up(open_reading, open_session, at=now())
    click.echo(f"缺口分析的汇总已更新，共 {written:,} 项。")


@command.command(help="Compare the sums with every single graduate. Names each difference, exits with 1.")
def verify() -> None:
    """Say whether the kept sums are those of the people, counted as of the day the sums were made."""
    found = []
    with open_reading() as session:
        for period in session.scalars(select(Period).order_by(Period.start_on)).all():
            if on := kept_on(session, period.id):
                found += differences(session, period, on=on)
    fail_on(found[:MOST], f"共 {len(found)} 处不符。运行 python -m scripts planner run 重新汇总。")
    click.echo("汇总与逐条记录一致。")
