"""Figures others answer for, by indicator: every revision, and what stands of them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.domain.figures import Figure, FigureKind, FigureStatus, Standing, standing
from webapp.domain.programme import CITY
from webapp.models import ReportedFigure


def revisions(
    session: Session, *, period_id: str, indicator: str, unit: str = CITY
) -> Sequence[ReportedFigure]:
    """Return every revision of every figure, by month and then as they came."""
    wanted = select(ReportedFigure).where(
        ReportedFigure.period_id == period_id,
        ReportedFigure.indicator == indicator,
        ReportedFigure.unit == unit,
        ReportedFigure.month.is_not(None),
    )
    ordered = wanted.order_by(ReportedFigure.month, ReportedFigure.kind, ReportedFigure.revision)
    return session.scalars(ordered).all()


def standing_figures(session: Session, period_id: str, unit: str = CITY) -> dict[str, Standing]:
    """Return the approved figures of all indicators of a period, by indicator."""
    rows = session.scalars(
        select(ReportedFigure).where(
            ReportedFigure.period_id == period_id,
            ReportedFigure.unit == unit,
            ReportedFigure.month.is_not(None),
            ReportedFigure.status == FigureStatus.APPROVED,
        )
    )
    found: dict[str, list[Figure]] = {}
    for row in rows:
        found.setdefault(row.indicator, []).append(as_figure(row))
    return {indicator: standing(figures) for indicator, figures in found.items()}


def reporting_units(session: Session, period_id: str, indicator: str) -> set[str]:
    """Return the units, or the city, that have reported anything of an indicator."""
    wanted = select(ReportedFigure.unit).where(
        ReportedFigure.period_id == period_id,
        ReportedFigure.indicator == indicator,
        ReportedFigure.month.is_not(None),
    )
    return set(session.scalars(wanted.distinct()))


def waiting_figures(period_id: str, unit: str | None = None) -> Select[ReportedFigure]:
    """Select the figures that wait for a second officer, of one unit or all, the oldest first."""
    wanted = select(ReportedFigure).where(
        ReportedFigure.period_id == period_id,
        ReportedFigure.status == FigureStatus.UNVERIFIED,
        ReportedFigure.month.is_not(None),
        ReportedFigure.run_id.is_(None),
    )
    if unit:
        wanted = wanted.where(ReportedFigure.unit == unit)
    return wanted.order_by(ReportedFigure.received_at, ReportedFigure.id)


def as_figure(row: ReportedFigure) -> Figure:
    """Return a row as the value the rules look at."""
    return Figure(
        kind=FigureKind(row.kind or ""),
        month=row.month or "",
        revision=row.revision,
        value=row.value,
        status=FigureStatus(row.status),
        document=row.source,
    )
