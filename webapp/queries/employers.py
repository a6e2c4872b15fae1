"""Employers and their postings, as they and the officers read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from webapp.domain.errors import NotFound
from webapp.domain.pipeline import FINAL, Stage
from webapp.domain.postings import PostingStatus
from webapp.models import Application, Employer, Member, Posting, StaffInvitation

UNANSWERED = (Stage.SUBMITTED, Stage.VIEWED)


@dataclass(frozen=True, slots=True)
class Applicants:
    """How many applied to a posting, how many are still in the race and how many wait for an answer."""

    total: int = 0
    active: int = 0
    waiting: int = 0


def waiting_employers() -> Select[Employer]:
    """Return the select of organisations that wait for an officer, the longest waiting first."""
    return (
        select(Employer)
        .where(Employer.submitted_at.is_not(None))
        .order_by(Employer.submitted_at, Employer.id)
    )


def waiting_postings() -> Select[Posting]:
    """Return the select of postings that wait for an officer, the longest waiting first."""
    return (
        select(Posting)
        .options(joinedload(Posting.employer))
        .where(Posting.status == PostingStatus.REVIEW)
        .order_by(Posting.submitted_at, Posting.id)
    )


def employer_postings(employer_id: int, status: PostingStatus | None = None) -> Select[Posting]:
    """Return the select of an employer's postings, those touched last first."""
    touched = func.coalesce(Posting.updated_at, Posting.published_at, Posting.created_at)
    rows = (
        select(Posting).where(Posting.employer_id == employer_id).order_by(touched.desc(), Posting.id.desc())
    )
    return rows.where(Posting.status == status) if status else rows


def live_postings(session: Session, employer_id: int) -> Sequence[Posting]:
    """Return an employer's live postings, the newest first."""
    return session.scalars(employer_postings(employer_id, PostingStatus.LIVE)).all()


def posting_counts(session: Session, employer_id: int) -> Mapping[PostingStatus, int]:
    """Return how many postings an employer has in each state."""
    rows = session.execute(
        select(Posting.status, func.count())
        .where(Posting.employer_id == employer_id)
        .group_by(Posting.status)
    )
    return dict(rows.tuples().all())


def applicants(session: Session, posting_ids: Collection[int]) -> Mapping[int, Applicants]:
    """Return how many applied to each of some postings; one query for all."""
    active = func.sum(case((Application.stage.not_in(FINAL), 1), else_=0))
    waiting = func.sum(case((Application.stage.in_(UNANSWERED), 1), else_=0))
    rows = session.execute(
        select(Application.posting_id, func.count(), active, waiting)
        .where(Application.posting_id.in_(posting_ids))
        .group_by(Application.posting_id)
    )
    counted = {id: Applicants(int(total), int(open_), int(due)) for id, total, open_, due in rows}
    return {id: counted.get(id, Applicants()) for id in posting_ids}


def own_posting(session: Session, employer_id: int, posting_id: int) -> Posting:
    """Return a posting of this employer; anybody else's does not exist."""
    posting = session.scalar(
        select(Posting)
        .options(joinedload(Posting.employer))
        .where(Posting.id == posting_id, Posting.employer_id == employer_id)
    )
    if posting is None:
        raise NotFound
    return posting


def members_of(session: Session, employer_id: int) -> Sequence[Member]:
    """Return everybody who acts for an employer."""
    return session.scalars(
        select(Member)
        .options(joinedload(Member.user))
        .where(Member.employer_id == employer_id)
        .order_by(Member.id)
    ).all()


def open_invitations(session: Session, employer_id: int, at: datetime) -> Sequence[StaffInvitation]:
    """Return the colleagues who have been invited and have not come yet."""
    return session.scalars(
        select(StaffInvitation)
        .where(
            StaffInvitation.employer_id == employer_id,
            StaffInvitation.accepted_at.is_(None),
            StaffInvitation.expires_at >= at,
        )
        .order_by(StaffInvitation.id)
    ).all()
