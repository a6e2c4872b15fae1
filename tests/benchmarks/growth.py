"""How figures grow from size to size, and how fast they may.

A figure that grows with the size of the city to the power of b is a line of slope b on logarithmic scales; b
is fitted by least squares.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

SUBLINEAR = ("match, ", "candidates, ")
BASELINE = "faiss flat, all, p50 ms"
HELD = "vectors and lists, MB"
BESIDE = (BASELINE, HELD, "index, s per 1,000 documents", "market, million pairs a second")
"""Shown, with no limit of their own: the baseline, rates, and a part of the snapshot, which is limited as a
whole: the part steps up once, where a collection is large enough for lists."""
LINEAR = 1.1
"""Linear, and what a shared machine adds: over forty times the size, a tenth more is less than half as
long again."""
LEAST_RECALL = 0.99

Figures = Mapping[str, float]


def grown(runs: Mapping[int, Figures]) -> list[dict[str, object]]:
    """Line the figures up size by size, with the power to which each grows and the power it may."""
    sizes = sorted(runs)
    powers = {what: growth(sizes, [runs[size][what] for size in sizes]) for what in runs[sizes[0]]}
    return [
        {
            "what": what,
            **{str(size): round(runs[size][what], 4) for size in sizes},
            "growth": round(power, 3),
            "at_most": at_most(what, powers.get(BASELINE, 1)),
        }
        for what, power in powers.items()
    ]


def at_most(what: str, baseline: float) -> float | None:
    """Return the power to which a figure may grow; a match must stay below it.

    The baseline reads every vector once. Where its times grow faster than that, because the larger vectors
    no longer fit a processor's cache, it is the machine that slows down, and a search is allowed as much.
    """
    if what in BESIDE:
        return None
    if what.startswith(SUBLINEAR):
        return 1.0
    return round(max(LINEAR, baseline), 3) if what.startswith("search, ") else LINEAR


def growth(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the power of its size with which something grows: the slope on logarithmic scales."""
    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])


def complaints(rows: Sequence[Mapping], recalls: Mapping[int, float]) -> Iterator[str]:
    """Name what grows faster than it may, and where a search was quick because it found too little."""
    for row in rows:
        what, found, limit = row["what"], row["growth"], row["at_most"]
        if limit == 1 and found >= limit:
            yield f"{what}: grows to the power of {found}; it must stay below linear."
        elif limit is not None and found > limit:
            yield f"{what}: grows to the power of {found}; up to {limit} counts as linear."
    for size, recall in recalls.items():
        if recall < LEAST_RECALL:
            yield f"recall at {size:,} postings: {recall}, must be {LEAST_RECALL} or more."
