"""Keeping the planner's sums."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp.models import PlannerSum
from webapp.queries.planner import Cell


def keep_sums(session: Session, fresh: Mapping[str, Mapping[Cell, int]], *, at: datetime) -> int:
    """Put freshly made sums of some periods in the place of the old ones; return how many were written.

    Making them takes long and needs no lock, so it is done before: ``queries.planner.summed_up``.
    """
    session.execute(delete(PlannerSum).where(PlannerSum.period_id.in_(fresh)))
    rows = [
        {**cell._asdict(), "period_id": period_id, "total": total, "built_at": at}
        for period_id, sums in fresh.items()
        for cell, total in sums.items()
    ]
    if rows:
        session.execute(insert(PlannerSum), rows)
    return len(rows)
