"""The nightly market: every graduate who looks, every live posting, and lists under capacity.

The candidates of a block of graduates are one file, so a run that is killed goes on with the blocks that
have none. Lists are written under the new run and show all at once, when it is marked as finished; until
then the last run's do.
"""

import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.engine import MatchingEngine
from matcher.market import Market
from webapp.database import Transaction
from webapp.domain.dates import city_date
from webapp.models import MarketRun
from webapp.queries.market import last_run, looking, unfinished_run
from webapp.services.market.candidates import Run, find, find_together, open_market
from webapp.services.market.lists import allocated, conclude
from webapp.services.market.work import Block, Work, WorkGone
from webapp.services.serving import answering_engine
from webapp.settings import Settings

FOLDER = "market"


def due(session: Session, *, on: date) -> bool:
    """Say whether a run waits to be finished, or none has been begun and finished this day."""
    last = last_run(session)
    return unfinished_run(session) is not None or last is None or city_date(last.started_at) < on


def run_market(
    transaction: Transaction, settings: Settings, *, clock: Callable[[], datetime]
) -> Iterator[tuple[int, int]]:
    """Go on with the run that was begun, or begin one; yield after every block how many of all are done.

    Whoever stops listening may call again later. The last step, from candidates to lists, is not divided.
    Where another process that worked on the same run has ended it, nothing is left to do.
    """
    engine = answering_engine(transaction, settings)
    with transaction() as session:
        begun, work = _opened(session, engine, settings.snapshots / FOLDER, clock())
    run = Run(settings, work.folder, city_date(begun.started_at), begun.id)
    opened = cache(partial(open_market, transaction, engine, run))
    waiting = [block for block in work.blocks if not work.has(block)]
    before = len(work.blocks) - len(waiting)
    with suppress(WorkGone):
        with closing(_found(transaction, opened, run, work, waiting)) as found:
            for done, _ in enumerate(found, start=before + 1):
                with transaction() as session:
                    _standing(session, begun.id).blocks_done = done
                yield done, len(work.blocks)
        with transaction() as session:
            _standing(session, begun.id)
        conclude(transaction, begun.id, opened(), work, clock=clock)
        shutil.rmtree(settings.snapshots / FOLDER, ignore_errors=True)


class Trial(NamedTuple):
    """What was tried so far, and the seconds it would take to compare and to allocate everybody.

    What allocating takes is measured last.
    """

    compared: int
    everybody: int
    comparing: float
    allocating: float = 0


def try_market(transaction: Transaction, settings: Settings, *, people: int, on: date) -> Iterator[Trial]:
    """Find the candidates of about so many graduates, a block for each process at least, and keep nothing.

    Comparing all would take what a person took, in the processes that all would keep busy, without their
    start. Allocating, which one process does, would take what a person of the sample took, who met fewer
    rivals.
    """
    with TemporaryDirectory() as folder:
        with transaction() as session:
            work = Work.planned(Path(folder) / "trial", looking(session))
        work.save()
        run = Run(settings, work.folder, on, seed=0)
        engine = answering_engine(transaction, settings)
        opened = cache(partial(open_market, transaction, engine, run))
        everybody, compared, spent = sum(len(block.people) for block in work.blocks), 0, 0.0
        tried = work.spread(people, least=run.processes)
        with closing(_found(transaction, opened, run, work, tried)) as found:
            for block, seconds in found:
                compared, spent = compared + len(block.people), spent + seconds
                comparing = spent / compared * everybody / min(run.processes, len(work.blocks))
                yield Trial(compared, everybody, comparing)
        if compared:
            market, started = opened(), monotonic()
            allocated(market, Work(work.folder, tried), seed=run.seed)
            yield Trial(compared, everybody, comparing, (monotonic() - started) / compared * everybody)


def _found(
    transaction: Transaction, opened: Callable[[], Market], run: Run, work: Work, blocks: Sequence[Block]
) -> Generator[tuple[Block, float]]:
    """Find the candidates of some blocks, here or in several processes; yield each, and its seconds."""
    if run.processes > 1 and len(blocks) > 1:
        yield from find_together(run, blocks)
        return
    for block in blocks:
        yield block, find(transaction, opened(), work, block)


def _standing(session: Session, run_id: int) -> MarketRun:
    """Return a run that nobody has finished or replaced."""
    run = session.get(MarketRun, run_id)
    if run is None or run.finished_at is not None:
        raise WorkGone
    return run


def _opened(session: Session, engine: MatchingEngine, home: Path, at: datetime) -> tuple[MarketRun, Work]:
    """Return the run that was begun with this engine and its work, or new ones in place of all begun."""
    run, names = unfinished_run(session), (engine.model_id, engine.judge.model.digest)
    if run is not None and (run.model_id, run.ranking) == names:
        work = Work.found(home / str(run.id))
        if work is not None:
            return run, work
    for begun in session.scalars(select(MarketRun).where(MarketRun.finished_at.is_(None))):
        session.delete(begun)
    shutil.rmtree(home, ignore_errors=True)
    run = MarketRun(started_at=at, model_id=names[0], ranking=names[1], blocks=0, blocks_done=0)
    session.add(run)
    session.flush()
    work = Work.planned(home / str(run.id), looking(session))
    run.blocks = len(work.blocks)
    work.save()
    return run, work
