"""Reading imports: which files came in, how far they are, whom their rows found."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from webapp.domain.errors import NotFound
from webapp.domain.lists import Finding, ListKind
from webapp.domain.roles import Scope
from webapp.models import Graduate, ImportMatch, ImportProblem, ImportRun, Officer, Placement

KINDS: Mapping[Scope, tuple[ListKind, ...]] = {
    Scope.CITY: tuple(ListKind),
    Scope.STATION: (ListKind.ROLL, ListKind.OUTCOMES),
}
"""What each scope may hand in: a station speaks for its own school."""
PROVING = (ListKind.INSURANCE.value, ListKind.LICENCES.value)


def runs_listed(by: Officer) -> Select[ImportRun]:
    """Return the imports an officer may see, the latest first.

    The city and auditors see all, a unit the lists that prove claims, a station its own.
    """
    return select(ImportRun).where(_in_sight(by)).order_by(ImportRun.id.desc())


def find_run(session: Session, by: Officer, run_id: int) -> ImportRun:
    """Return an import in sight; to others it does not exist."""
    run = session.scalar(select(ImportRun).where(ImportRun.id == run_id, _in_sight(by)))
    if run is None:
        raise NotFound
    return run


def problems_listed(run_id: int) -> Select[ImportProblem]:
    """Return the refused rows of an import in the order of the file."""
    return (
        select(ImportProblem)
        .where(ImportProblem.run_id == run_id)
        .order_by(ImportProblem.row_number, ImportProblem.id)
    )


def matches_listed(by: Officer, run_id: int, finding: Finding | None) -> Select[Any]:
    """Return the rows that found a person, with the person's name; a unit sees those of its own claims."""
    rows = (
        select(ImportMatch, Graduate.name)
        .join(Graduate, Graduate.id == ImportMatch.graduate_id)
        .where(ImportMatch.run_id == run_id, _own(by))
        .order_by(ImportMatch.id)
    )
    return cast("Select[Any]", rows.where(ImportMatch.finding == finding) if finding else rows)


def waiting_for_release(session: Session, by: Officer, run_id: int) -> int:
    """Return how many claims of a list this officer could release."""
    rows = select(func.count()).where(
        ImportMatch.run_id == run_id, ImportMatch.finding == Finding.PROVED, _own(by)
    )
    return session.scalar(rows) or 0


def runs_to_read(session: Session) -> list[int]:
    """Return the uploaded files that still have to be read, the oldest first."""
    rows = select(ImportRun.id).where(ImportRun.finished_at.is_(None), ImportRun.file_id.is_not(None))
    return list(session.scalars(rows.order_by(ImportRun.id)))


def runs_to_release(session: Session) -> list[tuple[int, int]]:
    """Return the released lists that still hold proved claims, with the officer who released them."""
    proved = select(ImportMatch.run_id).where(ImportMatch.finding == Finding.PROVED)
    rows = select(ImportRun.id, ImportRun.checked_by_id).where(
        ImportRun.checked_by_id.is_not(None), ImportRun.id.in_(proved)
    )
    return [(run_id, checker or 0) for run_id, checker in session.execute(rows)]


def _in_sight(by: Officer) -> ColumnElement[bool]:
    if by.scope is Scope.STATION:
        return ImportRun.asked_by_id == by.user_id
    return ImportRun.kind.in_(PROVING) if by.scope is Scope.UNIT else true()


def _own(by: Officer) -> ColumnElement[bool]:
    if by.scope is not Scope.UNIT:
        return true()
    return ImportMatch.placement_id.in_(select(Placement.id).where(Placement.unit == by.unit))
