"""One file's way in: batches that can be interrupted anywhere and taken up again.

Each batch is one transaction of the caller: its effects, its problems and the position in the file are
committed together, so a run that was killed goes on after its last whole batch.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import ImportRun
from webapp.reading.tables import Row


def open_run(
    session: Session,
    *,
    kind: str,
    filename: str,
    digest: str,
    at: datetime,
    asked_by_id: int | None = None,
    file_id: int | None = None,
) -> ImportRun:
    """Return the run of this very file, begun now or taken up where it stopped; its maker stays the first."""
    run = session.scalar(select(ImportRun).where(ImportRun.kind == kind, ImportRun.digest == digest))
    if run is None:
        run = ImportRun(
            kind=kind,
            filename=filename,
            digest=digest,
            started_at=at,
            asked_by_id=asked_by_id,
            file_id=file_id,
            findings={},
        )
        run.position = run.imported = run.merged = run.refused = run.unmatched = 0
        session.add(run)
        session.flush()
    return run


def close_run(session: Session, *, run: ImportRun, at: datetime) -> None:
    """Note that the whole file has been read."""
    run.finished_at = run.finished_at or at
    session.flush()


def batches_after(position: int, rows: Iterable[Row], *, size: int) -> Iterator[list[Row]]:
    """Yield the rows behind a position, ``size`` at a time."""
    behind = (row for row in rows if row.number > position)
    while batch := list(islice(behind, size)):
        yield batch
