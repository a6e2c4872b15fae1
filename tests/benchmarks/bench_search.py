"""Nearest vectors under filters: ours beside brute force, graphs and a database, with recall."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from matcher.documents import Vector
from tests.benchmarks import options
from tests.benchmarks.machine import machine, milliseconds
from tests.benchmarks.peers import PEERS, Filter, Peer, faiss_flat, opened
from tests.benchmarks.stock import Stock, asked, encoded, indexed

TOP = 100
SHARES = (1.0, 0.1, 0.01, 0.001)
CLOSE = 1e-5
TEXTS = "vectors of postings recombined from the demo's and the judgements' texts by the bundled encoder"


@click.command(help="Search the vectors of made-up postings under filters, beside other indexes.")
@click.option("--postings", default=500_000, show_default=True)
@click.option("--queries", default=100, show_default=True, help="So many made-up resumes are looked up.")
@click.option("--peers", default=",".join(PEERS), show_default=True, help="Compared with these.")
@options.folder
@click.option(
    "--match-folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Search the postings that bench match has made and indexed there, instead of encoding any.",
)
@options.as_json
def command(
    *, postings: int, queries: int, peers: str, folder: Path | None, match_folder: Path | None, as_json: bool
) -> None:
    """Encode, build, measure, print."""
    with TemporaryDirectory() as aside, Console(stderr=True).status("Indexing made-up postings…") as status:
        stock = indexed(match_folder) if match_folder else encoded(folder or Path(aside), postings)
        names = [name for name in peers.split(",") if name not in {"", "flat"}]
        found = {"machine": machine(), **compared(stock, asked(queries), names, status.update)}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        show(found)


def compared(
    stock: Stock, queries: Vector, names: Sequence[str], tell: Callable[[str], None]
) -> dict[str, object]:
    """Search ours beside FAISS flat, and some other peers, under every filter."""
    halves, filters = stock.index.halves, filters_of(stock.trades)
    vectors = halves.astype(np.float32)
    columns = {"draw": draws(len(halves)), "trade": stock.trades}
    results, skipped = [], {}
    for name, peer in opened(iter(names), vectors, columns):
        tell(f"Searching {name}…")
        if isinstance(peer, str):
            skipped[name] = peer
        else:
            results += measured([peer], filters, queries, vectors)
    tell("Searching ours beside FAISS flat…")
    planned = Peer(
        "planned",
        lambda query, top, chosen: stock.index.search(query, top, chosen.mask)[0],
        stock.size / 2**20,
    )
    results = measured([planned, faiss_flat(vectors, columns)], filters, queries, vectors) + results
    speed = bandwidth(vectors)
    return {
        "vectors": TEXTS,
        "postings": len(halves),
        "dimension": halves.shape[1],
        "top": TOP,
        "bandwidth_gb_s": round(speed / 1e9, 1),
        "results": with_limits(results, halves, speed),
        "skipped": skipped,
    }


def draws(count: int) -> np.ndarray:
    """Deal the numbers below 1000 out to the rows by lot, each to as many."""
    return np.random.default_rng(7).permutation(count) * 1000 // count


def filters_of(trades: np.ndarray) -> list[Filter]:
    """Return filters of all shares, and one that is correlated with the vectors: some titles only."""
    drawn = draws(len(trades))
    random = [
        Filter(
            "all" if share == 1 else f"random {share * 100:g}%",
            f"draw < {round(share * 1000)}",
            drawn < round(share * 1000),
        )
        for share in SHARES
    ]
    return [*random, Filter("correlated", "trade < 1", trades < 1)]


def measured(
    peers: Sequence[Peer], filters: Sequence[Filter], asked: Vector, vectors: Vector
) -> list[dict[str, object]]:
    """Time each query on one peer after another, so that other work on the machine troubles all alike."""
    results = []
    for chosen in filters:
        taking = [peer for peer in peers if peer.filters or chosen.everything]
        spent, cpu, recalls = (defaultdict[str, list[float]](list) for _ in range(3))
        for peer in taking:  # what is mapped from disk is touched for the first time
            for query in asked:
                peer.search(query, TOP, chosen)
        for number, query in enumerate(asked):
            scores = vectors @ query
            passing = scores[chosen.mask]
            edge = np.partition(passing, -min(TOP, len(passing)))[-min(TOP, len(passing))] - CLOSE
            for peer in taking[:: -1 if number % 2 else 1]:
                started, worked = perf_counter(), thread_time()
                rows = peer.search(query, TOP, chosen)
                cpu[peer.name].append(thread_time() - worked)
                spent[peer.name].append(perf_counter() - started)
                rows = rows[rows >= 0]
                good = np.count_nonzero(chosen.mask[rows] & (scores[rows] >= edge))
                recalls[peer.name].append(good / min(TOP, len(passing)))
        results += [
            {
                "index": peer.name,
                "filter": chosen.name,
                "selectivity": round(chosen.selectivity, 4),
                **milliseconds(spent[peer.name]),
                "cpu_p50_ms": milliseconds(cpu[peer.name])["p50_ms"] if peer.in_thread else None,
                "recall": round(float(np.mean(recalls[peer.name])), 4),
                "memory_mb": round(peer.memory_mb),
            }
            for peer in taking
        ]
    return results


def bandwidth(vectors: Vector) -> float:
    """Return how many bytes a second one core reads in order."""
    flat, times = vectors.ravel(), []
    for _ in range(5):
        started = perf_counter()
        np.dot(flat, flat)
        times.append(perf_counter() - started)
    return flat.nbytes / min(times)


def with_limits(
    results: Sequence[dict], halves: np.ndarray, bytes_a_second: float
) -> list[dict[str, object]]:
    """Add how each compares with FAISS flat, and with reading every passing row once at full bandwidth.

    What runs in this thread is compared by its own time, which other work on the machine troubles least.
    """
    flat = {row["filter"]: row for row in results if row["index"] == "faiss flat"}
    rows = []
    for one in results:
        clock = "cpu_p50_ms" if one["cpu_p50_ms"] is not None else "p50_ms"
        theirs, own = flat[one["filter"]][clock], one[clock]
        limit = one["selectivity"] * halves.nbytes / bytes_a_second * 1000
        rows.append(
            {
                **one,
                "times_faster_than_flat": round(theirs / own, 1),
                "of_bandwidth_limit": round(limit / own, 2),
            }
        )
    return rows


def show(found: dict) -> None:
    """Print what was measured for a person."""
    console = Console()
    console.print({name: value for name, value in found.items() if name != "results"})
    names = [*found["results"][0]]
    table = Table(*names)
    for row in found["results"]:
        table.add_row(*(f"{row[name]}" for name in names))
    console.print(table)
