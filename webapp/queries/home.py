"""The figures of the front page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, extract, func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.models import Application, Employer, LedgerTotal, Period, Posting
from webapp.queries.postings import is_open

ANSWER_WITHIN = timedelta(days=7)
OBSERVED = timedelta(days=90)
LEAST_APPLICATIONS = 20
"""A rate of fewer applications says nothing; none is shown."""


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """What the front page says of today; a rate is missing until there is enough to say it of."""

    at: datetime
    postings: int
    openings: int
    employers: int
    answered_rate: float | None
    retained: int
    period: str | None


def home_figures(session: Session, *, at: datetime) -> HomeFigures:
    """Count what is open today, how quickly employers answer and who was retained this period."""
    today = city_date(at)
    postings, openings, employers = session.execute(
        select(
            func.count(Posting.id),
            func.coalesce(func.sum(Posting.headcount - Posting.filled), 0),
            func.count(Posting.employer_id.distinct()),
        )
        .join(Employer, Employer.id == Posting.employer_id)
        .where(is_open(today))
    ).one()
    period = session.scalar(
        select(Period).where(Period.start_on <= today, Period.end_on >= today).order_by(Period.id)
    )
    return HomeFigures(
        at=at,
        postings=postings,
        openings=openings,
        employers=employers,
        answered_rate=answered_rate(session, at=at),
        retained=_retained(session, period),
        period=period.name if period else None,
    )


def answered_rate(session: Session, *, at: datetime) -> float | None:
    """Return the share of applications answered within seven days.

    Only applications that have had their seven days are asked, so that fresh ones do no harm.
    """
    waited = extract("epoch", Application.answered_at) - extract("epoch", Application.created_at)
    in_time = case((waited <= ANSWER_WITHIN.total_seconds(), 1), else_=0)
    ripe = at - ANSWER_WITHIN
    sent, answered = session.execute(
        select(func.count(), func.coalesce(func.sum(in_time), 0)).where(
            Application.created_at > ripe - OBSERVED, Application.created_at <= ripe
        )
    ).one()
    return answered / sent if sent >= LEAST_APPLICATIONS else None


def _retained(session: Session, period: Period | None) -> int:
    if period is None:
        return 0
    total = select(func.sum(LedgerTotal.total)).where(LedgerTotal.period_id == period.id)
    return session.scalar(total) or 0
