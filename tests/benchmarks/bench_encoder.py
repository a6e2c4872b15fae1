"""Time the light loader and encoding: ``PYTHONPATH=. python tests/benchmarks/bench_encoder.py``."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from matcher.encoder import StaticEncoder

BUNDLED = Path(__file__).parents[2] / "data" / "models" / "xuezi-static-zh-v2"
TEXT = "岗位职责：负责经营数据分析，编制报表；任职要求：统计学相关专业，熟悉Python、SQL，沟通能力强。"


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print load time, one text's latency and throughput."""
    table = Table("what", "figure")
    table.add_row("load", f"{timed(lambda: StaticEncoder.load(BUNDLED)):.2f} s")
    encoder = StaticEncoder.load(BUNDLED)
    one = min(timed(lambda: encoder.encode([TEXT])) for _ in range(200))
    table.add_row("one question", f"{one * 1000:.2f} ms")
    for texts in ([TEXT] * 4000, [TEXT * 8] * 2000):
        spent = timed(partial(encoder.encode, texts))
        table.add_row(f"texts of {len(texts[0])} characters", f"{len(texts) / spent:,.0f} / s")
    Console().print(table)


if __name__ == "__main__":
    main()
