"""Telling the matching indexes what changed, in the transaction that changed it."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models.matching import MatchChange, OwnerKind


def posting_changed(session: Session, posting_id: int, at: datetime) -> None:
    """Let every process look at this posting again before its next search."""
    session.add(MatchChange(owner_kind=OwnerKind.POSTING, owner_id=posting_id, at=at))
    session.flush()


def graduate_changed(session: Session, graduate_id: int, at: datetime) -> None:
    """Let every process look at this graduate's resume and wishes again before its next search."""
    session.add(MatchChange(owner_kind=OwnerKind.RESUME, owner_id=graduate_id, at=at))
    session.flush()
