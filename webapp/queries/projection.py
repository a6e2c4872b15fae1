"""The course of the retained count: month by month what was reached, planned, and may still come.

Everything is read from the sums of the count by month, of all periods together: what a month brought is
known from the years before, in whatever plan they lay. No person is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import following, month_of
from webapp.domain.errors import NotFound
from webapp.domain.indicators import Pace, Status, months_elapsed, pace
from webapp.domain.programme import CITY, rulesets
from webapp.domain.projection import Band, bands, months_between, plan_shares, season
from webapp.domain.words import N_
from webapp.models import Period
from webapp.queries.breakdowns import CountFilter, Dimension, breakdown
from webapp.queries.periods import RETAINED, target

TOO_FEW = N_("数据不足：满三年的逐月数据才能预测。")
OVER = N_("这个时期已经结束，不再预测。")
BOUNDS = ("point", "low80", "high80", "low95", "high95")


@dataclass(frozen=True, slots=True)
class CourseMonth:
    """One month of a period; whatever is not known is ``None``.

    ``reached`` ends with the present month. A band stands at every month whose people are not all known
    yet, so it begins a little before today.
    """

    month: str
    new: int | None
    reached: int | None
    plan: int | None
    point: int | None = None
    low80: int | None = None
    high80: int | None = None
    low95: int | None = None
    high95: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """All months of a period and how the count stands against its target.

    ``seasonal`` says that the plan follows the season instead of a straight line. ``why_not`` is a
    sentence where no band can be drawn; ``known_months`` are the full months known so far.
    """

    months: Sequence[CourseMonth]
    pace: Pace
    seasonal: bool
    known_months: int
    why_not: str | None

    @property
    def end(self) -> CourseMonth:
        """Return the last month: what is expected at the end of the period."""
        return self.months[-1]


def course(session: Session, wanted: CountFilter, *, on: date) -> Course:
    """Return the course of one view of the count: a period, a definition, a unit or an institution."""
    period = session.get(Period, wanted.period_id)
    if period is None:
        raise NotFound
    target = target_of(session, wanted)
    rules = rulesets()[period.ruleset_id]
    listed = months_between(month_of(period.start_on), month_of(period.end_on))
    new = {row.key: row.total for row in breakdown(session, wanted, Dimension.MONTH)}
    history = settled_months(session, wanted, on=on, lag=rules.insurance_lag_months)
    weights = season(history)
    shares = plan_shares(listed, weights)
    month, months = months_elapsed(period.start_on, period.end_on, on)
    drawn = _drawn(history, listed, new, on=on)
    standing = pace(
        sum(new.values()),
        target,
        month=month,
        months=months,
        share=shares[month - 1] if month else 0.0,
        on=rules.pace_on,
        watch=rules.pace_watch,
    )
    return Course(
        months=_lines(listed, new, shares, target, drawn or {}, now=month_of(on)),
        pace=_proved(standing),
        seasonal=weights is not None,
        known_months=len(history),
        why_not=OVER if on > period.end_on else None if drawn else TOO_FEW,
    )


def target_of(session: Session, wanted: CountFilter) -> float | None:
    """Return the target of the city, or of the unit that is looked at; an institution has none."""
    if wanted.reach.institution_code:
        return None
    found = target(session, wanted.period_id, RETAINED, wanted.unit or wanted.reach.unit or CITY)
    return None if found is None or found.value is None else float(found.value)


def settled_months(session: Session, wanted: CountFilter, *, on: date, lag: int) -> dict[str, int]:
    """Return what each full month brought since the first count, of all periods, in order.

    The last ``lag`` months are left out: claims that began then are still coming in.
    """
    found: dict[str, int] = {}
    for period_id in session.scalars(select(Period.id).where(Period.start_on <= on)):
        for row in breakdown(session, replace(wanted, period_id=period_id), Dimension.MONTH):
            found[row.key] = found.get(row.key, 0) + row.total
    if not found:
        return {}
    past = [month for month in months_between(min(found), month_of(on)) if month < month_of(on)]
    return {month: found.get(month, 0) for month in past[: max(0, len(past) - lag)]}


def _proved(standing: Pace) -> Pace:
    """Take a miss back: what the platform can trace is a lower bound and proves none (DOMAIN 1.11)."""
    missed = standing.status is Status.NOT_MET
    return replace(standing, status=Status.UNKNOWN) if missed else standing


def _drawn(
    history: Mapping[str, int], listed: Sequence[str], new: Mapping[str, int], *, on: date
) -> dict[str, Band] | None:
    """Return the band by month, from the first month that is not settled; nothing for a period gone by."""
    if not history or month_of(on) > listed[-1]:
        return None
    ahead = months_between(max(listed[0], following(max(history))), listed[-1])
    settled = sum(total for month, total in new.items() if month < ahead[0])
    found = bands(history, ahead, reached=settled)
    return None if found is None else {band.month: band for band in found}


def _lines(
    listed: Sequence[str],
    new: Mapping[str, int],
    shares: Sequence[float],
    target: float | None,
    drawn: Mapping[str, Band],
    *,
    now: str,
) -> list[CourseMonth]:
    """Put the months together; no bound lies below what is recorded already."""
    reached, lines = 0, []
    for month, share in zip(listed, shares, strict=True):
        reached += new.get(month, 0)
        band = drawn.get(month)
        lines.append(
            CourseMonth(
                month=month,
                new=new.get(month, 0) if month <= now else None,
                reached=reached if month <= now else None,
                plan=None if target is None else round(target * share),
                **{name: max(reached, round(getattr(band, name))) for name in BOUNDS} if band else {},
            )
        )
    return lines
