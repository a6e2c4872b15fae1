"""Count who was retained, by unit, month and grade, and prove that the ledger adds up to it."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from scripts.session import open_session
from webapp.domain.definitions import definition, definitions, standard
from webapp.domain.programme import unit_name
from webapp.queries.breakdowns import Dimension
from webapp.queries.retention import RetentionCount, refold_agrees, retention_count

CHOICES = click.Choice(list(definitions()))


@click.command(help="Count the graduates retained in a period.")
@click.option("--period", "period_id", required=True, help="Period, e.g. P14 or P15.")
@click.option("--definition", "by", type=CHOICES, default=standard().id, help="What is counted.")
@click.option("--unit", help="Code of one reporting unit.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(period_id: str, by: str, unit: str | None, *, as_json: bool) -> None:
    """Print the count and fail if the refold of the ledger differs."""
    with open_session() as session:
        counted = retention_count(session, period_id=period_id, definition=definition(by), unit=unit)
        agrees = refold_agrees(session, period_id)
        if as_json:
            click.echo(json.dumps(_as_json(counted, agrees), ensure_ascii=False, indent=2))
        else:
            _print(counted, agrees)
    if not agrees:
        raise SystemExit(1)


def _as_json(counted: RetentionCount, agrees: bool) -> dict[str, Any]:
    return {
        "period": counted.period.id,
        "name": counted.period.name,
        "status": counted.period.status,
        "ruleset": counted.period.ruleset_id,
        "definition": counted.definition.id,
        "unit": counted.unit,
        "count": counted.total,
        **{f"by_{name.value}": dict(sums) for name, sums in counted.by.items()},
        "target": None if counted.target is None else int(counted.target),
        "reported": [
            {"label": one.label, "value": int(one.value), "status": one.status, "source": one.source}
            for one in counted.reported
        ],
        "refold_agrees": agrees,
    }


def _print(counted: RetentionCount, agrees: bool) -> None:
    target = "目标待录入" if counted.target is None else f"{counted.target:,.0f}"
    console = Console()
    console.print(f"{counted.period.name}：可追溯 [bold]{counted.total:,}[/] 人，目标 {target}")
    console.print(f"口径：{counted.definition.name}；规则 {counted.period.ruleset_id}")
    for one in counted.reported:
        console.print(f"上报（未核实，不相加）{one.label}：{one.value:,.0f}，来源：{one.source}")
    table = Table("填报单位", "人数")
    for code, total in counted.by[Dimension.UNIT].items():
        table.add_row(unit_name(code), f"{total:,}")
    console.print(table)
    console.print(
        "与账本逐笔重算一致。" if agrees else "[red]与账本逐笔重算不一致，请运行 ledger verify。[/]"
    )
