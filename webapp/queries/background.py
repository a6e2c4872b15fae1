"""What ran in the background, what failed, what waits; nothing here names anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import IndexProbe, OutgoingLetter, TaskRun
from webapp.models.background import RunState
from webapp.queries.imports import runs_to_read, runs_to_release
from webapp.queries.publications import unchecked, unfigured
from webapp.queries.reports.kept import orders_open

MOST_FAILURES = 50


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task's last turn and how long its turns take."""

    name: str
    last: TaskRun
    done_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that waits in the database, wherever the queue is."""

    letters: int
    letters_since: datetime | None
    lists_to_read: int
    lists_to_count: int
    reports: int
    figures: int


def task_lines(session: Session) -> list[TaskLine]:
    """Return every task that has run, by name."""
    newest = select(func.max(TaskRun.id)).group_by(TaskRun.name)
    last = session.scalars(select(TaskRun).where(TaskRun.id.in_(newest)).order_by(TaskRun.name)).all()
    by_name = select(TaskRun.name, func.max(TaskRun.ended_at), func.count()).group_by(TaskRun.name)
    done = {name: at for name, at, _ in session.execute(by_name.where(TaskRun.state == RunState.DONE))}
    failed = {
        name: count for name, _, count in session.execute(by_name.where(TaskRun.state == RunState.FAILED))
    }
    return [TaskLine(run.name, run, done.get(run.name), failed.get(run.name, 0)) for run in last]


def failures(session: Session) -> Sequence[TaskRun]:
    """Return the failed turns that are remembered, the latest first."""
    found = select(TaskRun).where(TaskRun.state == RunState.FAILED)
    return session.scalars(found.order_by(TaskRun.started_at.desc()).limit(MOST_FAILURES)).all()


def waiting(session: Session) -> Waiting:
    """Return what a worker would find to do."""
    letters, since = session.execute(
        select(func.count(OutgoingLetter.id), func.min(OutgoingLetter.written_at))
    ).one()
    return Waiting(
        letters,
        since,
        lists_to_read=len(runs_to_read(session)),
        lists_to_count=len(runs_to_release(session)),
        reports=len(session.scalars(orders_open()).all()),
        figures=len(unfigured(session)) + len(unchecked(session)),
    )


def last_probes(session: Session) -> Sequence[IndexProbe]:
    """Return what was last found of the truly nearest, for each part of the index."""
    last = select(func.max(IndexProbe.id)).group_by(IndexProbe.collection)
    found = select(IndexProbe).where(IndexProbe.id.in_(last))
    return session.scalars(found.order_by(IndexProbe.collection)).all()
