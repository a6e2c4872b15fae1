"""Postings as people read them: what is open, what is new, what was saved."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.domain.employers import EmployerStatus
from webapp.domain.errors import NotFound
from webapp.domain.postings import Kind, PostingStatus
from webapp.models import Application, Employer, Posting, SavedPosting

ONCE_PUBLIC = frozenset(
    {PostingStatus.LIVE, PostingStatus.PAUSED, PostingStatus.CLOSED, PostingStatus.EXPIRED}
)
"""What a graduate who applied or saved it may still read; removed postings and drafts are nobody's."""


def is_open(on: date) -> ColumnElement[bool]:
    """Return the condition under which the public sees a posting joined with its employer."""
    return and_(
        Posting.status == PostingStatus.LIVE,
        Employer.status == EmployerStatus.APPROVED,
        or_(Posting.valid_until_on.is_(None), Posting.valid_until_on >= on),
    )


def open_postings(on: date) -> Select[Posting]:
    """Return the select of open postings with their employers, newest first."""
    return (
        select(Posting)
        .join(Posting.employer)
        .options(contains_eager(Posting.employer))
        .where(is_open(on))
        .order_by(Posting.published_at.desc(), Posting.id.desc())
    )


def newest_postings(session: Session, *, on: date, limit: int, kind: Kind | None = None) -> list[Posting]:
    """Return the newest open postings, of one kind if given."""
    rows = open_postings(on).limit(limit)
    return list(session.scalars(rows.where(Posting.kind == kind) if kind else rows))


def public_posting(session: Session, posting_id: int, *, on: date) -> Posting:
    """Return a posting the public may read today, or raise :class:`NotFound`."""
    posting = session.scalar(open_postings(on).where(Posting.id == posting_id))
    if posting is None:
        raise NotFound
    return posting


def known_posting(session: Session, posting_id: int) -> Posting:
    """Return a posting that is or was public, with its employer, or raise :class:`NotFound`."""
    posting = session.scalar(
        select(Posting)
        .options(joinedload(Posting.employer))
        .where(Posting.id == posting_id, Posting.status.in_(ONCE_PUBLIC))
    )
    if posting is None:
        raise NotFound
    return posting


def applied_posting(session: Session, application_id: int) -> Posting:
    """Return the posting of an application, with its employer."""
    wanted = select(Posting).join(Application, Application.posting_id == Posting.id)
    found = wanted.options(joinedload(Posting.employer)).where(Application.id == application_id)
    return session.scalars(found).one()


def postings_in_order(session: Session, ids: Iterable[int]) -> list[Posting]:
    """Return postings with their employers in the order of their ids, as a ranking gives them."""
    wanted = list(ids)
    found = session.scalars(
        select(Posting).options(joinedload(Posting.employer)).where(Posting.id.in_(wanted))
    )
    by_id = {posting.id: posting for posting in found}
    return [by_id[id] for id in wanted if id in by_id]


def saved_among(session: Session, graduate_id: int, ids: Collection[int]) -> frozenset[int]:
    """Return which of some postings a graduate has saved."""
    return frozenset(
        session.scalars(
            select(SavedPosting.posting_id).where(
                SavedPosting.graduate_id == graduate_id, SavedPosting.posting_id.in_(ids)
            )
        )
    )


def applied_among(session: Session, graduate_id: int, ids: Collection[int]) -> frozenset[int]:
    """Return which of some postings a graduate has applied to, whatever became of it."""
    return frozenset(
        session.scalars(
            select(Application.posting_id).where(
                Application.graduate_id == graduate_id, Application.posting_id.in_(ids)
            )
        )
    )


def saved_postings(graduate_id: int) -> Select[Posting]:
    """Return the select of what a graduate saved, the latest first."""
    return (
        select(Posting)
        .join(SavedPosting, SavedPosting.posting_id == Posting.id)
        .options(joinedload(Posting.employer))
        .where(SavedPosting.graduate_id == graduate_id, Posting.status.in_(ONCE_PUBLIC))
        .order_by(SavedPosting.created_at.desc(), Posting.id.desc())
    )
