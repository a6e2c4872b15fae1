"""Who is due to be told of new postings, and which postings those are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from matcher.documents import Conditions
from matcher.eligibility import refusals
from webapp.domain.dates import city_date
from webapp.domain.digests import DAYS, NEW_FOR, Frequency, is_new
from webapp.models import (
    Application,
    Digest,
    DigestPosting,
    Graduate,
    MarketList,
    Posting,
    SavedPosting,
)
from webapp.queries.documents import posting_document
from webapp.queries.postings import is_open


def wish_of(session: Session, graduate_id: int) -> Frequency | None:
    """Return how often a graduate wishes to be written to; nothing before they have said so."""
    return session.scalar(select(Digest.frequency).where(Digest.graduate_id == graduate_id))


def due(session: Session, *, on: date, most: int) -> list[Digest]:
    """Return some of those whose news is to be looked for; whoever has been due longest comes first.

    However many wish for one frequency, those who wish for another wait no longer. They come with the
    graduate and the account; on PostgreSQL nobody else looks for them meanwhile.
    """
    found = [one for frequency in DAYS for one in _due(session, frequency, on, most)]
    found.sort(key=lambda one: (one.looked_on + timedelta(days=DAYS[one.frequency]), one.graduate_id))
    return found[:most]


def _due(session: Session, frequency: Frequency, on: date, most: int) -> Sequence[Digest]:
    whose = joinedload(Digest.graduate, innerjoin=True).joinedload(Graduate.user, innerjoin=True)
    return session.scalars(
        select(Digest)
        .where(Digest.frequency == frequency, Digest.looked_on <= on - timedelta(days=DAYS[frequency]))
        .order_by(Digest.looked_on, Digest.graduate_id)
        .limit(most)
        .options(whose)
        .with_for_update(of=Digest, skip_locked=True)
    ).all()


def news(
    session: Session, digests: Iterable[Digest], *, run_id: int, at: datetime
) -> Mapping[int, list[Posting]]:
    """Return by graduate the new postings on a night's lists that may be shown and still fit, best first.

    Nobody is told of what they have applied to, put aside, or been told of before.
    """
    known = {one.graduate_id: one for one in digests}
    rows = session.execute(
        select(MarketList.graduate_id, Posting)
        .join(Posting, Posting.id == MarketList.posting_id)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(
            MarketList.run_id == run_id,
            MarketList.graduate_id.in_(known),
            Posting.published_at > at - NEW_FOR,
            is_open(city_date(at)),
            *(
                ~exists().where(
                    table.graduate_id == MarketList.graduate_id, table.posting_id == MarketList.posting_id
                )
                for table in (Application, SavedPosting, DigestPosting)
            ),
        )
        .order_by(MarketList.graduate_id, MarketList.rank)
    )
    found: dict[int, list[Posting]] = {}
    for graduate_id, posting in rows.tuples():
        digest = known[graduate_id]
        if _is_news(posting, digest, at) and _fits(posting, digest.graduate, city_date(at)):
            found.setdefault(graduate_id, []).append(posting)
    return found


def _is_news(posting: Posting, digest: Digest, at: datetime) -> bool:
    return posting.published_at is not None and is_new(posting.published_at, since=digest.since_at, at=at)


def _fits(posting: Posting, graduate: Graduate, on: date) -> bool:
    """Ask the hard conditions again: wishes may have changed since the night, and places been filled."""
    degree = graduate.degree.level if graduate.degree else None
    wished = Conditions(kinds=frozenset(graduate.kinds), degree=degree)
    return not refusals(posting_document(posting), wished, on)
