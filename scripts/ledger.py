"""Look after the ledger of the retained count."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

import click

from scripts._options import as_json
from scripts.session import engine, open_reading, open_session
from webapp.clock import now
from webapp.domain.chain import Problem
from webapp.domain.heads import HeadLine, heads_in
from webapp.migrations.roles import make_role
from webapp.queries import ledger
from webapp.queries.books import sealed
from webapp.services import closing
from webapp.services.ledger import verify_chain

MOST = 1000
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(
    help="Verify the ledger of the retained count, tell a past day again, close months, publish heads."
)
def command() -> None:
    """Group the deeds on the ledger."""


@command.command(
    help="Check every row, then all that is kept beside the ledger. Names each problem, exits with 1."
)
@click.option(
    "--head", "kept", type=click.File(encoding="utf-8"), help="Also compare heads somebody has kept."
)
def verify(kept: TextIO | None) -> None:
    """Walk the whole ledger."""
    heads = heads_in(kept) if kept else []
    with open_reading() as session:
        problems = [*verify_chain(session, most=MOST), *sealed(session, heads)]
        last = ledger.head_now(session)
    _fail_on(problems)
    click.echo(f"账本完好，共 {last.seq} 行。")
    if heads:
        click.echo(f"与留存的 {len(heads)} 个账本哈希一致。")


@command.command(
    help="Print the last row's number and hash, or those at the end of a day, as a line to keep elsewhere."
)
@click.option("--on", type=DAY, help="A past day, as it was known then.")
@click.option("--publish", is_flag=True, help="Make the head of that day (default: yesterday) public.")
def head(on: datetime | None, *, publish: bool) -> None:
    """Print or publish the head of the chain."""
    if publish:
        with open_session() as session:
            day = on.date() if on else closing.yesterday(now())
            said = closing.publish_head(session, day=day, at=now())
            click.echo(HeadLine(said.day.isoformat(), said.seq, said.hash))
        return
    with open_reading() as session:
        last = ledger.head_on(session, on.date()) if on else ledger.head_now(session)
    click.echo(f"{last.seq} {last.hash}")


@command.command(help="Tell the totals of a past day again, as known then, from every entry until its end.")
@click.option("--to", "day", type=DAY, required=True, help="The last day, e.g. 2026-06-30.")
@click.option("--period", "period_id", help="One period only.")
@as_json
def replay(day: datetime, period_id: str | None, *, as_json: bool) -> None:
    """Fold the entries up to a day."""
    with open_reading() as session:
        told = ledger.replay(session, day.date())
    periods = [period_id] if period_id else sorted({cell.period_id for cell in told.totals.cells})
    said = {
        "to": told.to.isoformat(),
        "seq": told.head.seq,
        "hash": told.head.hash,
        "periods": {
            one: {
                "total": told.totals.of(one).total,
                **{f"by_{name}": told.totals.of(one).by(name) for name in ledger.VIEWS},
            }
            for one in periods
        },
    }
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    click.echo(f"截至 {told.to}（第 {told.head.seq} 行）：")
    for one in periods:
        click.echo(f"{one}：{told.totals.of(one).total:,} 人")


@command.command(
    "close-month", help="Close a posting month for good; what becomes known later is posted after it."
)
@click.argument("month")
def close_month(month: str) -> None:
    """Close one month, in order."""
    with open_session() as session:
        closed = closing.close_month(session, month=month, at=now())
        click.echo(f"{closed.month} 已结账，账本到第 {closed.seq} 行 {closed.hash}")


@command.command(help="Make the sums and live counts kept beside the ledger anew from its entries.")
def rebuild() -> None:
    """Rebuild what can be derived."""
    with open_session() as session:
        closing.rebuild_sums(session)
    click.echo("合计表、存量表和身份合并表已按账本重建。")


@command.command(
    "make-role",
    help="PostgreSQL: make the role NAME the platform logs in as. It may add to the ledger and read it, "
    "never change or remove a row. Run it as the owner of the tables; repeat it after each migration.",
)
@click.argument("name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def role(name: str, password: str) -> None:
    """Make the role with the fewest rights."""
    make_role(engine(), name=name, password=password)
    click.echo(f"角色 {name} 已就绪：对账本只能新增和读取。请把 DATABASE_URL 换成这个角色。")


def _fail_on(problems: Iterable[Problem]) -> None:
    found = list(problems)
    for problem in found:
        place = f"第 {problem.seq} 行" if problem.seq else "账本之外"
        click.echo(f"{place}：{problem.message}{f'（{problem.where}）' if problem.where else ''}")
    if len(found) >= MOST:
        click.echo(f"只列出前 {MOST} 处，可能还有更多。")
    if found:
        sys.exit(1)
