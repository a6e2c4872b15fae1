"""Who has been erased, kept outside the database, so that restoring a backup brings nobody back.

A line is a keyed digest of an account's number and birth: it says something only to whoever holds the
pepper and the backup.
"""

import hmac
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.database import when_committed
from webapp.models import Graduate
from webapp.services.erasure import NOBODY, erase

ROWS_AT_ONCE = 5000


def mark_of(graduate_id: int, created_at: datetime, *, pepper: str) -> str:
    """Return what stands for one account; a later account with the same number has another mark."""
    return hmac.digest(
        pepper.encode(), f"erased:{graduate_id}:{created_at.isoformat()}".encode(), "sha256"
    ).hex()


def read_marks(file: Path) -> set[str]:
    """Return the marks of a list; one that is missing holds none."""
    return set(file.read_text("ascii").split()) if file.is_file() else set()


def add_marks(file: Path, marks: Iterable[str]) -> None:
    """Append marks and wait until the disk has them."""
    lines = "".join(f"{mark}\n" for mark in marks)
    if not lines:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as target:
        target.write(lines)
        target.flush()
        os.fsync(target.fileno())


def list_when_done(session: Session, *, graduate: Graduate, file: Path, pepper: str) -> None:
    """Add an account to the list as soon as the transaction that erases it stands."""
    mark = mark_of(graduate.id, graduate.created_at, pepper=pepper)
    when_committed(session, lambda: add_marks(file, [mark]))


def list_missing(session: Session, *, file: Path, pepper: str) -> None:
    """Add those whom a process killed right after its commit, or a lost file, has left out."""
    known = read_marks(file)
    gone = select(Graduate.id, Graduate.created_at).where(
        Graduate.name == NOBODY, Graduate.restricted_at.is_not(None)
    )
    marks = [mark_of(id, created_at, pepper=pepper) for id, created_at in session.execute(gone)]
    add_marks(file, [mark for mark in marks if mark not in known])


def erase_again(session: Session, *, file: Path, pepper: str, at: datetime) -> int:
    """Erase whoever is on the list and in the database all the same; returns how many."""
    known = read_marks(file)
    if not known:
        return 0
    there = session.execute(
        select(Graduate.id, Graduate.created_at)
        .where(Graduate.name != NOBODY)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    back = [id for id, created_at in there if mark_of(id, created_at, pepper=pepper) in known]
    for graduate_id in back:
        graduate = session.get_one(Graduate, graduate_id, options=[joinedload(Graduate.user)])
        erase(session, graduate=graduate, by=graduate.user, at=at)
    return len(back)
