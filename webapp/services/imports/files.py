"""A list's whole file: read batch by batch, each batch in a transaction of the caller's."""

import hashlib
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database import Transaction
from webapp.domain.errors import NotAllowed, PlatformError
from webapp.domain.lists import ListKind
from webapp.models import ImportRun, Officer, User
from webapp.queries.imports import KINDS
from webapp.reading.list_columns import columns_of
from webapp.reading.tables import UnreadableTable, read_rows
from webapp.services.files import printable_name, store_file
from webapp.services.imports.lists import import_rows
from webapp.services.imports.runs import batches_after, close_run, open_run

BATCH = 5_000


def digest_of(path: Path) -> str:
    """Return the sha256 by which a file is known again."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def hand_in(
    session: Session, *, by: User, kind: ListKind, filename: str, content: bytes, at: datetime, key: bytes
) -> ImportRun:
    """Keep a list sealed until it is read in the background; the very same file again is the same run.

    Refused at once: a kind the officer's scope may not hand in, and a file that is not such a list.
    """
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or kind not in KINDS.get(officer.scope, ()):
        raise NotAllowed
    with tempfile.NamedTemporaryFile() as given:
        given.write(content)
        given.flush()
        check_list(kind, Path(given.name), printable_name(filename))
    digest = hashlib.sha256(content).hexdigest()
    known = session.scalar(select(ImportRun).where(ImportRun.kind == kind.value, ImportRun.digest == digest))
    if known:
        return known
    kept = store_file(
        session,
        owner_id=by.id,
        purpose="import",
        filename=filename,
        content=content,
        media_type="application/octet-stream",
        at=at,
        key=key,
    )
    return open_run(
        session,
        kind=kind.value,
        filename=kept.filename,
        digest=digest,
        at=at,
        asked_by_id=by.id,
        file_id=kept.id,
    )


def check_list(kind: ListKind, path: Path, name: str) -> None:
    """Refuse a file that is no table, or not the list it is said to be, before anything is kept of it."""
    try:
        next(iter(read_rows(path, columns_of(kind, name))), None)
    except UnreadableTable as broken:
        raise UnreadableTable(name=name) from broken


def read_list(
    transaction: Transaction,
    *,
    run_id: int,
    path: Path,
    pepper: str,
    clock: Callable[[], datetime],
    size: int = BATCH,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Read a list from where its run stands to its end; ``told`` hears rows done and rows in all.

    Killed anywhere, it goes on after the last whole batch; a second reader of the same file steps aside
    batch by batch. A file that breaks off is closed with the reason.
    """
    with transaction() as session:
        run = session.get_one(ImportRun, run_id)
        kind, position, finished = ListKind(run.kind), run.position, run.finished_at is not None
        columns = columns_of(kind, run.filename)
    if finished:
        return
    try:
        total = sum(1 for _ in read_rows(path, columns))
        for rows in batches_after(position, read_rows(path, columns), size=size):
            with transaction() as session:
                run = session.get_one(ImportRun, run_id, with_for_update=True)
                run.total = total
                if run.position < rows[0].number:
                    import_rows(session, run=run, rows=rows, pepper=pepper, at=clock())
            told(run.done, total)
    except PlatformError as broken:
        with transaction() as session:
            session.get_one(ImportRun, run_id).problem = str(broken)
    with transaction() as session:
        close_run(session, run=session.get_one(ImportRun, run_id), at=clock())
