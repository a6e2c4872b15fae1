"""What has been sealed: closed months, published heads, walks over the ledger; and months both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import following, month_of
from webapp.models import ClosedMonth, LedgerCheck, LedgerTotal, PublishedHead
from webapp.queries import ledger


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of a period in both views: what began in it, what was posted in it (DOMAIN 1.8)."""

    month: str
    occurred: int
    posted: int
    posted_by_end: int
    closed: bool


def months_of(session: Session, period_id: str) -> list[MonthLine]:
    """Return the months of a period in order; both columns add up to the same total."""
    totals = ledger.totals(session, period_id)
    occurred, posted = totals.by("attributed_month"), totals.by("posted_month")
    closed, so_far, lines = ledger.closed_until(session), 0, []
    for month in sorted(occurred.keys() | posted.keys()):
        so_far += posted.get(month, 0)
        lines.append(MonthLine(month, occurred.get(month, 0), posted.get(month, 0), so_far, month <= closed))
    return lines


def next_to_close(session: Session, on: date) -> str | None:
    """Return the month whose turn it is to be closed, nothing while it still runs."""
    closed = ledger.closed_until(session)
    first = following(closed) if closed else session.scalar(select(func.min(LedgerTotal.posted_month)))
    return first if first and first < month_of(on) else None


def closed_months(session: Session, most: int = 24) -> Sequence[ClosedMonth]:
    """Return the closed months, the latest first."""
    return session.scalars(select(ClosedMonth).order_by(ClosedMonth.month.desc()).limit(most)).all()


def heads_listed() -> Select[PublishedHead]:
    """Return the published heads, the latest first."""
    return select(PublishedHead).order_by(PublishedHead.day.desc())


def last_check(session: Session) -> LedgerCheck | None:
    """Return the last walk over the whole ledger."""
    return session.scalar(select(LedgerCheck).order_by(LedgerCheck.id.desc()).limit(1))
