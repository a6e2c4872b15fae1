"""What the months to come may bring: the season's weights and a band around the expected course.

Source: DOMAIN 2.3, monthly model. The band is a moving-block bootstrap (Künsch 1989) of the months with
their season taken out, in blocks of a year; each path also draws a history of its own, so that the band
knows how little the mean of few years says, and is widened as Student's t asks for few years. It assumes
that the years to come are like those seen: no trend, no new measure.
"""

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist, fmean
from typing import TypeVar

from webapp.domain.dates import following
from webapp.domain.indicators import YEAR_MONTHS, student

LEAST_MONTHS = 36
"""Full months without which no monthly band is drawn."""
SEASON_YEARS = 2
"""Complete calendar years from which a season is read; with fewer every month weighs the same."""
PATHS = 600
Months = Mapping[str, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected to have been reached by the end of a month, with its 80 % and 95 % interval."""

    month: str
    point: float
    low80: float
    high80: float
    low95: float
    high95: float


def months_between(first: str, last: str) -> list[str]:
    """Return every month from the first to the last, both included; none where they are in no order."""
    listed = []
    while first <= last:
        listed.append(first)
        first = following(first)
    return listed


def months_before(month: str, number: int) -> list[str]:
    """Return so many months in order, ending with the one before ``month``."""
    last = int(month[:4]) * YEAR_MONTHS + int(month[5:]) - 1
    return [f"{one // YEAR_MONTHS:04}-{one % YEAR_MONTHS + 1:02}" for one in range(last - number, last)]


def season(history: Months) -> Sequence[float] | None:
    """Return the share of a year each calendar month brings, January first, or ``None`` if too early.

    The mean of the shares in complete calendar years; a year that brought nothing says nothing.
    """
    years: dict[str, dict[str, float]] = {}
    for month, value in history.items():
        years.setdefault(month[:4], {})[month[5:]] = value
    whole = [year for year in years.values() if len(year) == YEAR_MONTHS and sum(year.values()) > 0]
    if len(whole) < SEASON_YEARS:
        return None
    return [
        fmean(year[f"{number:02}"] / sum(year.values()) for year in whole)
        for number in range(1, YEAR_MONTHS + 1)
    ]


def plan_shares(months: Sequence[str], weights: Sequence[float] | None) -> list[float]:
    """Return W(m): the share of the whole that the plan asks for by the end of each of these months."""
    parts = [_weight(month, weights) for month in months]
    total = sum(parts)
    return [reached / total for reached in accumulate(parts)]


def bands(history: Months, ahead: Sequence[str], *, reached: float, paths: int = PATHS) -> list[Band] | None:
    """Return the band for each month ahead, on top of what was ``reached`` before the first of them.

    ``history`` are all full months in order. ``None`` below three years of them: 数据不足. The same
    history gives the same band: its digest is the seed.
    """
    if len(history) < LEAST_MONTHS:
        return None
    return list(_bands(tuple(history.items()), tuple(ahead), reached, paths))


@lru_cache(maxsize=256)
def _bands(
    months: tuple[tuple[str, float], ...], ahead: tuple[str, ...], reached: float, paths: int
) -> tuple[Band, ...]:
    """Draw the band; until the ledger changes every reader of a page asks for the same one."""
    history = dict(months)
    weights = season(history)
    levels = _levels(history, weights)
    starts = len(levels) - YEAR_MONTHS + 1
    blocks = [levels[start : start + YEAR_MONTHS] for start in range(starts)]
    years, means = len(levels) // YEAR_MONTHS, [fmean(block) for block in blocks]
    dice = random.Random(_seed(history))  # noqa: S311 - a simulation, no secret
    factors = [YEAR_MONTHS * _weight(month, weights) for month in ahead]
    expected = list(accumulate(fmean(levels) * factor for factor in factors))
    shape = list(accumulate(factors))
    errors: list[list[float]] = [[] for _month in ahead]
    for _path in range(paths):
        drawn = _walk(dice, blocks, len(ahead))
        seen = sum(_drawn(dice, means) for _year in range(years)) / years
        come = accumulate(level * factor for level, factor in zip(drawn, factors, strict=True))
        for place, value in enumerate(come):
            errors[place].append(value - seen * shape[place])
    return tuple(
        _band(month, reached + point, sorted(missed), reached, years)
        for month, point, missed in zip(ahead, expected, errors, strict=True)
    )


def _levels(history: Months, weights: Sequence[float] | None) -> list[float]:
    """Return the months with their season taken out; one that never brings anything is an average one."""
    usual = fmean(history.values())
    parts = [(value, YEAR_MONTHS * _weight(month, weights)) for month, value in history.items()]
    return [value / factor if factor else usual for value, factor in parts]


def _weight(month: str, weights: Sequence[float] | None) -> float:
    return weights[int(month[5:]) - 1] if weights else 1 / YEAR_MONTHS


def _walk(dice: random.Random, blocks: Sequence[Sequence[float]], length: int) -> list[float]:
    walk: list[float] = []
    while len(walk) < length:
        walk += _drawn(dice, blocks)
    return walk[:length]


def _drawn(dice: random.Random, choices: Sequence[T]) -> T:
    return choices[int(dice.random() * len(choices))]


def _band(month: str, point: float, errors: Sequence[float], floor: float, years: int) -> Band:
    """Widen the drawn errors for few years: √(k/(k-1)) and Student's quantile over the normal one.

    A count only grows: no bound lies below what was reached already.
    """
    bounds = {}
    for share in (0.80, 0.95):
        tail = (1 - share) / 2
        wide = math.sqrt(years / (years - 1)) * student(years - 1, share) / NormalDist().inv_cdf(1 - tail)
        low, high = (errors[round(at * (len(errors) - 1))] for at in (tail, 1 - tail))
        bounds[share] = (max(floor, point + wide * low), max(floor, point + wide * high))
    return Band(month, point, *bounds[0.80], *bounds[0.95])


def _seed(history: Months) -> int:
    said = ";".join(f"{month}={value!r}" for month, value in history.items())
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8])
