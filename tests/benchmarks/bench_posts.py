"""The rule of the post ledger on seeded duplicates, and how quickly a ledger takes them."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
from sqlalchemy.orm import Session

from tests.benchmarks import options
from tests.benchmarks.machine import machine, memory_mb, milliseconds
from tests.seeded_posts import measure, seeded, store
from webapp.clock import now
from webapp.database import open_engine, transactions
from webapp.migrations import upgrade
from webapp.queries.post_checks import differences
from webapp.queries.post_ledger import PostDimension, PostFilter, post_breakdown
from webapp.services.post_ledger import enter_missing
from webapp.services.programme import load_programme

SEEDS = (7, 8, 9, 10, 11)
READS = 50


@click.command(help="Find seeded duplicates of posts; say how many are found, how many wrongly, how fast.")
@click.option("--posts", default=1000, show_default=True, help="Posts for every seed.")
@click.option("--ledger", default=2000, show_default=True, help="Posts to take into a ledger on SQLite.")
@options.as_json
def command(posts: int, ledger: int, *, as_json: bool) -> None:
    """Measure the rule, then the ledger."""
    rule = {seed: asdict(measure(seeded(seed, posts))) for seed in SEEDS}
    with TemporaryDirectory() as folder:
        written = _ledger(Path(folder) / "posts.db", ledger)
    said = {"machine": machine(), "rule": rule, "ledger": written, "memory_mb": memory_mb()}
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for seed, found in rule.items():
        click.echo(
            f"种子 {seed}：{found['postings']:,} 条招聘信息，{found['posts']:,} 个岗位；"
            f"查准 {found['precision']:.4f}，查全 {found['recall']:.4f}；"
            f"计 {found['counted']:,} 个名额，应为 {found['true']:,}；留给人判断 {found['questions']} 对"
        )
    click.echo(
        f"入账 {written['postings']:,} 条，每秒 {written['a_second']:,.0f} 条；核对 {written['verify_s']} 秒"
    )


def _ledger(path: Path, posts: int) -> dict[str, object]:
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    transaction = transactions(engine)
    with transaction() as session:
        load_programme(session, at=now())
        number = store(session, seeded(SEEDS[0], posts))
    start = perf_counter()
    enter_missing(transaction, at=now(), told=lambda _done: None)
    taken = perf_counter() - start
    with Session(engine) as session:
        start = perf_counter()
        wrong = list(differences(session))
        verified = perf_counter() - start
        reads = [_timed(session) for _ in range(READS)]
    engine.dispose()
    return {
        "postings": number,
        "a_second": number / taken,
        "verify_s": round(verified, 2),
        "differences": len(wrong),
        "breakdown": milliseconds(reads),
    }


def _timed(session: Session) -> float:
    start = perf_counter()
    post_breakdown(session, PostFilter("P15"), PostDimension.UNIT)
    return perf_counter() - start
