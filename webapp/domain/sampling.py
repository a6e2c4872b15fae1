"""An audit sample nobody can choose, and what it says about the whole (ANCHORS (d) 7).

The population is frozen first. The seed needs two things no one person holds at that moment: a secret
whose digest is shown when the data are frozen, and a ledger head that is published afterwards.
"""

import hashlib
import heapq
import math
from collections.abc import Iterable, Mapping
from enum import StrEnum

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

CONFIDENCE = 0.95
LEAST, MOST = 20, 2_000
"""How many people a sample may hold; a smaller population is audited whole."""


class AuditFinding(StrEnum):
    """What the auditor found out about one counted person."""

    RIGHT = "right"
    WRONG = "wrong"
    UNVERIFIABLE = "unverifiable"


LABELS: Mapping[StrEnum, str] = {
    AuditFinding.RIGHT: N_("计数属实"),
    AuditFinding.WRONG: N_("不应计入"),
    AuditFinding.UNVERIFIABLE: N_("无法核实"),
}


class SampleTooSmall(PlatformError):
    """A sample that would say nothing, or more than auditors can look at."""

    message = N_("抽样人数应在 %(least)d 到 %(most)d 之间。")


def commitment(secret: str) -> str:
    """Return the digest that is shown while the secret itself is not."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seed_of(*, secret: str, frozen_hash: str, beacon: str) -> str:
    """Return the seed of a draw; anybody can compute it again once the secret is shown."""
    return hashlib.sha256(f"{secret}|{frozen_hash}|{beacon}".encode()).hexdigest()


def draw(seed: str, rows: Iterable[int], size: int) -> list[int]:
    """Return ``size`` of the rows: those whose digest under the seed is smallest, in that order.

    Each row's place depends on the seed and its own number alone, so the draw is the same in whatever
    order rows come, and needs memory for the sample only.
    """
    mixed = hashlib.sha256(seed.encode())

    def place(row: int) -> tuple[bytes, int]:
        own = mixed.copy()
        own.update(b"|%d" % row)
        return own.digest(), row

    return [row for _digest, row in heapq.nsmallest(size, map(place, rows))]


def error_interval(
    wrong: int, unverifiable: int, *, size: int, population: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the exact interval of the error rate in a finite population (Clopper-Pearson's way).

    Whatever could not be verified counts as right for the lower bound and as wrong for the upper one.
    The interval covers the truth at least as often as ``confidence`` says, whatever the truth is.
    """
    if size == 0 or population == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = _smallest(wrong, size, population, tail)
    high = population - _smallest(size - wrong - unverifiable, size, population, tail)
    return low / population, high / population


def _smallest(found: int, size: int, population: int, tail: float) -> int:
    """Return the smallest number of marked people that makes ``found`` or more of them likely enough.

    Counting the unmarked instead gives the other bound, so that one search serves both.
    """
    low, high = found, population - (size - found)
    while low < high:
        middle = (low + high) // 2
        if _at_least(found, size, middle, population) > tail:
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(found: int, size: int, marked: int, population: int) -> float:
    """Return P(X >= found) for a hypergeometric X: ``size`` drawn, ``marked`` of ``population`` marked."""
    most, least = min(size, marked), max(0, size - (population - marked))
    first = max(found, least)
    whole = _ways(population, size)
    terms = (
        math.exp(_ways(marked, hits) + _ways(population - marked, size - hits) - whole)
        for hits in range(first, most + 1)
    )
    return min(1.0, math.fsum(terms))


def _ways(of: int, take: int) -> float:
    """Return the logarithm of the number of ways to take some of a number of things."""
    return math.lgamma(of + 1) - math.lgamma(take + 1) - math.lgamma(of - take + 1)
