"""The record of looks and deeds; the person concerned can read it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
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
) -> None:
    """Write down that ``by`` looked at a graduate's profile, for whom and in what form."""
    record_looks(
        session, by=by, graduate_ids=[graduate_id], action=action, at=at, on_behalf_of=on_behalf_of, **facts
    )


def record_looks(
    session: Session,
    *,
    by: User,
    graduate_ids: Iterable[int],
    action: str,
    at: datetime,
    on_behalf_of: str,
    **facts: object,
) -> None:
    """Write down that ``by`` looked at several graduates: an entry for each, in one statement."""
    look = {"at": at, "actor_id": by.id, "on_behalf_of": on_behalf_of, "action": action, "facts": facts}
    if rows := [{**look, "graduate_id": graduate_id} for graduate_id in graduate_ids]:
        session.execute(insert(AuditEntry), rows)


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
