"""Figures districts report: every revision kept, none that stands ever overwritten."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from webapp.domain.lists import Finding, ListRowRefused
from webapp.domain.words import N_
from webapp.models import Period, ReportedFigure
from webapp.queries.periods import RETAINED
from webapp.reading.lists import CUMULATIVE, Figure
from webapp.services.imports.batch import Batch

WAITING, APPROVED = "unverified", "approved"


class NoPeriodForMonth(ListRowRefused):
    """A month no plan period covers."""

    message = N_("%(month)s 不属于任何规划时期")


class RevisionTaken(ListRowRefused):
    """Another value under a revision that is known."""

    message = N_("%(month)s 第 %(revision)d 版已登记为 %(value)s；更正请使用新的版次")


class _Slot(NamedTuple):
    period_id: str
    unit: str
    month: str
    kind: str
    revision: int


def take_figures(batch: Batch, rows: Sequence[tuple[int, Figure]]) -> None:
    """Write new figures and revisions down, waiting for a second officer; the same again is known."""
    periods = batch.session.scalars(select(Period)).all()
    known = _known(batch, {row.month for _number, row in rows})
    for number, row in rows:
        period = next(
            (one for one in periods if f"{one.start_on:%Y-%m}" <= row.month <= f"{one.end_on:%Y-%m}"), None
        )
        if period is None:
            batch.refuse(number, str(NoPeriodForMonth(month=row.month)))
            continue
        slot = _Slot(period.id, row.unit, row.month, row.kind, row.revision)
        if slot not in known:
            known[slot] = _written(batch, slot, row)
            batch.findings[Finding.RECORDED.value] += 1
        elif known[slot].value == row.value:
            batch.findings[Finding.KNOWN.value] += 1
        else:
            taken = RevisionTaken(month=row.month, revision=row.revision, value=f"{known[slot].value:,.0f}")
            batch.refuse(number, str(taken))


def _known(batch: Batch, months: set[str]) -> dict[_Slot, ReportedFigure]:
    rows = batch.session.scalars(
        select(ReportedFigure).where(ReportedFigure.indicator == RETAINED, ReportedFigure.month.in_(months))
    )
    return {_Slot(*(getattr(row, name) for name in _Slot._fields)): row for row in rows}


def _written(batch: Batch, slot: _Slot, row: Figure) -> ReportedFigure:
    figure = ReportedFigure(
        **slot._asdict(),
        indicator=RETAINED,
        label=f"至{row.month}" if row.kind == CUMULATIVE else row.month,
        value=row.value,
        status=WAITING,
        source=row.document,
        received_at=batch.at,
        run_id=batch.run.id,
        submitted_by_id=batch.maker_id,
    )
    batch.session.add(figure)
    return figure
