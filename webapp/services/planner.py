"""Making the planner's sums anew."""

from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.domain.retention import PERIODS_THAT_COUNT
from webapp.models import Period, PlannerSum
from webapp.queries.planner import summed


def rebuild_sums(session: Session, *, on: date, at: datetime) -> int:
    """Sum up anew where everybody stands, in every period that still counts; return the sums written."""
    written = 0
    counting = Period.status.in_(PERIODS_THAT_COUNT)
    for period in session.scalars(select(Period).where(counting, Period.start_on <= on)).all():
        rows = [
            {**cell._asdict(), "period_id": period.id, "total": total, "built_at": at}
            for cell, total in summed(session, period, on=on).items()
        ]
        session.execute(delete(PlannerSum).where(PlannerSum.period_id == period.id))
        if rows:
            session.execute(insert(PlannerSum), rows)
        written += len(rows)
    return written
