"""The sums destination rates are made from, made anew every night."""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp.models import OutcomeTotal
from webapp.queries.rates import fresh_totals


def rebuild_outcomes(session: Session, *, at: datetime) -> int:
    """Make the sums anew from graduates, registers and claims; returns how many persons they hold."""
    session.flush()
    totals = fresh_totals(session)
    session.execute(delete(OutcomeTotal))
    rows = [key._asdict() | {"total": total, "built_at": at} for key, total in sorted(totals.items())]
    if rows:
        session.execute(insert(OutcomeTotal), rows)
    session.expire_all()
    return sum(totals.values())
