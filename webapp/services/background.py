"""Noting what ran in the background, so that people can see it and nothing that is due is forgotten."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.models.background import RunState, TaskRun

INTERRUPTED = "Interrupted"
DONE_KEPT, KEPT = timedelta(days=2), timedelta(days=30)
LONGEST = timedelta(hours=12)
"""A run of a worker that cannot be asked any more is taken for dead after so long."""


def begin_run(session: Session, *, task_id: str, name: str, worker: str, at: datetime) -> None:
    """Note that a worker (``host:process``) begins a turn of a task."""
    session.add(TaskRun(task_id=task_id, name=name, worker=worker, started_at=at))


def end_run(
    session: Session,
    *,
    task_id: str,
    state: RunState,
    at: datetime,
    error: str | None = None,
    tries_left: int = 0,
) -> None:
    """Note how a turn ended; ``error`` names the kind of failure."""
    session.execute(
        update(TaskRun)
        .where(TaskRun.task_id == task_id, TaskRun.state == RunState.RUNNING)
        .values(state=state, ended_at=at, error=error, tries_left=tries_left)
    )


def end_broken_runs(session: Session, *, lives: Callable[[str, datetime], bool], at: datetime) -> None:
    """Note as interrupted what the workers that live no longer were doing.

    ``lives`` is told a worker and when it last began a turn of anything.
    """
    running = select(TaskRun.worker).where(TaskRun.state == RunState.RUNNING)
    heard_of = select(TaskRun.worker, func.max(TaskRun.started_at)).where(TaskRun.worker.in_(running))
    last_turns = session.execute(heard_of.group_by(TaskRun.worker)).tuples()
    dead = [worker for worker, began_at in last_turns if not lives(worker, began_at)]
    session.execute(
        update(TaskRun)
        .where(
            TaskRun.state == RunState.RUNNING,
            or_(TaskRun.worker.in_(dead), TaskRun.started_at < at - LONGEST),
        )
        .values(state=RunState.FAILED, ended_at=at, error=INTERRUPTED)
    )


def overdue(session: Session, due: Mapping[str, datetime]) -> list[str]:
    """Return the tasks that were due at some moment and neither run nor have been done since.

    One that never ran was not missed before the first turn of any: it waits for its own hour.
    """
    first = session.scalar(select(func.min(TaskRun.started_at)))
    since = dict(
        session.execute(
            select(TaskRun.name, func.max(TaskRun.started_at))
            .where(TaskRun.state.in_((RunState.RUNNING, RunState.DONE)))
            .group_by(TaskRun.name)
        )
        .tuples()
        .all()
    )
    known = {name: since.get(name, first) for name in due}
    return [name for name, last in known.items() if last is not None and last < due[name]]


def forget_runs(session: Session, *, at: datetime) -> None:
    """Forget what went well after two days, the rest after thirty; each task's last run stays."""
    last = select(func.max(TaskRun.id)).group_by(TaskRun.name, TaskRun.state)
    went_well = TaskRun.state.in_((RunState.DONE, RunState.SKIPPED))
    session.execute(
        delete(TaskRun).where(
            or_(TaskRun.started_at < at - KEPT, went_well & (TaskRun.started_at < at - DONE_KEPT)),
            TaskRun.id.not_in(last),
        )
    )
