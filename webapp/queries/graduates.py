"""What a graduate reads about themselves: resumes, consents, invitations, news, outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from webapp.models import (
    Application,
    Consent,
    Employer,
    Invitation,
    Notification,
    Placement,
    Posting,
    Resume,
)
from webapp.models.invitation import InvitationStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent as its giver reads it: ``employer`` is whom it lets see the resume, if anybody."""

    consent: Consent
    employer: str | None


def resume_versions(session: Session, graduate_id: int) -> Sequence[Resume]:
    """Return all versions of a resume, the newest first."""
    rows = select(Resume).where(Resume.graduate_id == graduate_id).order_by(Resume.version.desc())
    return session.scalars(rows).all()


def own_resume(session: Session, *, graduate_id: int, resume_id: int) -> Resume | None:
    """Return one version if it is this graduate's."""
    return session.scalar(select(Resume).where(Resume.id == resume_id, Resume.graduate_id == graduate_id))


def standing_consents(session: Session, user_id: int) -> list[Standing]:
    """Return the consents that stand, the oldest first."""
    rows = session.execute(
        select(Consent, Employer.name)
        .outerjoin(Employer, Employer.id == Consent.employer_id)
        .where(Consent.user_id == user_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id)
    )
    return [Standing(consent, employer) for consent, employer in rows]


def invitations_of(session: Session, graduate_id: int) -> Sequence[Invitation]:
    """Return invitations with their postings, those still open first."""
    rows = _invitations(graduate_id)
    return session.scalars(rows.order_by(Invitation.answered_at.is_not(None), Invitation.id.desc())).all()


def own_invitation(session: Session, *, graduate_id: int, invitation_id: int) -> Invitation | None:
    """Return an invitation with its posting if it is this graduate's."""
    return session.scalar(_invitations(graduate_id).where(Invitation.id == invitation_id))


def count_open_invitations(session: Session, graduate_id: int) -> int:
    """Return how many invitations wait for an answer."""
    rows = select(func.count()).where(
        Invitation.graduate_id == graduate_id, Invitation.status == InvitationStatus.SENT
    )
    return session.scalar(rows) or 0


def unread_news(session: Session, user_id: int, limit: int) -> Sequence[Notification]:
    """Return the latest news a person has not read."""
    rows = select(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalars(rows.order_by(Notification.id.desc()).limit(limit)).all()


def placements_of(session: Session, graduate_id: int) -> Sequence[Placement]:
    """Return a graduate's outcomes with their employers, the newest first."""
    rows = (
        select(Placement)
        .options(joinedload(Placement.employer))
        .where(Placement.graduate_id == graduate_id)
        .order_by(Placement.id.desc())
    )
    return session.scalars(rows).all()


def application_id_of(session: Session, *, graduate_id: int, posting_id: int) -> int | None:
    """Return the latest application of a graduate to a posting, if any."""
    return session.scalar(
        select(func.max(Application.id)).where(
            Application.graduate_id == graduate_id, Application.posting_id == posting_id
        )
    )


def _invitations(graduate_id: int) -> Select[Invitation]:
    return (
        select(Invitation)
        .options(joinedload(Invitation.posting).joinedload(Posting.employer))
        .where(Invitation.graduate_id == graduate_id)
    )
