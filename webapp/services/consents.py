"""Giving and withdrawing consent, each purpose on its own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.consent import VERSION, Purpose
from webapp.models import Consent


def give(
    session: Session, *, user_id: int, purpose: Purpose, at: datetime, employer_id: int | None = None
) -> Consent:
    """Record a consent; one already standing is returned unchanged."""
    standing = current(session, user_id=user_id, purpose=purpose, employer_id=employer_id)
    if standing is not None:
        return standing
    consent = Consent(user_id=user_id, purpose=purpose, version=VERSION, employer_id=employer_id, given_at=at)
    session.add(consent)
    session.flush()
    return consent


def withdraw(
    session: Session, *, user_id: int, purpose: Purpose, at: datetime, employer_id: int | None = None
) -> None:
    """End a consent; what rested on it ends with the next request."""
    while standing := current(session, user_id=user_id, purpose=purpose, employer_id=employer_id):
        standing.withdrawn_at = at
        session.flush()


def current(
    session: Session, *, user_id: int, purpose: Purpose, employer_id: int | None = None
) -> Consent | None:
    """Return the standing consent for a purpose (and an employer), if any."""
    return session.scalar(
        select(Consent).where(
            Consent.user_id == user_id,
            Consent.purpose == purpose,
            Consent.employer_id.is_(None) if employer_id is None else Consent.employer_id == employer_id,
            Consent.withdrawn_at.is_(None),
        )
    )


def has_consent(session: Session, user_id: int, purpose: Purpose, employer_id: int | None = None) -> bool:
    """Say whether a consent stands."""
    return current(session, user_id=user_id, purpose=purpose, employer_id=employer_id) is not None
