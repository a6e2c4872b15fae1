"""The programme's own indicators: what the platform can count, beside what others report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.errors import NotFound
from webapp.domain.indicators import Pace, months_elapsed, pace
from webapp.domain.programme import rulesets
from webapp.models import LedgerEntry, Period, Posting, ReportedFigure, Station, Target, TraineeshipBase


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: the plan's target, what is traceable here, what others reported; never a sum.

    ``actual`` is None where the platform cannot count it, and then no pace is drawn.
    """

    indicator: str
    name: str
    measure: str
    target: Decimal | None
    actual: int | None
    pace: Pace | None
    reported: Sequence[ReportedFigure]
    subset_of: str | None
    quote: str | None


def programme_indicators(session: Session, *, period_id: str, on: date) -> list[IndicatorRow]:
    """Return every indicator of a period in the plan's order."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    targets = session.scalars(
        select(Target)
        .where(Target.period_id == period_id, Target.unit == "city", Target.year == 0)
        .order_by(Target.id)
    ).all()
    reported = session.scalars(
        select(ReportedFigure).where(ReportedFigure.period_id == period_id).order_by(ReportedFigure.label)
    ).all()
    return [
        _row(session, period, target, [one for one in reported if one.indicator == target.indicator], on)
        for target in targets
    ]


def _row(
    session: Session, period: Period, target: Target, reported: Sequence[ReportedFigure], on: date
) -> IndicatorRow:
    count = COUNTED.get(target.indicator)
    actual = count(session, period) if count else None
    month, months = months_elapsed(period.start_on, period.end_on, on)
    ruleset = rulesets()[period.ruleset_id]
    stands = actual is not None and target.basis == "period_total"
    return IndicatorRow(
        indicator=target.indicator,
        name=target.name,
        measure=target.measure,
        target=target.value,
        actual=actual,
        pace=pace(
            actual or 0,
            None if target.value is None else float(target.value),
            month=month,
            months=months,
            on=ruleset.pace_on,
            watch=ruleset.pace_watch,
        )
        if stands
        else None,
        reported=reported,
        subset_of=target.subset_of,
        quote=target.quote,
    )


def retained(session: Session, period: Period) -> int:
    """Count the persons in the ledger."""
    total = select(func.coalesce(func.sum(LedgerEntry.delta), 0)).where(LedgerEntry.period_id == period.id)
    return session.scalar(total) or 0


def posts(session: Session, period: Period) -> int:
    """Count the places in Wuhan of every posting ever published in the period."""
    return session.scalar(_places(period)) or 0


def well_paid_posts(session: Session, period: Period) -> int:
    """Count those of them above the threshold of 高薪优岗 in force."""
    return session.scalar(_places(period).where(Posting.well_paid.is_(True))) or 0


def bases(session: Session, period: Period) -> int:
    """Count the bases approved within the period."""
    approved = TraineeshipBase.approved_on.between(period.start_on, period.end_on)
    return session.scalar(select(func.count(TraineeshipBase.id)).where(approved)) or 0


def stations(session: Session, period: Period) -> int:
    """Count the campus stations opened within the period."""
    opened = Station.opened_on.between(period.start_on, period.end_on)
    return session.scalar(select(func.count(Station.id)).where(opened)) or 0


COUNTED: Mapping[str, Callable[[Session, Period], int]] = {
    "retained": retained,
    "posts": posts,
    "well_paid_posts": well_paid_posts,
    "bases": bases,
    "stations": stations,
}
"""What the platform counts itself; everything else of the plan is reported by others."""


def _places(period: Period) -> Select[int]:
    first, after = start_of_day(period.start_on), start_of_day(period.end_on + timedelta(days=1))
    return select(func.coalesce(func.sum(Posting.headcount), 0)).where(
        Posting.published_at >= first, Posting.published_at < after, Posting.district.is_not(None)
    )
