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

_STUDENT: Mapping[float, Sequence[float]] = {
    0.80: (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383),
    0.95: (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262),
}
"""Two-sided quantiles of Student's t for one degree of freedom and more, by share covered."""


class Status(StrEnum):
    """How an indicator stands against its plan."""

    ON = "on"
    WATCH = "watch"
    BEHIND = "behind"
    MET = "met"
    NOT_MET = "not_met"
    UNSET = "unset"
    UNKNOWN = "unknown"
    WITHIN = "within"
    AT_LIMIT = "at_limit"
    BREACH = "breach"


LABELS: Mapping[Status, str] = {
    Status.ON: N_("达到进度"),
    Status.WATCH: N_("略慢于进度"),
    Status.BEHIND: N_("慢于进度"),
    Status.MET: N_("已达预期"),
    Status.NOT_MET: N_("未达预期"),
    Status.UNSET: N_("目标待录入"),
    Status.UNKNOWN: N_("数据不足，无法判断"),
    Status.WITHIN: N_("在控制目标以内"),
    Status.AT_LIMIT: N_("恰为目标值，请留意"),
    Status.BREACH: N_("超出控制目标"),
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


def student(freedom: int, share: float = 0.95) -> float:
    """Return Student's two-sided quantile; beyond nine degrees of freedom the ninth, which is wider."""
    row = _STUDENT[share]
    return row[min(freedom, len(row)) - 1]


def pace(
    actual: float,
    target: float | None,
    *,
    month: int,
    months: int,
    share: float | None = None,
    on: float = 1.0,
    watch: float = 0.95,
) -> Pace:
    """Compare an actual with its plan: A/plan, A-plan, (T-A)/(M-m).

    The plan is T·W where ``share`` states the season's W(m), else T·m/M. ``on`` and ``watch`` are the
    ruleset's thresholds. Without a target only the actual is stated.
    """
    if target is None:
        return Pace(actual, None, None, None, None, None, Status.UNSET)
    plan = planned(target, month, months) if share is None else target * share
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
    half = student(known - 1) * stdev(yearly) * math.sqrt(years_left + years_left**2 / known)
    return Projection(point, point - half, point + half)
