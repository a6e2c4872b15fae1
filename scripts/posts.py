"""Look after the ledger of posts raised."""

import itertools
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import click

from scripts._differences import fail_on
from scripts._options import as_json
from scripts.session import engine, open_reading, open_session
from webapp.clock import now, today
from webapp.database import transactions
from webapp.domain.post_ledger import Cell
from webapp.queries.post_checks import differences, fold
from webapp.services import post_ledger

MOST = 100
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help="Take postings into the ledger of posts, verify it, tell its totals as of any day.")
def command() -> None:
    """Group the deeds on the post ledger."""


@command.command(help="Take every published posting the ledger has not taken yet; go on after a kill.")
def enter() -> None:
    """Fill the ledger from postings published before it, or past it."""
    transaction = transactions(engine())
    done = 0

    def told(number: int) -> None:
        nonlocal done
        done = number
        click.echo(f"\r已登记 {done:,} 条招聘信息", nl=False, err=True)

    post_ledger.enter_missing(transaction, at=now(), told=told)
    click.echo(f"\n共登记 {done:,} 条。", err=True)


@command.command(help="Compare every sum and post with the entries. Names each difference, exits with 1.")
def verify() -> None:
    """Say whether what is kept is what was written."""
    with open_reading() as session:
        found = list(itertools.islice(differences(session), MOST))
    fail_on(found)
    click.echo("岗位账本完好：合计、岗位与逐笔记录一致。")


@command.command(help="Print a period's posts by unit, kind and month, from the entries until a day.")
@click.option("--period", "period_id", required=True, help="For example P15.")
@click.option("--as-of", "until", type=DAY, help="The last day, as it was known then. Default: today.")
@as_json
def count(period_id: str, until: datetime | None, *, as_json: bool) -> None:
    """Fold the entries up to a day."""
    day = until.date() if until else today()
    with open_reading() as session:
        cells = {cell: sums for cell, sums in fold(session, day).items() if cell.period_id == period_id}
    said = {
        "period": period_id,
        "as_of": day.isoformat(),
        "total": sum(total for total, _paid in cells.values()),
        "well_paid": sum(paid for _total, paid in cells.values()),
        **{f"by_{name}": _by(cells, name) for name in ("unit", "kind", "month")},
    }
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    click.echo(f"{period_id}，截至 {day}：岗位 {said['total']:,} 个，其中高薪优岗 {said['well_paid']:,} 个。")


@command.command(help="Write down what the market pays this month, for the threshold of well-paid posts.")
def market() -> None:
    """Set the market's part of the threshold, once a month."""
    with open_session() as session:
        degrees = post_ledger.set_market(session, on=today(), at=now())
    click.echo(f"本月按市场工资确定了 {degrees} 个学历的高薪标准。")


def _by(cells: Mapping[Cell, tuple[int, int]], name: str) -> dict[str, int]:
    """Return the places by one part of their cell."""
    places: Counter[str] = Counter()
    for cell, (total, _paid) in sorted(cells.items()):
        places[getattr(cell, name)] += total
    return dict(places)
