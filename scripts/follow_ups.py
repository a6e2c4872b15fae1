"""Look after the follow-up of those who were counted."""

import click

from scripts._differences import fail_on
from scripts.session import open_reading, open_session
from webapp.clock import now, today
from webapp.queries import followups as queries
from webapp.services.followups import follow_up_everybody

MOST = 100


@click.group(help="Open and close follow-ups, make their sums anew, verify them.")
def command() -> None:
    """Group the deeds on the follow-up."""


@command.command(help="Open what is due, close what is over and make the sums anew, as every night.")
def run() -> None:
    """Do the nightly work now."""
    opened, closed = follow_up_everybody(open_session, at=now())
    click.echo(f"新到期 {opened} 人次，逾期未答复 {closed} 人次，汇总已更新。")


@command.command(help="Compare the sums with every single follow-up. Names each difference, exits with 1.")
def verify() -> None:
    """Say whether the kept sums are those of the rows."""
    with open_reading() as session:
        found = queries.differences(session, on=queries.summed_on(session) or today())
    fail_on(found[:MOST], f"共 {len(found)} 处不符。运行 python -m scripts follow-ups run 重新汇总。")
    click.echo("汇总与逐条记录一致。")
