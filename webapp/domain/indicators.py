"""How far an indicator is on its way: plan, pace, what is still needed, what may come (DOMAIN 2.3)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import mean, stdev

from webapp.domain.words import N_

YEAR_MONTHS = 12
LEAST_YEARS = 3
"""Complete years without which no projection is made: two points make no interval."""

_STUDENT_975: Sequence[float] = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Quantile 0.975 of Student's t for one degree of freedom and more."""


class Status(StrEnum):
    """How an indicator stands against its plan."""

    ON = "on"
    WATCH = "watch"
    BEHIND = "behind"
    MET = "met"
    NOT_MET = "not_met"
    UNSET = "unset"


LABELS: Mapping[Status, str] = {
    Status.ON: N_("达到进度"),
    Status.WATCH: N_("略慢于进度"),
    Status.BEHIND: N_("慢于进度"),
    Status.MET: N_("已达预期"),
    Status.NOT_MET: N_("未达预期"),
    Status.UNSET: N_("目标待录入"),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """Where an indicator should be, where it is, and what each month still has to bring.

    ``need`` is None where no month is left or no target is set; ``actual`` is always shown.
    """

    actual: float
    target: float | None
    plan: float | None
    ratio: float | None
    gap: float | None
    need: float | None
    status: Status


@dataclass(frozen=True, slots=True)
class Projection:
    """A point and a 95 % interval for the end of the period."""

    point: float
    low: float
    high: float


def months_elapsed(start_on: date, end_on: date, on: date) -> tuple[int, int]:
    """Return full months elapsed on the morning of ``on`` and the period's months in all."""
    total = (end_on.year - start_on.year) * YEAR_MONTHS + end_on.month - start_on.month + 1
    if on > end_on:
        return total, total
    elapsed = (on.year - start_on.year) * YEAR_MONTHS + on.month - start_on.month
    return max(0, elapsed - (on.day < start_on.day)), total


def planned(target: float, month: int, months: int) -> float:
    """Return the linear plan after ``month`` of ``months`` months: T·m/M."""
    return target * month / months


def pace(
    actual: float, target: float | None, *, month: int, months: int, on: float = 1.0, watch: float = 0.95
) -> Pace:
    """Compare an actual with its linear plan: A/plan, A-plan, (T-A)/(M-m).

    ``on`` and ``watch`` are the ruleset's thresholds. Without a target only the actual is stated.
    """
    if target is None:
        return Pace(actual, None, None, None, None, None, Status.UNSET)
    plan = planned(target, month, months)
    ratio = actual / plan if plan else None
    left = months - month
    need = max(0.0, target - actual) / left if left else None
    if not left:
        status = Status.MET if actual >= target else Status.NOT_MET
    elif actual >= target or ratio is None or ratio >= on:
        status = Status.ON
    else:
        status = Status.WATCH if ratio >= watch else Status.BEHIND
    return Pace(actual, target, plan, ratio, actual - plan, need, status)


def project(actual: float, yearly: Sequence[float], years_left: int) -> Projection | None:
    """Project the end of the period from complete years: A + r·ȳ ± t·s·√(r + r²/k).

    ``None`` below three complete years: 数据不足.
    """
    known = len(yearly)
    if known < LEAST_YEARS:
        return None
    point = actual + years_left * mean(yearly)
    quantile = _STUDENT_975[min(known - 1, len(_STUDENT_975)) - 1]
    half = quantile * stdev(yearly) * math.sqrt(years_left + years_left**2 / known)
    return Projection(point, point - half, point + half)
