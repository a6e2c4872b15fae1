"""Keep one employer from filling the first page: the order changes a little, no score does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

FIRST = 20
MOST = 3
NEAR = 0.75
"""A posting steps back only behind one whose score is at least this share of its own."""

Ranked = TypeVar("Ranked")


def spread(
    ranked: Sequence[Ranked],
    *,
    employer: Callable[[Ranked], str],
    score: Callable[[Ranked], float],
    level: Callable[[Ranked], int] = lambda _: 0,
) -> list[Ranked]:
    """Give each employer at most three of the first twenty places while others of the level are near."""
    waiting, places = list(ranked), Counter[str]()
    chosen: list[Ranked] = []
    while waiting and len(chosen) < FIRST:
        least, highest = NEAR * score(waiting[0]), level(waiting[0])
        near = (one for one in waiting if level(one) == highest and score(one) >= least)
        pick = next((one for one in near if places[employer(one)] < MOST), waiting[0])
        waiting.remove(pick)
        chosen.append(pick)
        if employer(pick):
            places[employer(pick)] += 1
    return chosen + waiting
