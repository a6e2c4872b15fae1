"""Whether an indicator's target is met, was met, or cannot be said; by which figures (DOMAIN 2.3, 2.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from webapp.domain.dates import month_of
from webapp.domain.figures import FigureKind, Known, Level, Standing, by_year, judge, level, settled, total
from webapp.domain.indicators import YEAR_MONTHS, Pace, Projection, Status, months_elapsed, pace, project
from webapp.domain.plan import Basis, Indicator
from webapp.domain.projection import months_between, plan_shares, season
from webapp.domain.words import N_


class Proof(StrEnum):
    """What a value rests on; a reported one is the value, the platform's a lower bound (DOMAIN 1.11)."""

    REPORTED = "reported"
    PLATFORM = "platform"


LABELS: Mapping[StrEnum, str] = {
    Proof.REPORTED: N_("上报并复核"),
    Proof.PLATFORM: N_("平台口径下限"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the judgement of one indicator looks at.

    ``platform`` is the platform's own count of the period, ``platform_years`` of each year; ``None``
    where it counts none. ``year_targets`` are targets set for a year of their own,
    ``history`` what each month brought by the platform's count.
    """

    indicator: Indicator
    target: Decimal | None
    first_on: date
    last_on: date
    on: date
    figures: Standing
    platform: int | None = None
    platform_years: Mapping[int, int] | None = None
    year_targets: Mapping[int, Decimal] | None = None
    history: Mapping[str, float] = field(default_factory=dict)
    pace_on: float = 1.0
    pace_watch: float = 0.95

    @property
    def over(self) -> bool:
        """Say whether the period has ended."""
        return self.on > self.last_on

    @property
    def years(self) -> range:
        """Return the years of the period that have begun."""
        return range(self.first_on.year, min(self.last_on, self.on).year + 1)

    @property
    def months(self) -> dict[str, float]:
        """Return what each month brought: as reported, else as counted here."""
        reported = {
            month: float(one.value)
            for (kind, month), one in sorted(self.figures.items())
            if kind is FigureKind.MONTHLY
        }
        return reported or dict(self.history)

    @property
    def known(self) -> Known | None:
        """Return what was reported since the period began."""
        return total(self.figures, first=month_of(self.first_on))


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a per-year target, judged alone: a surplus is never carried over."""

    year: int
    value: Decimal | None
    target: Decimal | None
    proof: Proof | None
    status: Status


@dataclass(frozen=True, slots=True)
class Result:
    """What can be said of a whole period; ``until`` and ``documents`` say on which figures."""

    status: Status
    value: Decimal | None = None
    proof: Proof | None = None
    until: str | None = None
    documents: Sequence[str] = ()


def result(case: Case) -> Result:
    """Judge a period by the indicator's default reading.

    A lower bound proves that a floor was reached, never that it was not.
    """
    if case.indicator.basis is Basis.LEVEL:
        return _by_level(case, levels(case))
    if case.indicator.basis is Basis.PER_YEAR:
        return _by_years(case, years_alone(case))
    return _by_total(case)


def levels(case: Case) -> Level | None:
    """Return the levels of the period, with the months that miss the target."""
    return level(case.figures, limit=case.target, op=case.indicator.op)


def years_alone(case: Case) -> list[Year]:
    """Judge each year that has begun by itself; the present one only where it is there already."""
    found, counted = by_year(case.figures, case.years), case.platform_years
    lines = []
    for year in case.years:
        target = (case.year_targets or {}).get(year, case.target)
        known = found.get(year)
        value = known.value if known else None if counted is None else Decimal(counted.get(year, 0))
        proof = None if value is None else Proof.REPORTED if known else Proof.PLATFORM
        over = year < case.on.year
        lines.append(Year(year, value, target, proof, _of_year(value, target, proof, over=over)))
    return lines


def paced(case: Case) -> Pace | None:
    """Return the pace of a sum over an open period, up to the month its value reaches."""
    if case.indicator.basis is not Basis.PERIOD_TOTAL or case.over:
        return None
    month, months = months_elapsed(case.first_on, case.last_on, case.on)
    known = case.known
    value = float(known.value) if known else case.platform
    if value is None:
        return None
    if known:
        month = (int(known.until[:4]) - case.first_on.year) * YEAR_MONTHS + int(known.until[5:])
        month -= case.first_on.month - 1
    target, weights = None if case.target is None else float(case.target), season(case.months)
    listed = months_between(month_of(case.first_on), month_of(case.last_on))
    return pace(
        value,
        target,
        month=month,
        months=months,
        share=plan_shares(listed, weights)[month - 1] if weights and month else None,
        on=case.pace_on,
        watch=case.pace_watch,
    )


def projected(case: Case) -> Projection | None:
    """Project a sum from its complete years; ``None`` where the figures do not end with a whole year.

    The platform's own count has a band by month (``queries.projection``).
    """
    known = case.known
    if case.over or case.indicator.basis is not Basis.PERIOD_TOTAL or known is None:
        return None
    years = by_year(case.figures, case.years)
    last = int(known.until[:4])
    if not known.until.endswith("-12") or last not in years:
        return None
    return project(float(known.value), [float(one.value) for one in years.values()], case.last_on.year - last)


def _by_total(case: Case) -> Result:
    known, end = case.known, month_of(case.last_on)
    if known:
        found = Result(Status.UNKNOWN, known.value, Proof.REPORTED, known.until, known.documents)
    elif case.platform is not None:
        found = Result(Status.UNKNOWN, Decimal(case.platform), Proof.PLATFORM)
    else:
        found = Result(Status.UNKNOWN)
    if case.target is None:
        return _as(found, Status.UNSET)
    if found.value is None:
        return found
    if judge(found.value, case.target, case.indicator.op) is Status.ON:
        return _as(found, Status.MET)
    if case.over:
        final = known is not None and known.until == end
        return _as(found, Status.NOT_MET if final else Status.UNKNOWN)
    now = paced(case)
    return _as(found, now.status if now else Status.UNKNOWN)


def _by_years(case: Case, years: Sequence[Year]) -> Result:
    """Judge a period by its years: met where every one is, not met where one is not."""
    last = next((one for one in reversed(years) if one.value is not None), None)
    found = Result(Status.UNKNOWN)
    if last:
        until = min(f"{last.year}-12", month_of(case.on))
        documents = list(dict.fromkeys(one.document for one in case.figures.values()))
        found = Result(Status.UNKNOWN, last.value, last.proof, until, documents)
    if case.target is None:
        return _as(found, Status.UNSET)
    statuses = {one.status for one in years if one.year < case.on.year or one.status is Status.MET}
    if Status.NOT_MET in statuses:
        return _as(found, Status.NOT_MET)
    whole = len(years) == case.last_on.year - case.first_on.year + 1
    if statuses == {Status.MET}:
        return _as(found, Status.MET if whole and case.over else Status.ON)
    return found


def _by_level(case: Case, seen: Level | None) -> Result:
    if seen is None:
        return Result(Status.UNSET if case.target is None else Status.UNKNOWN)
    status = judge(seen.last, case.target, case.indicator.op)
    if case.over:
        status = settled(status) if seen.until[:4] == str(case.last_on.year) else Status.UNKNOWN
    return Result(status, seen.last, Proof.REPORTED, seen.until, [seen.document])


def _of_year(value: Decimal | None, target: Decimal | None, proof: Proof | None, *, over: bool) -> Status:
    if target is None:
        return Status.UNSET
    if value is not None and value >= target:
        return Status.MET
    return Status.NOT_MET if over and proof is Proof.REPORTED else Status.UNKNOWN


def _as(found: Result, status: Status) -> Result:
    return Result(status, found.value, found.proof, found.until, found.documents)
