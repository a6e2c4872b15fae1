"""From candidates to lists: allocate, write, let them show, forget the last ones."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from matcher.balance import Balance, balanced
from matcher.index import Rows
from matcher.market import Market
from webapp.database import Transaction
from webapp.models import MarketList, MarketRun
from webapp.services.market.work import Candidates, Work

PEOPLE_AT_ONCE, ROWS_AT_ONCE = 10_000, 200_000


def conclude(
    transaction: Transaction, run_id: int, market: Market, work: Work, *, clock: Callable[[], datetime]
) -> None:
    """Allocate the candidates found and let the lists show, all at the same moment."""
    candidates, offers, found = allocated(market, work, seed=run_id)
    _write(transaction, run_id, candidates, offers, found)
    with transaction() as session:
        run = session.get_one(MarketRun, run_id)
        run.blocks_done, run.measures = run.blocks, _measures(candidates, offers, found)
        run.finished_at = clock()
    forget_lists(transaction, keep=run_id)


def allocated(market: Market, work: Work, *, seed: int) -> tuple[Candidates, Rows, Balance]:
    """Return everybody's candidates, the postings they are among, and the lists made of them."""
    offers, openings = market.openings()
    candidates = work.candidates(offers)
    columns = candidates.people, offers, candidates.postings, candidates.scores
    return candidates, offers, balanced(*columns, openings, seed=seed)


def forget_lists(transaction: Transaction, *, keep: int) -> None:
    """Delete the lists of other runs, some people at a time."""
    reached: int | None = 0
    while reached is not None:
        with transaction() as session:
            reached = _forget_some(session, reached, keep)


def _forget_some(session: Session, reached: int, keep: int) -> int | None:
    """Delete old lists of the people after one; return the last of them, or nothing at the end."""
    beyond = MarketList.graduate_id > reached
    wanted = select(MarketList.graduate_id).where(beyond).order_by(MarketList.graduate_id)
    last = session.scalar(wanted.offset(ROWS_AT_ONCE).limit(1))
    some = beyond if last is None else beyond & (MarketList.graduate_id <= last)
    session.execute(delete(MarketList).where(some, MarketList.run_id != keep))
    return last


def _write(
    transaction: Transaction, run_id: int, candidates: Candidates, offers: Rows, found: Balance
) -> None:
    """Write the lists; those of a run that was stopped while it wrote are written anew."""
    with transaction() as session:
        session.execute(delete(MarketList).where(MarketList.run_id == run_id))
    lists = found.allocation
    for start in range(0, len(candidates.people), PEOPLE_AT_ONCE):
        part = slice(start, start + PEOPLE_AT_ONCE)
        person, rank = np.nonzero(lists.postings[part] >= 0)
        columns: dict[str, npt.NDArray[Any]] = {
            "graduate_id": candidates.people[part][person],
            "rank": rank + 1,
            "posting_id": offers[lists.postings[part][person, rank]],
            "score": lists.scores[part][person, rank],
        }
        values = zip(*(column.tolist() for column in columns.values()), strict=True)
        rows = [{"run_id": run_id, **dict(zip(columns, row, strict=True))} for row in values]
        if rows:
            with transaction() as session:
                session.execute(insert(MarketList), rows)


def _measures(candidates: Candidates, offers: Rows, found: Balance) -> dict[str, Any]:
    return {
        "graduates": len(candidates.people),
        "postings": len(offers),
        "pairs": int((candidates.postings >= 0).sum()),
        "lists_per_opening": found.lists_per_opening,
        "tries": found.tries,
        "rounds": found.allocation.rounds,
        "lists": asdict(found.measures),
        "plain": asdict(found.plain),
    }
