"""Keeping the planner's sums."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp.database import Transaction
from webapp.domain.dates import city_date
from webapp.models import PlannerSum
from webapp.queries.planner import Cell, summed_up


def sum_up(reading: Transaction, writing: Transaction, *, at: datetime) -> int:
    """Make the sums of every period anew; return how many were written. Nobody waits while it counts."""
    with reading() as session:
        fresh = summed_up(session, on=city_date(at))
    with writing() as session:
        return keep_sums(session, fresh, at=at)


def keep_sums(session: Session, fresh: Mapping[str, Mapping[Cell, int]], *, at: datetime) -> int:
    """Put freshly made sums of some periods in the place of the old ones; return how many were written."""
    session.execute(delete(PlannerSum).where(PlannerSum.period_id.in_(fresh)))
    rows = [
        {**cell._asdict(), "period_id": period_id, "total": total, "built_at": at}
        for period_id, sums in fresh.items()
        for cell, total in sums.items()
    ]
    if rows:
        session.execute(insert(PlannerSum), rows)
    return len(rows)
