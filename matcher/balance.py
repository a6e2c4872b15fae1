"""How many lists each opening may stand on: as few as people's lists can bear."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matcher.allocation import Allocation, Numbers, Wanted, allocate, best
from matcher.crowding import Crowding, crowding
from matcher.documents import Vector
from matcher.index import Rows

LENGTH = 10
KEPT = 0.97
"""Lists must be worth so much of what everybody would be shown who knew nothing of the others."""
LEAST, ROOM, WIDER = 10, 2.0, 1.25
"""An opening stands on ten lists at least and there are two seats for each place of a list; while the lists
are worth too little, a quarter more."""
MOST_TRIES = 16


@dataclass(frozen=True, slots=True)
class Balance:
    """Lists under the narrowest capacity that left them good enough, beside everybody's best candidates."""

    allocation: Allocation
    lists_per_opening: int
    tries: int
    measures: Crowding
    plain: Crowding


def balanced(
    people: Rows, offers: Rows, postings: Numbers, scores: Vector, openings: Numbers, *, seed: int
) -> Balance:
    """Allocate with ever more seats an opening until the lists are worth ``KEPT`` of the best possible.

    The columns are those of :class:`matcher.allocation.Wanted`; ``openings`` counts places still free.
    """
    free = np.maximum(openings, 0).astype(np.int64)
    per_opening = max(LEAST, math.ceil(ROOM * len(people) * LENGTH / max(1, int(free.sum()))))
    tries, good = 0, False
    while not good and tries < MOST_TRIES:
        tries, seats = tries + 1, (free * per_opening).astype(np.int32)
        wanted = Wanted(people, offers, postings, scores, seats)
        plain = best(wanted, length=LENGTH)
        found = allocate(wanted, length=LENGTH, seed=seed)
        measures = crowding((found.postings, found.scores), ideal=plain[1], seats=seats)
        good = measures.ndcg >= KEPT
        lists_per_opening, per_opening = per_opening, math.ceil(per_opening * WIDER)
    return Balance(found, lists_per_opening, tries, measures, crowding(plain, ideal=plain[1], seats=seats))
