"""Look after the sums of the funnel."""

import click

from scripts._differences import fail_on
from scripts.session import open_reading, open_session
from webapp.clock import now
from webapp.models import FunnelTotal
from webapp.queries.funnel import summed
from webapp.queries.kept import differing
from webapp.queries.periods import periods
from webapp.services.funnel import rebuild_funnel


@click.group(help="Make the sums of the funnel (registered to still here) anew, verify them.")
def command() -> None:
    """Group the deeds on the funnel."""


@command.command(help="Make the sums anew, as every night.")
def run() -> None:
    """Do the nightly work now."""
    with open_session() as session:
        rebuild_funnel(session, at=now())
    click.echo("漏斗汇总已更新。")


@command.command(help="Compare the sums with every single graduate. Names each difference, exits with 1.")
def verify() -> None:
    """Say whether the kept sums are those of the rows as they are now."""
    with open_reading() as session:
        found = differing(session, FunnelTotal, summed(periods(session)))
    fail_on(found, f"共 {len(found)} 处与现状不符。运行 python -m scripts funnel run 重新汇总。")
    click.echo("汇总与逐条记录一致。")
