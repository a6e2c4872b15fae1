"""Decide how to search, by how many rows there are and how many pass the filter.

Measured at 500,000 x 256 for the best 100 (see decision 0018): copying out few rows and multiplying is
exact and costs about 0.1 us a row; lists of near vectors, visited until enough passing rows were seen, find
99 % and more whatever share passes, at a cost that hardly depends on it. Graphs lose most of what they look
for under a filter.
"""

from __future__ import annotations

from enum import StrEnum
from math import isqrt

GATHERED_ROWS = 20_000
LISTS_FROM = 100_000
"""Smaller collections are searched whole: exactly, and in two milliseconds."""
SEEN, SEEN_UNDER_A_FILTER = (10_000, 40), (20_000, 24)
"""So many rows at least, or one in so many, a search by lists sees: more where a filter may hide the near."""


class Plan(StrEnum):
    """How one search runs; ``GATHER`` and ``FLAT`` are exact."""

    GATHER = "gather"
    FLAT = "flat"
    LISTS = "lists"


def plan(passing: int, total: int, *, listed: bool) -> Plan:
    """Gather few rows; else visit lists where there are any, and scan all where there are none."""
    if passing <= GATHERED_ROWS if listed else passing * 2 < total:
        return Plan.GATHER
    return Plan.LISTS if listed else Plan.FLAT


def rows_seen(passing: int, total: int) -> int:
    """Return after how many passing rows a search by lists may stop."""
    least, share = SEEN if passing == total else SEEN_UNDER_A_FILTER
    return max(least, total // share)


def lists_for(total: int) -> int:
    """Return into how many lists vectors are put: about the root of their number, a power of two."""
    return 1 << isqrt(2 * total).bit_length()
