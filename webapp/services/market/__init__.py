"""The nightly market: every graduate who looks, every live posting, and lists under capacity.

The candidates of a block of graduates are one file, so a run that is killed goes on with the first block
that has none. Lists are written under the new run and show all at once, when it is marked as finished; until
then the last run's do.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.documents import PostingDocument
from matcher.engine import MatchingEngine
from matcher.market import Market, Shortlist
from matcher.products import open_products
from webapp.domain.dates import city_date
from webapp.models import MarketRun
from webapp.queries.documents import posting_documents, resume_document
from webapp.queries.market import last_run, looking, matched, unfinished_run
from webapp.services.following import Follower, Transaction
from webapp.services.market.lists import conclude
from webapp.services.market.work import Block, Work
from webapp.services.serving import open_serving, serving
from webapp.settings import ROOT, Settings

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
    """
    engine = _engine(transaction, settings)
    with transaction() as session:
        run, work = _opened(session, engine, settings.snapshots / FOLDER, clock())
    market = Market(
        engine, open_products(settings.market_device), today=city_date(run.started_at), seed=run.id
    )
    for done, block in enumerate(work.blocks, start=1):
        if not work.has(block):
            work.keep(block, *_candidates(transaction, market, block))
            with transaction() as session:
                session.get_one(MarketRun, run.id).blocks_done = done
            yield done, len(work.blocks)
    with transaction() as session:
        if session.get_one(MarketRun, run.id).finished_at is not None:
            return  # by another process that worked on the same run
    conclude(transaction, run.id, market, work, clock=clock)
    shutil.rmtree(settings.snapshots / FOLDER, ignore_errors=True)


def try_market(
    transaction: Transaction, settings: Settings, *, most: int, on: date
) -> Iterator[tuple[int, int]]:
    """Find the candidates of some graduates and keep nothing; yield graduates compared, and all there are."""
    market = Market(_engine(transaction, settings), open_products(settings.market_device), today=on, seed=0)
    with transaction() as session:
        work = Work.planned(settings.snapshots, looking(session))
    everybody, compared = sum(len(block.people) for block in work.blocks), 0
    for block in work.spread(most):
        _candidates(transaction, market, block)
        compared += len(block.people)
        yield compared, everybody


def _engine(transaction: Transaction, settings: Settings) -> MatchingEngine:
    """Open the engine that answers searches, with the postings as they are now."""
    with transaction() as session:
        model = serving(session)
    if model is None:
        engine = MatchingEngine.open(ROOT / "data", settings.encoder)
    else:
        engine = open_serving(model, settings.snapshots)
    Follower(engine, folder=settings.snapshots).follow(transaction)
    return engine


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


def _candidates(transaction: Transaction, market: Market, block: Block) -> tuple[Sequence[int], Shortlist]:
    """Return who of a block may still be matched, and their candidates; no transaction is held meanwhile."""

    def fetch(ids: Sequence[int]) -> Sequence[PostingDocument]:
        with transaction() as session:
            return posting_documents(session, ids)

    with transaction() as session:
        resumes = [resume_document(*pair) for pair in matched(session, block.people)]
    return [resume.id for resume in resumes], market.shortlist(resumes, block.conditions, fetch)
