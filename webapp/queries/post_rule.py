"""What the rule of the post ledger compares: postings as they stand, and as the ledger has taken them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.post_ledger import Pair, Periods, Stated
from webapp.domain.post_likeness import Offer, employer_key, title_key
from webapp.domain.postings import MAX_DAYS_LIVE, PostingStatus
from webapp.models import Employer, Period, Posting, PostOffer, PostQuestion

SHOWN_ONCE = (PostingStatus.LIVE, PostingStatus.PAUSED, PostingStatus.CLOSED, PostingStatus.EXPIRED)
"""Statuses of postings that count; one that is read again is taken when it is approved."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A posting as the ledger takes it: what the rule compares, what it states."""

    offer: Offer
    headcount: int
    well_paid: bool | None
    version: str = ""

    @property
    def stated(self) -> Stated:
        """Return what it contributes to its post."""
        one = self.offer
        return Stated(one.posting_id, one.kind, one.place, one.first_on, self.headcount, self.well_paid)


def periods_of(session: Session) -> Periods:
    """Return the periods as the rule reads them."""
    rows = session.execute(select(Period.id, Period.start_on, Period.end_on).order_by(Period.start_on))
    return rows.tuples().all()


def taken(session: Session, posting_ids: Collection[int]) -> list[Taken]:
    """Return published postings as they stand today, in the order of their numbers.

    One that was taken off the platform states no place any more; one the ledger knows keeps its first day.
    """
    rows = session.execute(
        select(
            Posting.id, Posting.employer_id, Employer.name, Employer.origin, Posting.title, Posting.kind,
            Posting.district, Posting.published_at, Posting.valid_until_on, Posting.headcount,
            Posting.status, Posting.well_paid, Posting.pay_min, PostOffer.first_on,
        )
        .join(Employer, Employer.id == Posting.employer_id)
        .outerjoin(PostOffer, PostOffer.posting_id == Posting.id)
        .where(
            Posting.id.in_(posting_ids),
            or_(Posting.published_at.is_not(None), PostOffer.posting_id.is_not(None)),
        )
        .order_by(Posting.id)
    )  # fmt: skip
    return [_taken(row) for row in rows]


def neighbours(session: Session, offers: Collection[Offer]) -> Sequence[PostOffer]:
    """Return every posting of every post that postings of the same employers already belong to."""
    keys, ids = {one.employer_key for one in offers}, {one.employer_id for one in offers}
    numbers = {one.posting_id for one in offers}
    posts = select(PostOffer.post_id).where(
        or_(
            PostOffer.employer_key.in_(keys),
            PostOffer.employer_id.in_(ids),
            PostOffer.posting_id.in_(numbers),
        )
    )
    columns = [getattr(PostOffer, name) for name in PostOffer.__table__.c.keys()]  # noqa: SIM118
    rows: Any = session.execute(select(*columns).where(PostOffer.post_id.in_(posts))).all()
    return rows


def parted(session: Session, posting_ids: Collection[int]) -> set[Pair]:
    """Return the pairs an officer has told apart in which one of these postings is."""
    rows = session.execute(
        select(PostQuestion.one_id, PostQuestion.other_id).where(
            PostQuestion.same.is_(False),
            or_(PostQuestion.one_id.in_(posting_ids), PostQuestion.other_id.in_(posting_ids)),
        )
    )
    return {frozenset(pair) for pair in rows.tuples()}


def texts_of(session: Session, posting_ids: Collection[int]) -> Mapping[int, str]:
    """Return what postings say of the work and whom they look for."""
    rows = session.execute(
        select(Posting.id, Posting.duties, Posting.requirements).where(Posting.id.in_(posting_ids))
    )
    return {row.id: f"{row.duties}\n{row.requirements}" for row in rows}


def not_taken(session: Session, *, after: int, most: int) -> Sequence[tuple[int, int]]:
    """Return published postings the ledger has not taken, by employer: (employer, posting).

    ``after`` is the employer last seen; employers come whole, so that each is looked at once.
    """
    waiting = (
        select(Posting.employer_id, Posting.id)
        .outerjoin(PostOffer, PostOffer.posting_id == Posting.id)
        .where(
            Posting.published_at.is_not(None),
            Posting.status.in_(SHOWN_ONCE),
            PostOffer.posting_id.is_(None),
            Posting.employer_id > after,
        )
    )
    last = session.scalar(
        select(func.max(waiting.order_by(Posting.employer_id).limit(most).subquery().c.employer_id))
    )
    if last is None:
        return []
    return (
        session.execute(waiting.where(Posting.employer_id <= last).order_by(Posting.employer_id, Posting.id))
        .tuples()
        .all()
    )


def _taken(row: Any) -> Taken:
    first_on = row.first_on or city_date(row.published_at)
    return Taken(
        Offer(
            posting_id=row.id,
            employer_id=row.employer_id,
            employer_key=employer_key(row.name),
            genuine=not row.origin.startswith("import"),
            title_key=title_key(row.title),
            kind=row.kind,
            place=row.district,
            first_on=first_on,
            last_on=row.valid_until_on or first_on + timedelta(days=MAX_DAYS_LIVE),
        ),
        headcount=0 if row.status is PostingStatus.REMOVED else row.headcount,
        well_paid=None if row.pay_min is None else row.well_paid,
    )


def known_offers(session: Session, posting_ids: Collection[int]) -> list[Offer]:
    """Return postings as the ledger has taken them."""
    rows = session.scalars(select(PostOffer).where(PostOffer.posting_id.in_(posting_ids)))
    return [offer_of(row) for row in rows]


def offer_of(row: PostOffer) -> Offer:
    """Return what the rule compares of a row."""
    return Offer(**{name: getattr(row, name) for name in Offer.__dataclass_fields__})
