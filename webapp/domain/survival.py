"""How long people stay, and how sure that is: Kaplan-Meier and Wilson, in plain arithmetic."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Step:
    """One month of the curve: who could still leave, who left, whose trace ends, the share that stays.

    ``low`` and ``high`` bound the share at 95 % (Greenwood on the log-log scale).
    """

    month: int
    at_risk: int
    left: int
    censored: int
    stays: float
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a share (Wilson 1927); without trials everything is possible.

    >>> tuple(round(bound, 3) for bound in wilson(80, 100))
    (0.711, 0.867)
    """
    if trials == 0:
        return 0.0, 1.0
    share, square = successes / trials, z * z
    middle = share + square / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def kaplan_meier(left: Mapping[int, int], censored: Mapping[int, int], z: float = Z95) -> list[Step]:
    """Return the share still in the city after each month somebody left or was last seen in.

    ``left`` and ``censored`` count people by month. Who is last seen in a month could still leave in it
    (Kaplan & Meier 1958). Month 0 holds those never seen again: they tell nothing and take no part.
    """
    seen = {month: left.get(month, 0) + censored.get(month, 0) for month in (*left, *censored)}
    months = sorted(month for month, people in seen.items() if month > 0 and people)
    at_risk = sum(seen[month] for month in months)
    stays, spread, steps = 1.0, 0.0, []
    for month in months:
        events, lost = left.get(month, 0), censored.get(month, 0)
        stays *= 1 - events / at_risk
        spread += events / (at_risk * (at_risk - events)) if events < at_risk else 0.0
        steps.append(Step(month, at_risk, events, lost, stays, *_band(stays, spread, z)))
        at_risk -= seen[month]
    return steps


def _band(stays: float, spread: float, z: float) -> tuple[float, float]:
    """Return the interval on the log-log scale, which never leaves 0 to 1."""
    if stays <= 0.0 or stays >= 1.0:
        return stays, stays
    width = z * math.sqrt(spread) / abs(math.log(stays))
    return stays ** math.exp(width), stays ** math.exp(-width)
