"""Counting the posts raised: every published posting is taken into the post ledger, each post once."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.database import Transaction
from webapp.domain.dates import city_date, month_of
from webapp.domain.well_paid import threshold_on, version_on
from webapp.models import MarketPay
from webapp.queries import market_pay, post_rule
from webapp.queries.post_rule import Taken
from webapp.services.post_book import Book, lock_posts

BATCH = 2_000


def enter_postings(
    session: Session, posting_ids: Collection[int], *, at: datetime, by_id: int | None = None
) -> int:
    """Take postings into the ledger; returns how many new ones are posts the ledger had already.

    A posting the ledger knows writes only what it states more or less than before: reopened or
    published again it writes nothing, taken off the platform it states nothing any more. The same again
    changes nothing.
    """
    session.flush()
    lock_posts(session)
    said = post_rule.taken(session, posting_ids)
    if not said:
        return 0
    version = version_on(city_date(at), market_pay.market_on(session, city_date(at)))
    book = Book(session, [one.offer for one in said], at=at, actor_id=by_id)
    joined = 0
    for one in said:
        known = book.knows(one.offer.posting_id)
        if known is None:
            joined += one.headcount > 0 and book.place(replace(one, version=version))
        elif (now := _as_known(one, known, version)) != known:
            book.change(now)
    book.write()
    return joined


def enter_missing(transaction: Transaction, *, at: datetime, told: Callable[[int], None]) -> None:
    """Take every published posting the ledger has not taken yet, an employer at a time.

    Each batch is a transaction; killed anywhere, the next call goes on. ``told`` hears how many are done.
    """
    employer, done = 0, 0
    while True:
        with transaction() as session:
            waiting = post_rule.not_taken(session, after=employer, most=BATCH)
            if not waiting:
                return
            enter_postings(session, [number for _employer, number in waiting], at=at)
        employer, done = waiting[-1][0], done + len(waiting)
        told(done)


def set_market(session: Session, *, on: date, at: datetime) -> int:
    """Write down what the market pays for each degree, for the threshold of this month; once a month.

    Returns for how many degrees: where fewer postings say than the rule asks for, the floor alone stands.
    """
    threshold, month = threshold_on(on), month_of(on)
    if threshold is None or market_pay.market_on(session, on).amounts:
        return 0
    rows = [
        {"month": month, "degree": degree, "amount": amount, "postings": postings, "made_at": at}
        for degree, amount, postings in market_pay.percentiles(session, threshold, on=on)
    ]
    if rows:
        session.execute(insert(MarketPay), rows)
    return len(rows)


def _as_known(said: Taken, known: Taken, version: str) -> Taken:
    """Return what a known posting says now: its validity only grows, its version stays with its pay."""
    last_on = max(said.offer.last_on, known.offer.last_on)
    kept = known.version if said.well_paid == known.well_paid else version
    return replace(said, offer=replace(said.offer, last_on=last_on), version=kept)
