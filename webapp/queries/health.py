"""Figures for whoever watches the platform: what waits, what ran, how the index and the ledger stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import MatchChange, TaskRun
from webapp.models.background import RunState
from webapp.queries import ledger
from webapp.queries.background import last_probes, waiting
from webapp.queries.sealing import last_check

DAY = timedelta(days=1)


class Figure(NamedTuple):
    """One figure: its name, what it says, its value, and what it is of."""

    name: str
    help: str
    value: float
    of: str = ""


def figures(session: Session, *, at: datetime) -> Iterator[Figure]:
    """Yield what the database knows about the platform's health; no figure names anybody."""
    yield from _waiting(session, at)
    yield from _runs(session, at)
    yield from _index(session)
    head, check = ledger.head_now(session), last_check(session)
    yield Figure("ledger_head", "Number of the ledger's last row", head.seq)
    if check:
        yield Figure("ledger_checked_seconds", "Age of the last walk", (at - check.at).total_seconds())
        yield Figure("ledger_problems", "Problems the last walk found", len(check.problems))


def _waiting(session: Session, at: datetime) -> Iterator[Figure]:
    found = waiting(session)
    pieces = {
        "letters": found.letters,
        "lists": found.lists_to_read + found.lists_to_count,
        "reports": found.reports,
        "figures": found.figures,
    }
    for of, count in pieces.items():
        yield Figure("work_waiting", "Pieces of work that wait in the database", count, of)
    age = (at - found.letters_since).total_seconds() if found.letters_since else 0
    yield Figure("letters_oldest_seconds", "Age of the letter that has waited longest", age)


def _runs(session: Session, at: datetime) -> Iterator[Figure]:
    done = select(TaskRun.name, func.max(TaskRun.ended_at)).where(TaskRun.state == RunState.DONE)
    for name, ended_at in session.execute(done.group_by(TaskRun.name)):
        age = (at - ended_at).total_seconds() if ended_at else 0
        yield Figure("task_done_seconds", "Time since a task was last done", age, name)
    failed = select(TaskRun.name, func.count()).where(
        TaskRun.state == RunState.FAILED, TaskRun.started_at > at - DAY
    )
    for name, count in session.execute(failed.group_by(TaskRun.name)):
        yield Figure("task_failures", "Failed or interrupted turns in the last day", count, name)


def _index(session: Session) -> Iterator[Figure]:
    newest_change = session.scalar(select(func.max(MatchChange.id))) or 0
    yield Figure("changes_newest", "Number of the newest change the indexes follow", newest_change)
    for probe in last_probes(session):
        yield Figure("index_recall", "Share found of the truly nearest", probe.recall, probe.collection)
