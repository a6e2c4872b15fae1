"""More traceable people than a unit has reported: opened by the clock, explained by one, confirmed by two."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.programme import CITY, read_table
from webapp.domain.reported import Cell
from webapp.domain.roles import DECIDES, Scope
from webapp.domain.words import N_
from webapp.models import Period, Reconciliation, ReportedFigure, User
from webapp.queries.reported import CUMULATIVE, gathered, standing_figures
from webapp.services.verifications import officer_of, stated


class OwnExplanation(PlatformError):
    """Whoever explained cannot confirm the explanation."""

    message = N_("这条说明由您写下，须由另一名市级工作人员确认。")


class NotExplained(PlatformError):
    """There is nothing to confirm yet."""

    message = N_("还没有人写明原因，不能确认。")


def open_reconciliations(session: Session, *, at: datetime) -> int:
    """Open a task for every standing figure below what is traceable of the same months; return how many.

    A figure is held against the ledger once; a new revision is a new figure.
    """
    known = set(session.scalars(select(Reconciliation.figure_id)))
    due_on = city_date(at) + timedelta(days=read_table("reported.json")["reconcile_within_days"])
    opened = [
        Reconciliation(
            figure_id=figure.id,
            unit=figure.unit,
            reported=cell.reported,
            platform=cell.traceable,
            opened_at=at,
            due_on=due_on,
        )
        for period_id in session.scalars(select(Period.id)).all()
        for figure, cell in _cells(session, period_id)
        if cell.contested and figure.id not in known
    ]
    session.add_all(opened)
    session.flush()
    return len(opened)


def explain(
    session: Session, *, by: User, reconciliation_id: int, reason: str, at: datetime
) -> Reconciliation:
    """Write down why more people are traceable than were reported; the unit's own officer or the city's."""
    task = _reach(session, by, reconciliation_id)
    task.reason, task.explained_by_id, task.explained_at = stated(reason), by.id, at
    session.flush()
    return task


def confirm(session: Session, *, by: User, reconciliation_id: int, at: datetime) -> Reconciliation:
    """Close a task with the reason another officer wrote down; only the city does."""
    task = _reach(session, by, reconciliation_id)
    if officer_of(session, by).scope is not Scope.CITY:
        raise NotAllowed
    if task.explained_by_id is None:
        raise NotExplained
    if task.explained_by_id == by.id:
        raise OwnExplanation
    task.confirmed_by_id, task.confirmed_at = by.id, at
    session.flush()
    return task


def _cells(session: Session, period_id: str) -> Iterator[tuple[ReportedFigure, Cell]]:
    """Yield each standing figure with what is traceable of the months it speaks for."""
    traceable = gathered(session, period_id).traceable
    for figure in standing_figures(session, period_id):
        units = traceable.values() if figure.unit == CITY else [traceable.get(figure.unit, {})]
        month, until = figure.month or "", figure.kind == CUMULATIVE
        counted = sum(
            total for sums in units for one, total in sums.items() if one == month or (until and one < month)
        )
        yield figure, Cell(counted, int(figure.value))


def _reach(session: Session, by: User, reconciliation_id: int) -> Reconciliation:
    officer = officer_of(session, by)
    if officer.scope not in DECIDES:
        raise NotAllowed
    task = session.get(Reconciliation, reconciliation_id, with_for_update=True, populate_existing=True)
    if task is None or (officer.scope is Scope.UNIT and task.unit != officer.unit):
        raise NotFound
    if task.confirmed_by_id is not None:
        raise Conflict
    return task
