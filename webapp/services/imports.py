"""Postings from outside: batches that can be interrupted anywhere and taken up again.

Each batch is one transaction of the caller: its postings, its problems and the position in the file are
committed together, so a run that was killed goes on after its last whole batch.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.employers import VERIFIED_DAYS, EmployerKind, EmployerStatus
from webapp.domain.identifiers import credit_code_for
from webapp.domain.postings import MAX_DAYS_LIVE, PostingStatus
from webapp.domain.roles import Role
from webapp.models.employer import Employer
from webapp.models.import_run import ImportProblem, ImportRun
from webapp.models.posting import Posting
from webapp.models.user import User
from webapp.reading.postings import RawPosting, RowRefused, read_posting
from webapp.reading.tables import Row
from webapp.services.changes import posting_changed

KIND = "postings"
ORIGIN = "import"
LIVE_FROM = 2024
"""Postings collected earlier were filled or closed long ago: kept for statistics, never shown."""

NO_EMPLOYER = "未注明单位"
VERIFIER = "import@platform.invalid"
"""The login nobody can use that stands as verifier of imported employers."""


def open_run(session: Session, *, filename: str, digest: str, at: datetime) -> ImportRun:
    """Return the run of this very file, begun now or taken up where it stopped."""
    run = session.scalar(select(ImportRun).where(ImportRun.kind == KIND, ImportRun.digest == digest))
    if run is None:
        run = ImportRun(kind=KIND, filename=filename, digest=digest, started_at=at)
        run.position = run.imported = run.merged = run.refused = 0
        session.add(run)
        session.flush()
    return run


def import_batch(session: Session, *, run: ImportRun, rows: Sequence[Row], at: datetime) -> None:
    """Store some rows of a file and move the run's position behind them."""
    readable: dict[str, RawPosting] = {}
    merged = refused = 0
    for row in rows:
        try:
            posting = _read(row, run)
        except RowRefused as reason:
            session.add(ImportProblem(run_id=run.id, row_number=row.number, reason=str(reason)))
            refused += 1
            continue
        merged += posting.key in readable
        readable.setdefault(posting.key, posting)
    known = set(session.scalars(select(Posting.external_key).where(Posting.external_key.in_(readable))))
    _store(session, [one for key, one in readable.items() if key not in known], at)
    run.imported += len(readable) - len(known)
    run.merged += merged + len(known)
    run.refused += refused
    run.position = rows[-1].number
    session.flush()


def close_run(session: Session, *, run: ImportRun, at: datetime) -> None:
    """Note that the whole file has been read."""
    run.finished_at = run.finished_at or at
    session.flush()


def remaining(rows: Iterable[Row], position: int, size: int) -> Iterable[list[Row]]:
    """Yield what lies behind a position in batches of ``size``."""
    behind = (row for row in rows if row.number > position)
    while batch := list(islice(behind, size)):
        yield batch
