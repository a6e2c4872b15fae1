"""The registers officers keep: colleagues, bases, stations, imports, the ledger, the log."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.domain.dates import start_of_day
from webapp.domain.errors import NotFound
from webapp.domain.roles import Scope
from webapp.models import (
    AuditEntry,
    LedgerEntry,
    Officer,
    Station,
    TraineeshipBase,
    User,
)
from webapp.queries.officers import Reach
from webapp.queries.texts import MOST_NAMED, begins


def officers_listed(by: Officer) -> Select[Officer]:
    """Return the colleagues an officer may see: all for the city, their own unit's otherwise."""
    rows = select(Officer).options(joinedload(Officer.user)).order_by(Officer.id)
    return rows if by.scope is Scope.CITY else rows.where(_colleagues(by))


def find_officer(session: Session, by: Officer, officer_id: int) -> Officer:
    """Return a colleague in sight; to others they do not exist."""
    found = session.scalar(officers_listed(by).where(Officer.id == officer_id))
    if found is None:
        raise NotFound
    return found


def bases_listed(reach: Reach) -> Select[TraineeshipBase]:
    """Return the bases in reach, the latest approved first."""
    kept = TraineeshipBase.unit == reach.unit if reach.unit else true()
    return (
        select(TraineeshipBase)
        .where(kept)
        .order_by(TraineeshipBase.approved_on.desc(), TraineeshipBase.id.desc())
    )


def find_base(session: Session, reach: Reach, base_id: int) -> TraineeshipBase:
    """Return a base in reach; to others it does not exist."""
    found = session.scalar(bases_listed(reach).where(TraineeshipBase.id == base_id))
    if found is None:
        raise NotFound
    return found


def stations_listed(session: Session) -> Sequence[Station]:
    """Return all stations in the order they were opened."""
    return session.scalars(select(Station).order_by(Station.opened_on, Station.id)).all()


def entries_listed() -> Select[LedgerEntry]:
    """Return the ledger's entries, the last first."""
    return select(LedgerEntry).order_by(LedgerEntry.seq.desc())


def actors_named(session: Session, text: str) -> Sequence[int]:
    """Return the officers whose name holds a text, some hundred at most."""
    named = select(Officer.user_id).join(Officer.user).where(User.name.contains(text, autoescape=True))
    return session.scalars(named.limit(MOST_NAMED)).all() if text else ()


def audit_listed(
    *,
    text: str = "",
    actors: Collection[int] = (),
    action: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Select[AuditEntry]:
    """Return the log by who, what and when, the latest first.

    ``actors`` are those of :func:`actors_named`; offices and subjects are found by how they begin.
    """
    rows = (
        select(AuditEntry)
        .outerjoin(AuditEntry.actor)
        .options(contains_eager(AuditEntry.actor))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if text:
        named = [begins(AuditEntry.on_behalf_of, text), begins(AuditEntry.subject, text)]
        rows = rows.where(or_(AuditEntry.actor_id.in_(actors), *named))
    if action:
        rows = rows.where(AuditEntry.action == action)
    if since:
        rows = rows.where(AuditEntry.at >= start_of_day(since))
    if until:
        rows = rows.where(AuditEntry.at < start_of_day(until + timedelta(days=1)))
    return rows


def _colleagues(by: Officer) -> ColumnElement[bool]:
    return or_(Officer.id == by.id, Officer.unit == by.unit) if by.unit else Officer.id == by.id
