"""Match the whole city: everybody's short list under the capacity of every posting."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scripts.session import engine, open_reading, settings
from webapp.clock import now, today
from webapp.database import transactions
from webapp.queries.market import last_run
from webapp.services.market import Trial, run_market, try_market

Turn = TypeVar("Turn", tuple[int, int], Trial)


@click.group(help="Run the nightly market now.")
def command() -> None:
    """Group the deeds on the market."""


@command.command(help="Go on with the run that was begun, or begin one; a stopped run is taken up again.")
@click.option("--sample", type=click.IntRange(1), help="Only try about so many graduates, and keep nothing.")
def run(sample: int | None) -> None:
    """Match, and say how it goes."""
    transaction = transactions(engine())
    if sample is None:
        _last(run_market(transaction, settings(), clock=now), "块")
        with open_reading() as session:
            found = last_run(session)
        click.echo(_told(found.measures) if found else "没有可以匹配的毕业生或岗位。")
        return
    tried: Trial | None = _last(try_market(transaction, settings(), people=sample, on=today()), "人")
    if tried is None:
        click.echo("没有可以匹配的毕业生。")
        return
    click.echo(_estimated(tried))


def _last(turns: Iterator[Turn], unit: str) -> Turn | None:
    """Show how it goes; return the last turn."""
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn())
    turn = None
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(f"匹配（{unit}）", total=None)
        for turn in turns:
            bar.update(task, completed=turn[0], total=turn[1])
    return turn


def _estimated(tried: Trial) -> str:
    comparing, allocating = tried.comparing / 3600, tried.allocating / 3600
    return (
        f"试算 {tried.compared} 人；全部 {tried.everybody} 人约需 {comparing + allocating:.2f} 小时："
        f"比较 {comparing:.2f} 小时，分配名单 {allocating:.2f} 小时。\n"
        "两项都由试算按人数放大；所有人一起争名额时，分配会多花些时间。写入名单的时间不在内。\n"
        "没有写入任何结果。"
    )


def _told(measures: Mapping[str, Any]) -> str:
    lists, plain = measures["lists"], measures["plain"]
    return (
        f"{measures['graduates']} 名毕业生，{measures['postings']} 个岗位；"
        f"每个名额最多进入 {measures['lists_per_opening']} 份名单。\n"
        f"有合适人选的岗位：{lists['covered']:.1%}（各选各的：{plain['covered']:.1%}）；"
        f"曝光基尼系数：{lists['gini']:.3f}（{plain['gini']:.3f}）；"
        f"超出名额的岗位：{lists['over']:.1%}（{plain['over']:.1%}）；"
        f"名单质量 nDCG：{lists['ndcg']:.3f}。"
    )
