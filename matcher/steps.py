"""How long each step of a search takes, for whoever wants to know: benchmarks and metrics.

Steps mark themselves; where nobody watches, that costs next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter


class Stopwatch:
    """Seconds spent in each step itself, without the steps inside it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.inside = 0.0


_WATCH: ContextVar[Stopwatch | None] = ContextVar("watch", default=None)


@contextmanager
def watched() -> Iterator[Stopwatch]:
    """Take the time of every step that runs inside, in this thread."""
    watch = Stopwatch()
    before = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(before)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Mark a step, as a block or as a decorator."""
    watch = _WATCH.get()
    if watch is None:
        yield
        return
    outside, watch.inside, started = watch.inside, 0.0, perf_counter()
    try:
        yield
    finally:
        spent = perf_counter() - started
        watch.seconds[name] += spent - watch.inside
        watch.inside = outside + spent
