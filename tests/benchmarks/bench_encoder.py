"""Time the light loader and encoding: ``PYTHONPATH=. python tests/benchmarks/bench_encoder.py``."""

import json
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from matcher.encoder import StaticEncoder

DATA = Path(__file__).parents[2] / "data"
BUNDLED = DATA / "models" / "xuezi-static-zh-v2"
QUESTION = "数据分析师，熟悉Python、SQL，会做经营分析"
LENGTHS, COUNT = (40, 370, 4000), 4000


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def texts(length: int, count: int) -> list[str]:
    """Cut the demo postings, one after another, into texts of one length."""
    lines = (DATA / "demo" / "postings.jsonl").read_text("utf-8").splitlines()
    whole = "\n".join(
        f"{row['title']}\n{row['duties']}\n{row['requirements']}" for row in map(json.loads, lines)
    )
    pieces = [whole[start : start + length] for start in range(0, len(whole) - length, length)]
    return list(islice(cycle(pieces), count))


def main() -> None:
    """Print load time, one question's latency and throughput on one core."""
    table = Table("what", "figure")
    table.add_row("load", f"{timed(lambda: StaticEncoder.load(BUNDLED)):.2f} s")
    encoder = StaticEncoder.load(BUNDLED)
    waits = sorted(timed(lambda: encoder.encode([QUESTION])) for _ in range(400))
    table.add_row("one question, median", f"{waits[200] * 1000:.2f} ms")
    for length in LENGTHS:
        drawn = texts(length, COUNT)
        spent = min(timed(partial(encoder.encode, drawn)) for _ in range(3))
        table.add_row(f"texts of {length} characters", f"{len(drawn) / spent:,.0f} / s")
    Console().print(table)


if __name__ == "__main__":
    main()
