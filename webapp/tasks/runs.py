"""Noting every turn of every task, and catching up on what a stopped worker or a lost queue left out."""

import os
import socket
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock
from typing import Any

from huey import crontab
from huey.api import PeriodicTask, Task
from huey.signals import (
    SIGNAL_COMPLETE,
    SIGNAL_ERROR,
    SIGNAL_EXECUTING,
    SIGNAL_INTERRUPTED,
    SIGNAL_LOCKED,
)
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.database import transaction_on
from webapp.models.background import RunState
from webapp.services import background
from webapp.settings import Settings
from webapp.tasks.queue import queue

MINUTE = timedelta(minutes=1)
DAY = 24 * 60
AT_START = ("keep_index",)
"""Work that pages wait for: searches need the index; what is summed up at night says so on its page."""
SILENCE = timedelta(hours=1)
"""Some work begins every minute: a worker elsewhere that begins nothing for so long is taken for dead."""
_looked = Lock()


def _session() -> AbstractContextManager[Session]:
    return transaction_on(Settings.from_environment().database_url)


def worker_name() -> str:
    """Return host and process: what a killed worker left can be told from what runs."""
    return f"{socket.gethostname()}:{os.getpid()}"


@queue.signal(SIGNAL_EXECUTING)
def _begun(_signal: str, task: Task) -> None:
    with _session() as session:
        background.begin_run(session, task_id=task.id, name=task.name, worker=worker_name(), at=now())


@queue.signal(SIGNAL_COMPLETE)
def _done(_signal: str, task: Task) -> None:
    _ended(task, RunState.DONE)


@queue.signal(SIGNAL_LOCKED)
def _skipped(_signal: str, task: Task) -> None:
    _ended(task, RunState.SKIPPED)


@queue.signal(SIGNAL_ERROR)
def _failed(_signal: str, task: Task, error: BaseException) -> None:
    _ended(task, RunState.FAILED, error=type(error).__name__, tries_left=task.retries)


@queue.signal(SIGNAL_INTERRUPTED)
def _interrupted(_signal: str, task: Task) -> None:
    _ended(task, RunState.FAILED, error=background.INTERRUPTED)


def _ended(task: Task, state: RunState, **facts: Any) -> None:
    with _session() as session:
        background.end_run(session, task_id=task.id, state=state, at=now(), **facts)


@queue.on_startup()
def look_around() -> None:
    """Note what a killed worker left, once a process, make up for it, and begin with what pages wait for."""
    if not _looked.acquire(blocking=False):
        return
    with _session() as session:
        background.end_broken_runs(
            session,
            lives=lambda worker, began_at: worker != worker_name() and _lives(worker, began_at),
            at=now(),
        )
    _queue(AT_START)
    catch_up()


@queue.periodic_task(crontab(minute="*/10"), retries=0)
def catch_up() -> None:
    """Queue again what runs once a day and was not done the last time; what runs often comes by itself."""
    due = {name: moment for name, task in _periodic().items() if (moment := once_a_day(task, now()))}
    with _session() as session:
        background.end_broken_runs(session, lives=_lives, at=now())
        missed = background.overdue(session, due)
    _queue(missed)


def _periodic() -> Mapping[str, PeriodicTask]:
    return {task.name: task for task in queue._registry.periodic_tasks}  # noqa: SLF001 - huey tells nobody else


def _queue(names: Iterable[str]) -> None:
    """Queue some tasks unless they wait there already."""
    tasks, queued = _periodic(), {task.name for task in queue.pending()}
    for name in names:
        if name not in queued:
            queue.enqueue(tasks[name])


def once_a_day(task: PeriodicTask, at: datetime) -> datetime | None:
    """Return when a task was due in the last day, if that was once."""
    last = at.replace(second=0, microsecond=0) - MINUTE
    minutes = (last - number * MINUTE for number in range(DAY))
    due = list(islice((minute for minute in minutes if task.validate_datetime(minute)), 2))
    return due[0] if len(due) == 1 else None


@queue.periodic_task(crontab(hour="20", minute="5"), retries=2, retry_delay=600)
def forget_runs() -> None:
    """Forget runs nobody asks about any more, at five past four at night in Wuhan."""
    with _session() as session:
        background.forget_runs(session, at=now())


def _lives(worker: str, began_at: datetime) -> bool:
    """Say whether a worker may still be at work: those of this host can be asked, others are listened for."""
    host, _, process = worker.rpartition(":")
    if host != socket.gethostname():
        return began_at > now() - SILENCE
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
