"""Who lives in the made-up city: drawn once from a seed, in the order in which things become known."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.domain.degrees import Degree

AS_OF = date(2026, 11, 20)
"""The day the city's story stands still; nothing in it depends on the clock."""

COHORTS = {2021: 0.15, 2022: 0.16, 2023: 0.165, 2024: 0.17, 2025: 0.175, 2026: 0.18}
LARGEST = 2_000_000
DEGREES = {Degree.ASSOCIATE: 0.38, Degree.BACHELOR: 0.45, Degree.MASTER: 0.145, Degree.DOCTOR: 0.025}
GRADUATIONS = ((6, 30), (6, 20), (12, 20))
NO_CLAIM, AWAY = "", "away"
OUTCOMES = {
    "11": 0.60, "10": 0.09, "12": 0.06, "27": 0.015, "51": 0.015, "75": 0.025, "76": 0.025,
    "80": 0.07, "85": 0.015, "46": 0.005, AWAY: 0.05, NO_CLAIM: 0.03,
}  # fmt: skip
COUNTABLE = ("11", "10", "12", "27", "51", "75", "76")
COUNTED, WAITING, CLAIMED, RETURNED, PROVISIONAL, NOTHING = range(6)
_EPOCH = date(1970, 1, 1)
_OFFICE_OPENS, _OFFICE_HOURS = 3_600, 8 * 3_600

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """One number a person and question; days count from 1970, ``known`` is a second of that age.

    ``place`` is the person's rank in the cohort, from which the made-up identity number follows.
    ``reversed_after`` is in days, 0 where a count stands.
    """

    cohort: Numbers
    place: Numbers
    degree: Numbers
    graduated: Numbers
    outcome: Numbers
    started: Numbers
    known: Numbers
    fate: Numbers
    reversed_after: Numbers
    left_after: Numbers
    employer: Numbers
    dice: Numbers

    def __len__(self) -> int:
        return len(self.cohort)


def draw_plan(graduates: int, employers: int, seed: int) -> Plan:
    """Draw everybody; the same numbers give the same city."""
    rng = np.random.default_rng(seed)
    cohort = _drawn(rng, list(COHORTS), list(COHORTS.values()), graduates)
    outcome = _drawn(rng, range(len(OUTCOMES)), list(OUTCOMES.values()), graduates)
    graduated = _graduations(rng, cohort)
    started = graduated + _delays(rng, graduates)
    known = np.maximum(started, graduated + 14) + 3 + rng.gamma(2.0, 18.0, graduates).astype(np.int64)
    seconds = known * 86_400 + _OFFICE_OPENS + rng.integers(0, _OFFICE_HOURS, graduates)
    fate = _fates(rng, outcome, started, known)
    plan = {
        "cohort": cohort,
        "place": _ranks(cohort),
        "degree": _drawn(rng, range(len(DEGREES)), list(DEGREES.values()), graduates),
        "graduated": graduated,
        "outcome": outcome,
        "started": started,
        "known": seconds,
        "fate": fate,
        "reversed_after": _after(rng, graduates, share=0.006, least=30, most=300),
        "left_after": _after(rng, graduates, share=0.3, least=40, most=1_100),
        "employer": _skewed(rng, employers, graduates),
        "dice": rng.integers(0, 1 << 40, graduates),
    }
    order = np.lexsort((np.arange(graduates), seconds))
    return Plan(**{name: values[order] for name, values in plan.items()})


def day(number: int) -> date:
    """Return the date of a day counted from 1970."""
    return _EPOCH + timedelta(days=int(number))


def instant(second: int) -> datetime:
    """Return the instant of a second counted from 1970."""
    return datetime.fromtimestamp(int(second), UTC)


def number_of(on: date) -> int:
    """Return a date as days from 1970."""
    return (on - _EPOCH).days


def _drawn(rng: np.random.Generator, choices: Any, weights: list[float], size: int) -> Numbers:
    share = np.asarray(weights) / np.sum(weights)
    return np.asarray(choices)[rng.choice(len(share), size=size, p=share)].astype(np.int64)


def _graduations(rng: np.random.Generator, cohort: Numbers) -> Numbers:
    which = rng.choice(len(GRADUATIONS), size=len(cohort), p=[0.82, 0.12, 0.06])
    table = np.array([[number_of(date(year, *one)) for one in GRADUATIONS] for year in COHORTS])
    return table[cohort - min(COHORTS), which]


def _delays(rng: np.random.Generator, size: int) -> Numbers:
    """Most start around their graduation, some before, some a year later."""
    spans = np.array([(-60, 61), (61, 241), (241, 601)])[rng.choice(3, size=size, p=[0.72, 0.22, 0.06])]
    return rng.integers(spans[:, 0], spans[:, 1])


def _fates(rng: np.random.Generator, outcome: Numbers, started: Numbers, known: Numbers) -> Numbers:
    """Say how far each claim has come by the last day; earlier periods have none left open."""
    keys, today = list(OUTCOMES), number_of(AS_OF)
    countable = np.isin(outcome, [keys.index(code) for code in COUNTABLE])
    lately = countable & (started >= number_of(date(2026, 1, 1)))
    stuck = _drawn(
        rng, [WAITING, CLAIMED, RETURNED, PROVISIONAL, COUNTED], [0.14, 0.03, 0.02, 0.1, 0.71], len(known)
    )
    stuck = np.where((stuck == PROVISIONAL) & (outcome != keys.index("10")), COUNTED, stuck)
    fate = np.where(countable & (known <= today), COUNTED, WAITING)
    fate = np.where(~countable, CLAIMED, fate)
    fate = np.where(lately & (stuck != COUNTED), stuck, fate)
    return np.where((started > today) | (outcome == keys.index(NO_CLAIM)), NOTHING, fate).astype(np.int64)


def _ranks(cohort: Numbers) -> Numbers:
    ranks = np.empty(len(cohort), np.int64)
    for year in COHORTS:
        here = np.flatnonzero(cohort == year)
        ranks[here] = np.arange(len(here))
    return ranks


def _after(rng: np.random.Generator, size: int, *, share: float, least: int, most: int) -> Numbers:
    return np.where(rng.random(size) < share, rng.integers(least, most, size), 0)


def _skewed(rng: np.random.Generator, employers: int, size: int) -> Numbers:
    """Let a few employers take many and most take few: shares fall with the rank."""
    share = 1.0 / np.arange(8, employers + 8) ** 0.8
    return rng.choice(employers, size=size, p=share / share.sum()).astype(np.int64)
