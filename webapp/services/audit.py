"""The record of looks and deeds; the person concerned can read it."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import AuditEntry, User


def record_look(
    session: Session,
    *,
    by: User,
    graduate_id: int,
    action: str,
    at: datetime,
    on_behalf_of: str,
    **facts: object,
) -> AuditEntry:
    """Write down that ``by`` looked at a graduate's profile, for whom and in what form."""
    entry = AuditEntry(
        at=at,
        actor_id=by.id,
        on_behalf_of=on_behalf_of,
        action=action,
        graduate_id=graduate_id,
        facts=dict(facts),
    )
    session.add(entry)
    session.flush()
    return entry


def record_deed(
    session: Session,
    *,
    by: User | None,
    action: str,
    subject: str,
    at: datetime,
    on_behalf_of: str,
    **facts: object,
) -> AuditEntry:
    """Write down what somebody did to something, as ``kind:id``."""
    entry = AuditEntry(
        at=at,
        actor_id=by.id if by else None,
        on_behalf_of=on_behalf_of,
        action=action,
        subject=subject,
        facts=dict(facts),
    )
    session.add(entry)
    session.flush()
    return entry
