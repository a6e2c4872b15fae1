"""News for people, kept until they have read it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.models import Member, Notification


def notify(
    session: Session, *, user_id: int, message: str, at: datetime, link: str | None = None, **facts: object
) -> Notification:
    """Tell a person something: ``message`` is a marked sentence, ``facts`` fill it when it is read."""
    news = Notification(user_id=user_id, message=message, facts=dict(facts), link=link, created_at=at)
    session.add(news)
    session.flush()
    return news


def notify_members(
    session: Session,
    *,
    employer_id: int,
    message: str,
    at: datetime,
    link: str | None = None,
    **facts: object,
) -> None:
    """Tell everybody who acts for an employer."""
    members: Iterable[int] = session.scalars(select(Member.user_id).where(Member.employer_id == employer_id))
    for user_id in list(members):
        notify(session, user_id=user_id, message=message, at=at, link=link, **facts)


def count_unread(session: Session, *, user_id: int) -> int:
    """Return how many pieces of news a person has not read."""
    unread = select(func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, *, user_id: int, at: datetime) -> None:
    """Mark all of a person's news as read."""
    session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=at)
    )
