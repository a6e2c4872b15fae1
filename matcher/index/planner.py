"""Decide how to search, by how many rows there are and how many pass the filter.

Measured at 1,000 to 500,000 x 256 for the best 100 (see decision 0018): copying rows out and multiplying
them is exact and costs 0.03 to 0.06 us a row; a scan that steps over rows costs as much for each it looks
at, so it is quicker where nearly all pass; lists of near vectors, visited until enough passing rows were
seen, find 99 % and more whatever share passes, at a cost that hardly depends on it. Graphs lose most of
what they look for under a filter.
"""

from __future__ import annotations

from enum import StrEnum
from math import isqrt

GATHERED_ROWS = 50_000
"""More are looked for by lists, where there are any."""
GATHERED_SHARE, GATHERED_SHARE_OF_FEW, FEW = 3 / 4, 1 / 2, 10_000
"""Where there are no lists; a few thousand rows lie in the processor's cache and are scanned sooner."""
LISTS_FROM = 100_000
"""Smaller collections are searched exactly, in two to four milliseconds."""
SEEN, SEEN_UNDER_A_FILTER = (10_000, 40), (20_000, 32)
"""So many rows at least, or one in so many, a search by lists sees: more where a filter may hide the near."""


class Plan(StrEnum):
    """How one search runs; ``GATHER`` and ``FLAT`` are exact."""

    GATHER = "gather"
    FLAT = "flat"
    LISTS = "lists"


def plan(passing: int, total: int, *, listed: bool) -> Plan:
    """Gather what passes; where that is too much, visit lists if there are any, else scan all."""
    if listed:
        return Plan.GATHER if passing <= GATHERED_ROWS else Plan.LISTS
    share = GATHERED_SHARE_OF_FEW if total < FEW else GATHERED_SHARE
    return Plan.GATHER if passing < share * total else Plan.FLAT


def rows_seen(passing: int, total: int) -> int:
    """Return after how many passing rows a search by lists may stop."""
    least, share = SEEN if passing == total else SEEN_UNDER_A_FILTER
    return max(least, total // share)


def lists_for(total: int) -> int:
    """Return into how many lists vectors are put: about the root of their number, a power of two."""
    return 1 << isqrt(2 * total).bit_length()
