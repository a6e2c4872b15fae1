"""Count who was retained, as known on any day, from every entry of the ledger until then."""

import json
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from scripts._options import as_json
from scripts.session import open_reading
from webapp.clock import today
from webapp.domain.definitions import definition, definitions, standard
from webapp.domain.programme import unit_name
from webapp.queries.asof import Answer, count_as_of
from webapp.queries.publications import count_again, find_figure

DAY = click.DateTime(["%Y-%m-%d"])
CHOICES = click.Choice(list(definitions()))


@click.command(
    help="Count the graduates retained in a period, as known at the end of a day; the same question gives "
    "the same bytes. With --published count a published figure again and say whether it stands."
)
@click.option("--period", "period_id", help="Period, e.g. P14 or P15.")
@click.option("--definition", "by", type=CHOICES, default=standard().id, show_default=True, help="口径.")
@click.option("--as-of", "day", type=DAY, help="Last day that is looked at; today where it is left out.")
@click.option("--unit", help="Code of one reporting unit.")
@click.option("--published", type=int, help="Number of a published figure to count again.")
@as_json
@click.option("--explain", is_flag=True, help="With --json, print the whole question too.")
def command(
    period_id: str | None,
    by: str,
    day: datetime | None,
    unit: str | None,
    published: int | None,
    *,
    as_json: bool,
    explain: bool,
) -> None:
    """Fold the entries until a day and fail where two ways of adding up differ."""
    if published is not None:
        _again(published)
        return
    if period_id is None:
        raise click.UsageError("Name a period (--period) or a published figure (--published).")
    with open_reading() as session:
        answer = count_as_of(
            session,
            period_id=period_id,
            definition=definition(by),
            as_of=day.date() if day else today(),
            unit=unit,
        )
    if as_json:
        said = answer.as_json() | ({"asked": answer.asked} if explain else {})
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print(answer)


def _again(figure_id: int) -> None:
    with open_reading() as session:
        figure = find_figure(session, figure_id)
        answer, agrees = count_again(session, figure)
    click.echo(f"已公布 {figure.value:,} 人（截至 {figure.as_of_on}），重新计算 {answer.total:,} 人。")
    click.echo(
        "逐位一致，所据账本与口径未变。" if agrees else "不一致：数字、证据构成、口径或账本与公布时不同。"
    )
    if not agrees:
        raise SystemExit(1)


def _print(answer: Answer) -> None:
    console = Console()
    console.print(f"{answer.period_id}：截至 {answer.as_of}，可追溯 [bold]{answer.total:,}[/] 人")
    console.print(f"口径 {answer.definition.id}：{answer.definition.name}；规则 {answer.ruleset_id}")
    console.print(f"账本到第 {answer.head.seq:,} 行；摘要 {answer.as_json()['digest']}")
    table = Table("填报单位", "人数")
    for code, total in answer.by_unit.items():
        table.add_row(unit_name(code), f"{total:,}")
    console.print(table)
    console.print("证据等级 " + "，".join(f"{grade}：{total:,}" for grade, total in answer.by_grade.items()))
