"""Look after the matching index."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from sqlalchemy.orm import Session

from matcher.engine import MatchingEngine
from scripts._differences import fail_on
from scripts.session import open_reading, settings
from webapp.models.matching import OwnerKind
from webapp.services.following import Follower, IndexNotReady, snapshots_of
from webapp.services.index_check import Difference, differences
from webapp.services.serving import answering_engine

SHOWN = 5
NAMES = {OwnerKind.POSTING: "个岗位", OwnerKind.RESUME: "份简历"}


@click.group(help="Compare the matching index with the database.")
def command() -> None:
    """Group the deeds on the index."""


@command.command(
    help="Start as a web process does, from the snapshot and the changes since, and compare every row with "
    "the database: its vector, its attributes, the text that was read. Counts what differs, exits with 1."
)
def verify() -> None:
    """Compare row by row; writes nothing."""
    with open_reading() as session:
        engine = _opened(session)
        lines = list(_told(_compared(session, engine)))
    postings, resumes = snapshots_of(settings().snapshots / engine.model_id)
    fail_on(lines, f"删除 {postings} 和 {resumes}，再运行 python -m scripts build-index，索引会重建。")
    click.echo(f"索引与数据库一致：{len(engine.postings)} 个岗位，{len(engine.resumes)} 份简历。")


def _opened(session: Session) -> MatchingEngine:
    """Open the engine that answers, with its index brought to what the session sees."""
    engine = answering_engine(lambda: nullcontext(session), settings())
    try:
        Follower(engine, folder=settings().snapshots, encodes=False, waits=True).follow(
            lambda: nullcontext(session)
        )
    except IndexNotReady:
        raise click.ClickException(
            "还没有可以核对的索引快照。先运行 python -m scripts build-index。"
        ) from None
    return engine


def _compared(session: Session, engine: MatchingEngine) -> Iterator[Difference]:
    """Compare, and show how far it is."""
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("核对索引", total=None)
        yield from differences(
            session, engine, told=lambda done, total: bar.update(task, completed=done, total=total)
        )


def _told(found: Iterable[Difference]) -> Iterator[str]:
    """Say how many differ in what, with the first few ids of each."""
    counts, first = Counter[tuple[str, OwnerKind]](), defaultdict[tuple[str, OwnerKind], list[int]](list)
    for difference in found:
        alike = difference.message, difference.kind
        counts[alike] += 1
        if counts[alike] <= SHOWN:
            first[alike].append(difference.owner_id)
    for (message, kind), number in counts.items():
        ids = "、".join(map(str, first[message, kind]))
        yield f"{message}：{number} {NAMES[kind]}（编号 {ids}{' 等' if number > SHOWN else ''}）。"
