"""The feed of changes the indexes follow, and how far it can be trusted to be complete.

On PostgreSQL a change becomes visible when its transaction commits, in any order of its number. A place
in the feed is therefore a transaction id: all before the oldest one still running have ended, so nothing
before that place can appear any more. SQLite lets one writer in at a time: there numbers are in order.

The feed begins somewhere: what came before has been forgotten. Whoever goes on from an earlier place would
miss changes and must not, however long it has slept.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal_column, select
from sqlalchemy.orm import Session

from webapp.models.matching import MatchChange, MatchFeed, OwnerKind

_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_NEXT = (
    "greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, "
    "pg_current_xact_id_if_assigned()::text::bigint + 1)"
)
MOST = 1000
"""So many of the first ones tell how old the oldest is."""


class OldChange(NamedTuple):
    """A change at the beginning of the feed."""

    id: int
    place: int
    at: datetime


class Change(NamedTuple):
    """That something changed, and where in the feed."""

    id: int
    place: int
    kind: OwnerKind
    owner_id: int


class Feed(NamedTuple):
    """The place of the first change that has not been forgotten, and changes from some place on."""

    begins: int
    changes: list[Change]

    def reaches_back(self, place: int, *, now: int) -> bool:
        """Say whether nothing from a place on has been forgotten.

        A feed that begins after now was numbered by another cluster, as a restored dump may be.
        """
        return not place < self.begins <= now


def place_now(session: Session) -> int:
    """Return the place before which nothing can still appear; read it before the changes themselves."""
    if _on_postgresql(session):
        return session.scalar(select(literal_column(_OLDEST))) or 0
    return (session.scalar(select(func.max(MatchChange.id))) or 0) + 1


def feed_from(session: Session, place: int) -> Feed:
    """Return what can be seen from a place on, in the order of their numbers, and where the feed begins.

    Both are seen at one moment, so nothing is forgotten between the two.
    """
    at = _place_of(session)
    known = []
    if _on_postgresql(session):  # rows of a restored dump may bear ids of another cluster
        known = [at < literal_column(_NEXT)]
    rows = session.execute(
        select(MatchFeed.begins, MatchChange.id, at, MatchChange.owner_kind, MatchChange.owner_id)
        .outerjoin_from(MatchFeed, MatchChange, and_(at >= place, *known))
        .order_by(MatchChange.id)
    ).all()
    return Feed(rows[0].begins, [Change._make(row[1:]) for row in rows if row.id is not None])


def first_changes(session: Session, *, before: int, most: int) -> list[OldChange]:
    """Return the first changes before a place, in the order of the feed, but never the newest of all.

    SQLite would give the number of that one out again.
    """
    place = _place_of(session)
    newest = select(func.max(MatchChange.id)).scalar_subquery()
    wanted = (
        select(MatchChange.id, place, MatchChange.at)
        .where(place < before, MatchChange.id < newest)
        .order_by(place)
        .limit(most)
    )
    return [OldChange._make(row) for row in session.execute(wanted)]


def oldest_of(session: Session, ids: Sequence[int]) -> datetime | None:
    """Return when the oldest of some changes was made."""
    return session.scalar(select(func.min(MatchChange.at)).where(MatchChange.id.in_(ids[:MOST])))


def _place_of(session: Session) -> ColumnElement[int]:
    return (MatchChange.transaction_id if _on_postgresql(session) else MatchChange.id).expression


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
