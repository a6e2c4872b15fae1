"""Who is shown: selection rates, discounted exposure and impact ratios of groups of candidates.

A group's selection rate is the share of its eligible candidacies that reach the first ``TOP`` of a posting's
list; its exposure is the mean of 1 / log2(1 + rank) over them, 0 below. The impact ratio divides a group's
rate by the highest rate (29 CFR 1607.4 D, the four-fifths rule). Intervals are percentiles of a bootstrap
that draws postings, because candidacies for one posting are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.columns import Floats

TOP = 10
RESAMPLES = 1000
LEAST = 30
"""A group with fewer eligible candidacies is reported without a ratio."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One posting's list: who was eligible, and who was shown, best first."""

    eligible: frozenset[int]
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How a group fared: eligible candidacies, rate of selection, exposure, ratio to the best group."""

    group: str
    candidacies: int
    rate: float
    exposure: float
    ratio: float | None
    low: float | None
    high: float | None


def shares(listings: Sequence[Listing], group_of: Mapping[int, str], *, seed: int = 0) -> tuple[Share, ...]:
    """Compare the groups of ``group_of``; candidates outside it are left out, but keep their places."""
    groups = sorted(set(group_of.values()))
    if not groups:
        return ()
    counts = np.array([_counted(listing, group_of, groups) for listing in listings]).reshape(
        -1, 3, len(groups)
    )
    eligible, chosen, exposed = counts.sum(axis=0)
    enough = eligible >= LEAST
    rates = np.divide(chosen, eligible, out=np.zeros(len(groups)), where=eligible > 0)
    best = int(np.argmax(np.where(enough, rates, -1.0)))
    ratios = _ratios(counts, best, seed)
    found = []
    for n, group in enumerate(groups):
        told = enough[n] and rates[best] > 0
        low, high = np.nanquantile(ratios[:, n], (0.025, 0.975)) if told else (0.0, 0.0)
        found.append(
            Share(
                group,
                int(eligible[n]),
                round(float(rates[n]), 4),
                round(float(exposed[n] / eligible[n]), 4) if eligible[n] else 0.0,
                round(float(rates[n] / rates[best]), 4) if told else None,
                round(float(low), 4) if told else None,
                round(float(high), 4) if told else None,
            )
        )
    return tuple(found)


def within(
    listings: Sequence[Listing],
    group_of: Mapping[int, str],
    stratum_of: Mapping[int, Hashable],
    *,
    seed: int = 0,
) -> dict[str, tuple[Share, ...]]:
    """Compare groups among candidates who are alike in a stratum, such as the degree they hold."""
    strata = sorted(set(stratum_of.values()), key=str)
    return {
        str(stratum): shares(
            listings,
            {one: group for one, group in group_of.items() if stratum_of.get(one) == stratum},
            seed=seed,
        )
        for stratum in strata
    }


def _counted(listing: Listing, group_of: Mapping[int, str], groups: Sequence[str]) -> Floats:
    """Count eligible and shown candidacies and exposure by group."""
    found = np.zeros((3, len(groups)))
    for one in listing.eligible & group_of.keys():
        found[0, groups.index(group_of[one])] += 1
    for rank, one in enumerate(listing.shown, start=1):
        if one in listing.eligible and one in group_of:
            found[1, groups.index(group_of[one])] += 1
            found[2, groups.index(group_of[one])] += 1 / math.log2(1 + rank)
    return found


def _ratios(counts: Floats, best: int, seed: int) -> Floats:
    """Return the ratios to the best group in each resample of postings."""
    draw = np.random.default_rng(seed)
    drawn = draw.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=RESAMPLES)
    eligible, chosen, _ = np.moveaxis(np.tensordot(drawn.astype(np.float64), counts, axes=1), 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = chosen / eligible
        return np.asarray(rates / rates[:, [best]])
