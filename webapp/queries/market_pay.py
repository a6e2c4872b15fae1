"""What the market pays for a degree: the percentile that enters the threshold of well-paid posts."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import month_of, start_of_day
from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind
from webapp.domain.well_paid import Market, Threshold
from webapp.models import MarketPay, Posting, PostOffer

MONTHS = 12


def market_on(session: Session, on: date) -> Market:
    """Return the market's pay in force on a day."""
    month = month_of(on)
    rows = session.execute(select(MarketPay.degree, MarketPay.amount).where(MarketPay.month == month))
    return Market(month, dict(rows.tuples().all()))


def percentiles(session: Session, threshold: Threshold, *, on: date) -> Iterator[tuple[Degree, int, int]]:
    """Yield degree, yearly pay and number of postings, for degrees with enough of them.

    The pay is the nearest-rank percentile of the yearly lower bounds of the postings published in
    the months before the month of ``on``; a posting that asks for no degree counts as one for 专科.
    """
    yearly = Posting.pay_min * Posting.months
    until = on.replace(day=1)
    number = until.year * MONTHS + until.month - 1 - threshold.months
    since = date(number // MONTHS, number % MONTHS + 1, 1)
    for degree in Degree:
        paid = (
            select(yearly)
            .join(PostOffer, PostOffer.posting_id == Posting.id)
            .where(
                Posting.published_at >= start_of_day(since),
                Posting.published_at < start_of_day(until),
                Posting.kind.in_([Kind(kind) for kind in sorted(threshold.kinds)]),
                func.coalesce(Posting.degree_min, Degree.ASSOCIATE) == degree,
                Posting.pay_min.is_not(None),
                PostOffer.headcount > 0,
            )
        )
        postings = session.scalar(select(func.count()).select_from(paid.subquery())) or 0
        if postings >= threshold.least_postings:
            rank = -(-postings * threshold.percentile // 100)
            amount = session.scalar(paid.order_by(yearly).offset(rank - 1).limit(1))
            yield degree, amount or 0, postings
