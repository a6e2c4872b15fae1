"""The retained count of a period: kept sums that add up in every breakdown, and their proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.definitions import Definition, standard
from webapp.domain.errors import NotFound
from webapp.models import LedgerEntry, Period, ReportedFigure, Target
from webapp.queries import ledger
from webapp.queries.breakdowns import CountFilter, Dimension, breakdown, totals_of

RETAINED = "retained"
CITY = "city"


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody else's figure, beside the count and never added to it (DOMAIN 1.11)."""

    label: str
    unit: str
    value: Decimal
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class RetentionCount:
    """How many persons were retained in a period, by one definition, and how the sum divides.

    ``by`` holds a breakdown for each dimension; every one of them sums to ``total``.
    """

    period: Period
    definition: Definition
    unit: str | None
    total: int
    by: Mapping[Dimension, Mapping[str, int]]
    target: Decimal | None
    reported: Sequence[Reported]


def retention_count(
    session: Session,
    *,
    period_id: str,
    definition: Definition | None = None,
    unit: str | None = None,
) -> RetentionCount:
    """Return the retained count of a period with all its breakdowns, the target and reported figures."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    wanted = CountFilter(period_id, definition=definition or standard(), unit=unit)
    target = session.scalar(
        select(Target.value).where(
            Target.period_id == period_id,
            Target.indicator == RETAINED,
            Target.unit == (unit or CITY),
            Target.year == 0,
        )
    )
    rows = {dimension: breakdown(session, wanted, dimension) for dimension in Dimension}
    return RetentionCount(
        period=period,
        definition=wanted.definition,
        unit=unit,
        total=totals_of(rows[Dimension.UNIT]).total,
        by={dimension: {row.key: row.total for row in cells} for dimension, cells in rows.items()},
        target=target,
        reported=_reported(session, period_id, unit),
    )


def refold_agrees(session: Session, period_id: str) -> bool:
    """Say whether three independent sums agree: SQL, the refold of single entries, the live counts."""
    by_sql = session.scalar(
        select(func.coalesce(func.sum(LedgerEntry.delta), 0)).where(LedgerEntry.period_id == period_id)
    )
    return by_sql == ledger.refold(session, period_id).total == ledger.count_live(session, period_id)


def _reported(session: Session, period_id: str, unit: str | None) -> list[Reported]:
    figures = session.scalars(
        select(ReportedFigure)
        .where(
            ReportedFigure.period_id == period_id,
            ReportedFigure.indicator == RETAINED,
            ReportedFigure.unit == (unit or CITY),
        )
        .order_by(ReportedFigure.label, ReportedFigure.id)
    )
    return [Reported(one.label, one.unit, one.value, one.status, one.source) for one in figures]
