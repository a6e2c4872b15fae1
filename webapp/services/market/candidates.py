"""The candidates of blocks of graduates, found here or by a process for each core.

Blocks need nothing of one another. Each process has an index and a connection of its own and multiplies with
one thread; what it finds for a block becomes a file of the run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from time import monotonic

from threadpoolctl import threadpool_limits

from matcher.documents import PostingDocument
from matcher.engine import MatchingEngine
from matcher.market import Market
from matcher.products import CPU, open_products
from webapp.database import Transaction, open_engine, transactions
from webapp.queries.documents import posting_documents, resume_document
from webapp.queries.market import matched
from webapp.services.following import Follower
from webapp.services.market.work import Block, Work, WorkGone
from webapp.services.processes import spread_over
from webapp.services.serving import answering_engine
from webapp.settings import Settings


@dataclass(frozen=True, slots=True)
class Run:
    """What all blocks of a run have in common: where its work lies, its day, and what decides its lots."""

    settings: Settings
    folder: Path
    on: date
    seed: int

    @property
    def processes(self) -> int:
        """Return how many processes find candidates: on a graphics processor one is enough."""
        return self.settings.processes if self.settings.market_device == CPU else 1


def open_market(transaction: Transaction, engine: MatchingEngine, run: Run) -> Market:
    """Return the market of a run, with postings and resumes as they are now."""
    Follower(engine, folder=run.settings.snapshots).follow(transaction)
    return Market(engine, open_products(run.settings.market_device), today=run.on, seed=run.seed)


def find(transaction: Transaction, market: Market, work: Work, block: Block) -> float:
    """Keep the candidates of those of a block who may still be matched; return the seconds that took.

    No transaction is held meanwhile.
    """
    started = monotonic()
    if work.has(block):
        return 0  # by another worker on the same run

    def fetch(ids: Sequence[int]) -> Sequence[PostingDocument]:
        with transaction() as session:
            return posting_documents(session, ids)

    with transaction() as session:
        resumes = [resume_document(*pair) for pair in matched(session, block.people)]
    work.keep(block, [resume.id for resume in resumes], market.shortlist(resumes, block.conditions, fetch))
    return monotonic() - started


def find_together(run: Run, blocks: Sequence[Block]) -> Iterator[tuple[Block, float]]:
    """Let several processes find candidates; yield each block that is done, and the seconds it took.

    Whoever stops listening waits for the blocks that are being worked on.
    """
    numbered = {block.number: block for block in blocks}
    for number, seconds in spread_over(run.processes, partial(_find, run), list(numbered)):
        yield numbered[number], seconds


def _find(run: Run, number: int) -> tuple[int, float]:
    transaction, market, work = _opened(run)
    return number, find(transaction, market, work, work.blocks[number])


@cache
def _opened(run: Run) -> tuple[Transaction, Market, Work]:
    """Open what this process needs for all its blocks."""
    threadpool_limits(1)
    work = Work.found(run.folder)
    if work is None:
        raise WorkGone
    transaction = transactions(open_engine(run.settings.database_url))
    engine = answering_engine(transaction, run.settings)
    return transaction, open_market(transaction, engine, run), work
