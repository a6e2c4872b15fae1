"""Reading handed-in lists and counting released ones, outside the request."""

import tempfile
from pathlib import Path

from huey import crontab

from webapp.clock import now
from webapp.database import Transaction, opened, transactions
from webapp.models import ImportRun, StoredFile, User
from webapp.queries.imports import runs_to_read, runs_to_release
from webapp.services.files import open_file
from webapp.services.imports.files import read_list
from webapp.services.imports.release import release_run
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="*"), retries=0)
@queue.lock_task("imports")
def take_lists() -> None:
    """Read what was handed in, then count what was released; a killed worker goes on where it stopped."""
    settings = Settings.from_environment()
    with opened(settings.database_url) as engine:
        work_off(transactions(engine), settings)


def work_off(transaction: Transaction, settings: Settings) -> None:
    """Do everything that waits: lists to be read, lists to be counted."""
    with transaction() as session:
        waiting = runs_to_read(session)
    for run_id in waiting:
        _read(transaction, run_id, settings)
    with transaction() as session:
        released = runs_to_release(session)
    for run_id, checker_id in released:
        while _release(transaction, run_id, checker_id):
            pass


def _read(transaction: Transaction, run_id: int, settings: Settings) -> None:
    """Unseal a list into a file that is gone afterwards, and read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with transaction() as session:
            run = session.get_one(ImportRun, run_id)
            kept = session.get_one(StoredFile, run.file_id)
            path.write_bytes(open_file(kept, key=settings.fernet_key))
        read_list(transaction, run_id=run_id, path=path, pepper=settings.pepper, clock=now)


def _release(transaction: Transaction, run_id: int, checker_id: int) -> int:
    with transaction() as session:
        by = session.get_one(User, checker_id)
        return release_run(session, run_id=run_id, by=by, at=now())
