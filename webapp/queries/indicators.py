"""The programme's own indicators: what the platform counts, what others report, and what both prove."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.errors import NotFound
from webapp.domain.figures import Level, Standing
from webapp.domain.indicators import Pace, Projection
from webapp.domain.plan import Basis, Indicator, indicators
from webapp.domain.programme import CITY, rulesets
from webapp.domain.results import Case, Result, Year, levels, paced, projected, result, years_alone
from webapp.models import LedgerTotal, Period, ReportedFigure, Station, Target, TraineeshipBase
from webapp.queries.breakdowns import CountFilter
from webapp.queries.figures import standing_figures
from webapp.queries.post_ledger import post_years
from webapp.queries.projection import settled_months


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator: the plan's target, what is traceable here, what others reported; never a sum.

    ``actual`` is None where the platform cannot count it. ``pace`` and ``projection`` belong to sums of
    an open period, ``level`` to rates, ``years`` to indicators that may be read year by year.
    ``reported`` are figures of the press, which prove nothing.
    """

    plan: Indicator
    target: Decimal | None
    quote: str | None
    actual: int | None
    result: Result
    pace: Pace | None
    projection: Projection | None
    level: Level | None
    years: Sequence[Year]
    reported: Sequence[ReportedFigure]

    @property
    def indicator(self) -> str:
        """Return the indicator's id."""
        return self.plan.id

    @property
    def name(self) -> str:
        """Return the indicator's name in the plan."""
        return self.plan.name

    @property
    def measure(self) -> str:
        """Return what is counted: 人, 人次, 个."""
        return self.plan.measure

    @property
    def subset_of(self) -> str | None:
        """Return the indicator this one is a part of and is never added to."""
        return self.plan.subset_of


def programme_indicators(session: Session, *, period_id: str, on: date) -> list[IndicatorRow]:
    """Return every indicator of a period in the plan's order."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    figures = standing_figures(session, period_id)
    targets = session.scalars(
        select(Target).where(Target.period_id == period_id, Target.unit == CITY).order_by(Target.id)
    ).all()
    press = session.scalars(
        select(ReportedFigure)
        .where(ReportedFigure.period_id == period_id, ReportedFigure.month.is_(None))
        .order_by(ReportedFigure.label)
    ).all()
    return [
        _row(
            _case(session, period, [one for one in targets if one.indicator == whole.indicator], figures, on),
            whole.quote,
            [one for one in press if one.indicator == whole.indicator],
        )
        for whole in targets
        if whole.year == 0 and whole.indicator in indicators(period_id)
    ]


def _case(
    session: Session, period: Period, targets: Sequence[Target], figures: Mapping[str, Standing], on: date
) -> Case:
    indicator = indicators(period.id)[targets[0].indicator]
    count, each_year = COUNTED.get(indicator.id), COUNTED_BY_YEAR.get(indicator.id)
    rules, values = rulesets()[period.ruleset_id], {one.year: one.value for one in targets}
    return Case(
        indicator=indicator,
        target=values.pop(0),
        first_on=period.start_on,
        last_on=period.end_on,
        on=on,
        figures=figures.get(indicator.id, {}),
        platform=count(session, period) if count else None,
        platform_years=each_year(session, period) if each_year else None,
        history=HISTORY[indicator.id](session, period, on) if indicator.id in HISTORY else {},
        year_targets={year: value for year, value in values.items() if value is not None},
        pace_on=rules.pace_on,
        pace_watch=rules.pace_watch,
    )


def _row(case: Case, quote: str | None, press: Sequence[ReportedFigure]) -> IndicatorRow:
    return IndicatorRow(
        plan=case.indicator,
        target=case.target,
        quote=quote,
        actual=case.platform,
        result=result(case),
        pace=paced(case),
        projection=projected(case),
        level=levels(case),
        years=years_alone(case) if Basis.PER_YEAR in case.indicator.readings else (),
        reported=press,
    )


def retained(session: Session, period: Period) -> int:
    """Count the persons in the ledger."""
    return sum(retained_by_year(session, period).values())


def retained_by_month(session: Session, period: Period, on: date) -> Mapping[str, float]:
    """Count the persons by the month their outcome began, as :func:`course` does for its plan."""
    lag = rulesets()[period.ruleset_id].insurance_lag_months
    return settled_months(session, CountFilter(period.id), on=on, lag=lag)


def retained_by_year(session: Session, period: Period) -> Mapping[int, int]:
    """Count the persons in the ledger by the year their outcome began."""
    year = func.substr(LedgerTotal.attributed_month, 1, 4)
    rows = select(year, func.sum(LedgerTotal.total)).where(LedgerTotal.period_id == period.id).group_by(year)
    return {int(found): int(total) for found, total in session.execute(rows)}


def posts(session: Session, period: Period) -> int:
    """Count the places of the posts first published in the period, each post once."""
    return sum(posts_by_year(session, period).values())


def posts_by_year(session: Session, period: Period) -> Mapping[int, int]:
    """Count the places of posts by the year of their first publication."""
    return {year: places.total for year, places in post_years(session, period.id).items()}


def well_paid_posts(session: Session, period: Period) -> int:
    """Count those of them above the threshold of 高薪优岗 in force when they were published."""
    return sum(well_paid_by_year(session, period).values())


def well_paid_by_year(session: Session, period: Period) -> Mapping[int, int]:
    """Count the places of well-paid posts by the year of their first publication."""
    return {year: places.well_paid for year, places in post_years(session, period.id).items()}


def bases(session: Session, period: Period) -> int:
    """Count the bases approved within the period."""
    return sum(bases_by_year(session, period).values())


def bases_by_year(session: Session, period: Period) -> Mapping[int, int]:
    """Count the bases by the year of their approval."""
    return _by_year(session.scalars(select(TraineeshipBase.approved_on)), period)


def stations(session: Session, period: Period) -> int:
    """Count the campus stations opened within the period."""
    return sum(stations_by_year(session, period).values())


def stations_by_year(session: Session, period: Period) -> Mapping[int, int]:
    """Count the campus stations by the year of their opening."""
    return _by_year(session.scalars(select(Station.opened_on)), period)


COUNTED: Mapping[str, Callable[[Session, Period], int]] = {
    "retained": retained,
    "posts": posts,
    "well_paid_posts": well_paid_posts,
    "bases": bases,
    "stations": stations,
}
"""What the platform counts itself; everything else of the plan is reported by others."""

COUNTED_BY_YEAR: Mapping[str, Callable[[Session, Period], Mapping[int, int]]] = {
    "retained": retained_by_year,
    "posts": posts_by_year,
    "well_paid_posts": well_paid_by_year,
    "bases": bases_by_year,
    "stations": stations_by_year,
}
"""The same by year, where a target may be read year by year."""

HISTORY: Mapping[str, Callable[[Session, Period, date], Mapping[str, float]]] = {
    "retained": retained_by_month
}
"""What the settled months of all periods brought, where a season can be read from them."""


def _by_year(days: Iterable[date], period: Period) -> Mapping[int, int]:
    return Counter(day.year for day in days if period.start_on <= day <= period.end_on)
