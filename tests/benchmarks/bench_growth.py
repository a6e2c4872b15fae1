"""The same benchmarks at several sizes: one table, how each figure grows, and whether it may.

At every size there is one graduate to be found for so many postings: a city twice as large has twice as many
of both, so that both directions grow. All times are the processor's own, which other work on the machine
troubles least.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from tests.benchmarks import bench_market, bench_match, bench_search, options
from tests.benchmarks.growth import HELD, Figures, complaints, grown
from tests.benchmarks.indexed_city import Start, filled, index, started
from tests.benchmarks.machine import machine
from tests.benchmarks.stock import asked, served
from webapp.database import session_factory, session_scope
from webapp.models import Embedding
from webapp.services.serving import drop_homes

CITY = 1_500_000
PEOPLE_A_QUERY = 10
ROUNDS = 3

Say = Callable[[str], None]


@click.command(help="Run the benchmarks of search, match, index and market at several sizes; fit the growth.")
@click.option("--sizes", default="50000,500000,2000000", show_default=True, help="So many postings each.")
@click.option(
    "--graduates",
    default=0.1,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="So many graduates may be found for every posting, at every size.",
)
@click.option("--sample", default=100, show_default=True, help="So many queries and resumes are tried.")
@options.folder
@options.as_json
def command(*, sizes: str, graduates: float, sample: int, folder: Path | None, as_json: bool) -> None:
    """Measure size by size, fit, print; exits with 1 where anything grows faster than it may."""
    numbers = sorted({int(size) for size in sizes.split(",")})
    if len(numbers) < 2 or numbers[0] < 1:
        raise click.UsageError("growth shows between two sizes or more: --sizes 50000,500000")
    say = Console(stderr=True).log
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(TemporaryDirectory()))
        runs = {size: kept(home, size, max(1, round(size * graduates)), sample, say) for size in numbers}
    rows = grown({size: run["figures"] for size, run in runs.items()})
    recalls = {size: run["recall"] for size, run in runs.items()}
    sentences = [*complaints(rows, recalls)]
    machines = {size: run["machine"] for size, run in runs.items()}
    told = {"machines": machines, "graduates_a_posting": graduates, "sample": sample, "recall": recalls}
    told |= {"results": rows, "complaints": sentences}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show(numbers, rows)
    for sentence in sentences:
        click.echo(sentence, err=True)
    if sentences:
        sys.exit(1)


def kept(folder: Path, postings: int, people: int, sample: int, say: Say) -> dict[str, dict]:
    """Measure one size, unless an earlier run has; the city and its index stay in the folder of the size."""
    home = folder / f"{postings}-{people}"
    home.mkdir(parents=True, exist_ok=True)
    note = home / f"figures-{sample}.json"
    if not note.exists():
        found = {"machine": machine(), **measured(home, postings, people, sample, say)}
        note.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    say(f"{postings:,} postings: measured")
    return json.loads(note.read_text("utf-8"))  # type: ignore[no-any-return]


def measured(home: Path, postings: int, people: int, sample: int, say: Say) -> dict[str, object]:
    """Make a city, index it, and run every benchmark on the same index."""
    say(f"{postings:,} postings: making the city")
    engine = filled(home, None, postings, people)
    say(f"{postings:,} postings: indexing")
    spent = built(home, engine)
    with session_scope(session_factory(engine)) as session:
        say(f"{postings:,} postings: matching")
        start = started(session, home)
        figures = {
            "index built, s": spent,
            "index, s per 1,000 documents": spent / (postings + people) * 1000,
            "start from snapshot, s": start.cpu,
            "snapshot, MB": snapshot_mb(home, start),
            **matched(session, start, sample),
        }
        say(f"{postings:,} postings: searching")
        stock = served(session, start.matching, home)
    engine.dispose()
    results = bench_search.compared(stock, asked(sample), (), lambda _: None)["results"]
    figures |= searched(results) | {HELD: stock.size / 2**20}
    say(f"{postings:,} postings: the market")
    recall = min(row["recall"] for row in results if row["index"] == "planned")
    return {"recall": recall, "figures": figures | marketed(start, sample)}


def built(home: Path, engine: Engine) -> float:
    """Return the seconds that indexing took; what was cut off begins anew, or its vectors would be free."""
    note = home / "built.json"
    if not note.exists():
        with session_scope(session_factory(engine)) as session:
            session.execute(delete(Embedding))
        drop_homes(home, keep=set())
        before = process_time()
        index(engine, home)
        note.write_text(json.dumps(process_time() - before), "utf-8")
    return float(json.loads(note.read_text("utf-8")))


def snapshot_mb(home: Path, start: Start) -> float:
    """Add up the files of both sides' current versions."""
    engine = start.matching.engine
    sides = {"postings": engine.postings, "resumes": engine.resumes}
    folders = [home / engine.model_id / name / side.state.segments[0].version for name, side in sides.items()]
    return sum(path.stat().st_size for folder in folders for path in folder.iterdir()) / 2**20


def matched(session: Session, start: Start, sample: int) -> Figures:
    """Match whole resumes and whole postings."""
    resumes = bench_match.judged_resumes(sample)
    found = bench_match.measured(session, start, resumes, rounds=ROUNDS, everything=0)
    rows = {row["what"]: row for row in found["results"]}
    return {
        f"{what}, {part} ms": rows[what][f"cpu_{part}_ms"]
        for what in ("match", "candidates")
        for part in ("p50", "p99")
    }


def searched(results: Sequence[Mapping]) -> Figures:
    """Pick our times under every filter, and the baseline's under none."""
    shown = [row for row in results if row["index"] == "planned" or row["filter"] == "all"]
    names = {"planned": "search"}
    return {
        f"{names.get(row['index'], row['index'])}, {row['filter']}, p50 ms": row["cpu_p50_ms"]
        for row in shown
    }


def marketed(start: Start, sample: int) -> Figures:
    """Multiply graduates with every posting, and say how long it takes for those of a whole city.

    Comparing and allocating cost a graduate the same in a city of any size, so they are left out.
    """
    engine, people = start.matching.engine, sample * PEOPLE_A_QUERY
    offers = engine.postings.state.segments[0].index.halves.astype(np.float32)
    found = bench_market.multiplied(engine.encoder, offers, people)
    return {
        "market, million pairs a second": found["pairs_per_second"] / 1e6,
        "market of the city, core h": found["cpu_s"] * CITY / people / 3600,
    }


def show(sizes: Sequence[int], rows: Sequence[Mapping]) -> None:
    """Print the table for a person."""
    table = Table("what", *(f"{size:,}" for size in sizes), "growth", "at most")
    for row in rows:
        table.add_row(
            row["what"], *(f"{row[str(size)]:g}" for size in sizes), str(row["growth"]), str(row["at_most"])
        )
    Console().print(table)
