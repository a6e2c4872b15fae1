"""Periods, what each asks for, and what others have reported of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.programme import CITY
from webapp.models import Period, ReportedFigure, Target

RETAINED = "retained"


def periods(session: Session) -> Sequence[Period]:
    """Return all periods, the latest first."""
    return session.scalars(select(Period).order_by(Period.start_on.desc(), Period.id)).all()


def period_of(listed: Sequence[Period], on: date) -> Period | None:
    """Return the period a day lies in, else the latest; ``None`` where there is none."""
    covering = [period for period in listed if period.start_on <= on <= period.end_on]
    return next(iter([*covering, *listed]), None)


def targets(session: Session, period_id: str) -> Sequence[Target]:
    """Return what a period asks for in the order of the plan, unset ones included."""
    return session.scalars(select(Target).where(Target.period_id == period_id).order_by(Target.id)).all()


def target(
    session: Session, period_id: str, indicator: str, unit: str = CITY, year: int = 0
) -> Target | None:
    """Return one target; ``None`` where nobody has set it."""
    wanted = select(Target).where(
        Target.period_id == period_id,
        Target.indicator == indicator,
        Target.unit == unit,
        Target.year == year,
    )
    return session.scalar(wanted)


def reported_figures(session: Session, period_id: str, indicator: str) -> Sequence[ReportedFigure]:
    """Return what others reported of whole stretches of time; never to be added to what was counted."""
    return session.scalars(
        select(ReportedFigure)
        .where(
            ReportedFigure.period_id == period_id,
            ReportedFigure.indicator == indicator,
            ReportedFigure.month.is_(None),
        )
        .order_by(ReportedFigure.label, ReportedFigure.id)
    ).all()
