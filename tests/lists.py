"""Nightly lists as the market leaves them, for tests that need no matching."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Graduate, MarketList, MarketRun, Posting


def make_lists(
    session: Session, lists: Mapping[Graduate, Sequence[Posting]], *, at: datetime, finished: bool = True
) -> MarketRun:
    """One night's lists, each best first."""
    run = MarketRun(started_at=at, model_id="m", ranking="r", blocks=1, blocks_done=1)
    run.finished_at = at if finished else None
    session.add(run)
    session.flush()
    session.add_all(
        MarketList(graduate_id=graduate.id, run_id=run.id, rank=rank, posting_id=posting.id, score=1 / rank)
        for graduate, postings in lists.items()
        for rank, posting in enumerate(postings, start=1)
    )
    session.flush()
    return run
