"""The retained count of a period: sums over the ledger that add up in every breakdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, String, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.domain.errors import NotFound
from webapp.domain.retention import GRADES, Definition
from webapp.models import Graduate, LedgerEntry, Period, Placement, ReportedFigure, Target
from webapp.queries import ledger

RETAINED = "retained"
CITY = "city"
UNKNOWN = ""
"""Key of a breakdown's rows whose value was never stated; they stay in the sum."""

GRADE: ColumnElement[str | None] = func.coalesce(type_coerce(Placement.grade, String), LedgerEntry.grade)
DIMENSIONS: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "unit": LedgerEntry.unit,
    "district": LedgerEntry.district,
    "month": LedgerEntry.attributed_month,
    "posted_month": LedgerEntry.posted_month,
    "institution": Graduate.institution_code,
    "degree": Graduate.degree,
    "cluster": Placement.cluster,
    "grade": GRADE,
}


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

    ``by`` holds a breakdown for each dimension; every one of them sums to ``total``. ``refold`` is the
    same total added up again from single entries.
    """

    period: Period
    definition: Definition
    unit: str | None
    total: int
    by: Mapping[str, Mapping[str, int]]
    target: Decimal | None
    reported: Sequence[Reported]


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One line of the ledger behind a figure."""

    seq: int
    kind: str
    delta: int
    placement_id: int | None
    graduate_id: int
    unit: str
    attributed_month: str
    posted_month: str
    grade: str | None


def retention_count(
    session: Session,
    *,
    period_id: str,
    definition: Definition = Definition.STANDARD,
    unit: str | None = None,
) -> RetentionCount:
    """Return the retained count of a period with all its breakdowns, the target and reported figures."""
    period = session.get(Period, period_id)
    if period is None:
        raise NotFound
    entries = _entries(period_id, definition, unit)
    target = session.scalar(
        select(Target.value).where(
            Target.period_id == period_id,
            Target.indicator == RETAINED,
            Target.unit == (unit or CITY),
            Target.year == 0,
        )
    )
    return RetentionCount(
        period=period,
        definition=definition,
        unit=unit,
        total=session.scalar(entries.with_only_columns(func.coalesce(func.sum(LedgerEntry.delta), 0))) or 0,
        by={name: _breakdown(session, entries, column) for name, column in DIMENSIONS.items()},
        target=target,
        reported=_reported(session, period_id, unit),
    )


def refold_agrees(session: Session, period_id: str) -> bool:
    """Say whether three independent sums agree: SQL, the refold of single entries, the live counts."""
    by_sql = session.scalar(
        select(func.coalesce(func.sum(LedgerEntry.delta), 0)).where(LedgerEntry.period_id == period_id)
    )
    return by_sql == ledger.refold(session, period_id).total == ledger.count_live(session, period_id)


def counted_rows(
    session: Session,
    *,
    period_id: str,
    definition: Definition = Definition.STANDARD,
    where: Mapping[str, str] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[CountedRow]:
    """Return the ledger lines behind one figure; ``where`` names dimensions and their value."""
    rows = _entries(period_id, definition, None)
    for name, value in (where or {}).items():
        column = DIMENSIONS[name]
        rows = rows.where(column.is_(None) if value == UNKNOWN else column == value)
    found = session.execute(
        rows.with_only_columns(
            LedgerEntry.seq,
            LedgerEntry.kind,
            LedgerEntry.delta,
            LedgerEntry.placement_id,
            Placement.graduate_id,
            LedgerEntry.unit,
            LedgerEntry.attributed_month,
            LedgerEntry.posted_month,
            GRADE,
        )
        .order_by(LedgerEntry.seq)
        .limit(limit)
        .offset(offset)
    )
    return [CountedRow(*row) for row in found]


def _entries(period_id: str, definition: Definition, unit: str | None) -> Select[int]:
    """Select the entries of a period; a reversal carries the columns of what it cancels, so sums hold."""
    rows = (
        select(LedgerEntry.seq)
        .join(Placement, Placement.id == LedgerEntry.placement_id)
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .where(LedgerEntry.period_id == period_id)
    )
    if definition is not Definition.STANDARD:
        rows = rows.where(GRADE.in_(GRADES[definition]))
    return rows if unit is None else rows.where(LedgerEntry.unit == unit)


def _breakdown(
    session: Session, entries: Select[int], column: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> Mapping[str, int]:
    sums = session.execute(
        entries.with_only_columns(column, func.sum(LedgerEntry.delta)).group_by(column).order_by(column)
    ).all()
    return {UNKNOWN if key is None else str(key): int(total) for key, total in sums if total}


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
