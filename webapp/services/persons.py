"""Joining two documents of one human in the ledger, and undoing it (DOMAIN 1.6, 1.9)."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date, month_of
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.programme import CITY
from webapp.domain.retention import Cause, EntryKind
from webapp.models import LedgerEntry, LiveCount, Period, PersonAlias, Placement
from webapp.queries import ledger
from webapp.services.ledger import append, cancel_count, check_two, lock_ledger


def join_persons(
    session: Session, *, duplicate_key: str, person_key: str, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Record that two documents belong to one human; the later of two counts in a period is cancelled.

    Joining the same two again writes nothing. What this cancels is not counted again by
    :func:`separate_persons`: a wrong merge is mended by new claims (DOMAIN 1.9).
    """
    check_two(first_id, second_id)
    _lock_claims(session, duplicate_key, person_key)
    lock_ledger(session)
    duplicate, root = ledger.root_of(session, duplicate_key), ledger.root_of(session, person_key)
    if duplicate == root:
        earlier = _alias_between(session, duplicate_key, person_key)
        if earlier is None:
            raise Conflict
        return earlier
    _cancel_doubles(session, duplicate, root, first_id=first_id, second_id=second_id, at=at)
    entry = _append_alias(
        session, EntryKind.ALIAS, duplicate, root, first_id=first_id, second_id=second_id, at=at
    )
    session.add(PersonAlias(person_key=duplicate, joined_to=root, seq=entry.seq))
    session.execute(update(LiveCount).where(LiveCount.person_root == duplicate).values(person_root=root))
    session.flush()
    session.expire_all()
    return entry


def separate_persons(
    session: Session, *, duplicate_key: str, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Record that a key was wrongly joined; counts that stand go back to the person they were made for."""
    check_two(first_id, second_id)
    lock_ledger(session)
    alias = session.get(PersonAlias, duplicate_key, populate_existing=True)
    if alias is None:
        raise NotFound
    root = ledger.root_of(session, duplicate_key)
    entry = _append_alias(
        session,
        EntryKind.ALIAS_VOID,
        duplicate_key,
        alias.joined_to,
        first_id=first_id,
        second_id=second_id,
        at=at,
        cancels_seq=alias.seq,
    )
    session.delete(alias)
    session.flush()
    for live in session.scalars(select(LiveCount).where(LiveCount.person_root == root)).all():
        made_for = ledger.root_of(session, session.get_one(LedgerEntry, live.seq).person_key)
        session.execute(update(LiveCount).where(LiveCount.seq == live.seq).values(person_root=made_for))
    session.expire_all()
    return entry


def _lock_claims(session: Session, *keys: str) -> None:
    """Lock the claims behind these persons' counts before the ledger, as every verdict does."""
    roots = {ledger.root_of(session, key) for key in keys}
    session.execute(
        select(Placement.id)
        .join(LedgerEntry, LedgerEntry.placement_id == Placement.id)
        .join(LiveCount, LiveCount.seq == LedgerEntry.seq)
        .where(LiveCount.person_root.in_(roots))
        .order_by(Placement.id)
        .with_for_update(of=Placement)
    )


def _cancel_doubles(
    session: Session, duplicate: str, root: str, *, first_id: int, second_id: int, at: datetime
) -> None:
    for live in session.scalars(select(LiveCount).where(LiveCount.person_root == duplicate)).all():
        if other := ledger.live_count(session, root, live.period_id):
            later = max(live.seq, other.seq)
            cancel_count(session, seq=later, cause=Cause.R6, first_id=first_id, second_id=second_id, at=at)


def _alias_between(session: Session, duplicate_key: str, person_key: str) -> LedgerEntry | None:
    alias = session.get(PersonAlias, duplicate_key)
    joined = alias is not None and ledger.root_of(session, alias.joined_to) == person_key
    return session.get(LedgerEntry, alias.seq) if alias and joined else None


def _append_alias(
    session: Session,
    kind: EntryKind,
    duplicate: str,
    root: str,
    *,
    first_id: int,
    second_id: int,
    at: datetime,
    cancels_seq: int | None = None,
) -> LedgerEntry:
    period = session.scalar(select(Period).order_by(Period.end_on.desc()).limit(1))
    if period is None:
        raise NotAllowed
    return append(
        session,
        at=at,
        idempotency_key=f"{kind.value}:{uuid.uuid4()}",
        kind=kind,
        person_key=duplicate,
        person_root=root,
        period_id=period.id,
        unit=CITY,
        district="420100",
        attributed_month=month_of(city_date(at)),
        cancels_seq=cancels_seq,
        placement_id=None,
        actor_id=first_id,
        second_actor_id=second_id,
        evidence_ids=[],
        grade=None,
        ruleset_id=period.ruleset_id,
    )
