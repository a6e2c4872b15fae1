"""Lots that nobody can choose: a number for every pair that only a seed and both ids decide."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Lots = npt.NDArray[np.uint64]
Ids = npt.NDArray[np.integer]


class Lottery:
    """Draws for pairs of some people and offers by splitmix64 (Steele, Lea & Flood, OOPSLA 2014)."""

    def __init__(self, seed: int, people: Ids, offers: Ids) -> None:
        """Take the lasting ids of both sides; pairs are named by their places in these arrays."""
        self._people = _mixed(people.astype(np.uint64) + np.uint64(seed))
        self._offers = _mixed(offers.astype(np.uint64))

    def of(self, people: Ids, offers: Ids) -> Lots:
        """Return the lots of pairs; the arrays of places are broadcast against one another."""
        return _mixed(self._people[people] ^ self._offers[offers])


def _mixed(numbers: Lots) -> Lots:
    with np.errstate(over="ignore"):
        mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
