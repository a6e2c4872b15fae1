"""Postings the public may see."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from webapp.domain.employers import EmployerStatus
from webapp.domain.errors import NotFound
from webapp.domain.postings import Kind, PostingStatus
from webapp.models import Employer, Posting


def is_public(on: date) -> ColumnElement[bool]:
    """Return the condition of a posting, joined with its employer, that anybody may see on a day."""
    return and_(
        Posting.status == PostingStatus.LIVE,
        Employer.status == EmployerStatus.APPROVED,
        or_(Posting.valid_until_on.is_(None), Posting.valid_until_on >= on),
    )


def newest_postings(session: Session, *, kind: Kind, on: date, limit: int) -> Sequence[Posting]:
    """Return the newest public postings of a kind."""
    newest = (
        select(Posting)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(is_public(on), Posting.kind == kind)
        .order_by(Posting.published_at.desc(), Posting.id.desc())
        .limit(limit)
    )
    return session.scalars(newest).all()


def postings_in_order(session: Session, ids: Sequence[int]) -> Sequence[Posting]:
    """Return postings with their employers in the order of their ids."""
    found = session.scalars(
        select(Posting)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(Posting.id.in_(ids))
    )
    by_id = {posting.id: posting for posting in found}
    return [by_id[one] for one in ids if one in by_id]


def public_posting(session: Session, posting_id: int, *, on: date) -> Posting:
    """Return one posting the public may see; any other is not found."""
    posting = session.scalar(
        select(Posting)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(Posting.id == posting_id, is_public(on))
    )
    if posting is None:
        raise NotFound
    return posting
