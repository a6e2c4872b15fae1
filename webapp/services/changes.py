"""Telling the matching indexes what changed, in the transaction that changed it."""

from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models.matching import MatchChange, MatchFeed, OwnerKind
from webapp.queries.changes import first_changes

KEPT = timedelta(days=7)
"""A process may sleep, or a snapshot be kept, for so long and still go on from the changes since."""
AT_ONCE = 5000


def posting_changed(session: Session, posting_id: int, at: datetime) -> None:
    """Let every process look at this posting again before its next search."""
    session.add(MatchChange(owner_kind=OwnerKind.POSTING, owner_id=posting_id, at=at))
    session.flush()


def graduate_changed(session: Session, graduate_id: int, at: datetime) -> None:
    """Let every process look at this graduate's resume and wishes again before its next search."""
    session.add(MatchChange(owner_kind=OwnerKind.RESUME, owner_id=graduate_id, at=at))
    session.flush()


def forget_changes(session: Session, *, before: int, at: datetime) -> int:
    """Forget some of the first changes, old ones before a place of the feed; return how many.

    Whoever has not come so far notices that the feed no longer reaches back to its place.
    """
    feed = session.scalars(select(MatchFeed).with_for_update()).one()
    first = first_changes(session, before=before, most=AT_ONCE)
    old = list(takewhile(lambda change: change.at < at - KEPT, first))
    if old:
        session.execute(delete(MatchChange).where(MatchChange.id.in_([change.id for change in old])))
        feed.begins = old[-1].place + 1
        session.flush()
    return len(old)
