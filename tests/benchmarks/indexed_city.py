"""A folder with a database and an index of all in it that may be found: what matching is measured on."""

from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from webapp.clock import now, today
from webapp.database import open_engine, session_factory, session_scope, transactions
from webapp.domain.postings import PostingStatus
from webapp.migrations import upgrade
from webapp.models import Employer, Posting
from webapp.reading.tables import read_rows
from webapp.services.city import make_city
from webapp.services.demo import load_demo
from webapp.services.imports.employers import approve
from webapp.services.imports.postings import KIND, import_batch
from webapp.services.imports.runs import batches_after, open_run
from webapp.services.matching import Matching
from webapp.services.programme import load_programme
from webapp.services.upkeep import keep_index
from webapp.settings import ROOT, Settings

BATCH = 2000
SEED = 7
LEAST_PEOPLE = 100


class Start(NamedTuple):
    """What starts from a snapshot, the seconds that took, and how many of them the processor worked."""

    matching: Matching
    seconds: float
    cpu: float


def installed(folder: Path, file: Path | None, postings: int, graduates: int) -> Engine:
    """Make an installation in which every posting is live, indexed and snapshot, unless there is one."""
    engine = filled(folder, file, postings, graduates)
    index(engine, folder)
    return engine


def opened_database(folder: Path) -> Engine:
    """Open the database that a folder keeps."""
    return open_engine(f"sqlite:///{folder / 'city.db'}")


def filled(folder: Path, file: Path | None, postings: int, graduates: int) -> Engine:
    """Write a database in one transaction, unless an earlier run has."""
    engine = opened_database(folder)
    upgrade(engine)
    with session_scope(session_factory(engine)) as session:
        if session.scalar(select(Posting.id).limit(1)) is None:
            load_programme(session, at=now())
            fill(session, file, postings, graduates)
    return engine


def index(engine: Engine, folder: Path) -> None:
    """Encode and read everything that may be found, and write the snapshot."""
    transaction = transactions(engine)
    for _ in keep_index(transaction, encoder=Settings().encoder, folder=folder):
        pass


def fill(session: Session, file: Path | None, postings: int, graduates: int) -> None:
    """Write a made-up city, the postings of a list, or the demo programme."""
    settings = Settings()
    if postings:
        make_city(
            session,
            graduates=max(graduates, LEAST_PEOPLE),
            seed=SEED,
            pepper=settings.pepper,
            postings=postings,
            resumes=graduates,
        )
    elif file is None:
        load_demo(
            session,
            folder=ROOT / "data" / "demo",
            at=now(),
            pepper=settings.pepper,
            file_key=settings.fernet_key,
        )
    else:
        run = open_run(session, kind=KIND, filename=file.name, digest="benchmark", at=now())
        for rows in batches_after(0, read_rows(file), size=BATCH):
            import_batch(session, run=run, rows=rows, at=now())
        approve(session, session.scalars(select(Employer.id)).all(), now())
        session.execute(
            update(Posting).values(
                status=PostingStatus.LIVE,
                published_at=now(),
                valid_until_on=today() + timedelta(days=90),
            )
        )


def started(session: Session, folder: Path) -> Start:
    """Start from the snapshot, as a process does."""
    matching = Matching(encoder=Settings().encoder, folder=folder)
    clock, cpu = perf_counter(), process_time()
    matching.refresh(session)
    return Start(matching, perf_counter() - clock, process_time() - cpu)
