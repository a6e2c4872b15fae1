"""Writing the ledger: append a count, cancel one, join two keys of one person."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.domain import chain
from webapp.domain.chain import GENESIS, Problem
from webapp.domain.dates import city_date, month_of
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.programme import gb2260_of
from webapp.domain.retention import Block, CannotCount, Cause, EntryKind
from webapp.domain.words import N_
from webapp.models import LedgerEntry, LiveCount, Period, Placement
from webapp.queries import ledger

LOCK = 0x5875657A69  # "Xuezi"
"""Number of the advisory lock under which PostgreSQL writes the ledger one entry at a time."""

MISFOLDED = N_("时期 %(period)s 的存量合计 %(stored)d 与逐笔重算 %(refold)d 不一致")


class SecondOfficerNeeded(PlatformError):
    """One officer alone cannot take a count back."""

    message = N_("冲销须由另一名核验人确认，不能由同一个人完成。")


def lock_ledger(session: Session) -> None:
    """Let nobody else write the ledger until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def count_person(
    session: Session,
    *,
    placement: Placement,
    person_key: str,
    period: Period,
    grade: Grade,
    approvers: Sequence[int],
    evidence_ids: Sequence[int],
    round_number: int,
    at: datetime,
) -> LedgerEntry:
    """Write +1 for a person, once per period; the same placement and round again writes nothing."""
    lock_ledger(session)
    key = f"count:{placement.id}:{round_number}"
    if earlier := ledger.entry_with_key(session, key):
        return earlier
    root = ledger.root_of(session, person_key)
    if ledger.live_count(session, root, period.id):
        raise CannotCount([Block.ALREADY_COUNTED])
    if placement.unit is None or placement.district is None:
        raise CannotCount([Block.NOT_IN_WUHAN])
    entry = _append(
        session,
        at=at,
        idempotency_key=key,
        kind=EntryKind.COUNT,
        person_key=person_key,
        person_root=root,
        period_id=period.id,
        unit=placement.unit,
        district=gb2260_of(placement.district),
        delta=1,
        attributed_month=month_of(placement.started_on),
        placement_id=placement.id,
        actor_id=approvers[0],
        second_actor_id=approvers[1] if len(approvers) > 1 else None,
        evidence_ids=list(evidence_ids),
        grade=grade.value,
        ruleset_id=period.ruleset_id,
    )
    session.add(LiveCount(person_root=root, period_id=period.id, seq=entry.seq))
    session.flush()
    return entry


def cancel_count(
    session: Session, *, seq: int, cause: Cause, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Write -1 against one earlier +1, with cause and two officers; posted in the month it is known.

    Cancelling the same count with the same cause again writes nothing.
    """
    if first_id == second_id:
        raise SecondOfficerNeeded
    lock_ledger(session)
    key = f"reverse:{seq}"
    if earlier := ledger.entry_with_key(session, key):
        return earlier
    count = session.get(LedgerEntry, seq)
    if count is None or count.delta != 1:
        raise NotFound
    entry = _append(
        session,
        at=at,
        idempotency_key=key,
        kind=EntryKind.REVERSE,
        person_key=count.person_key,
        person_root=count.person_root,
        period_id=count.period_id,
        unit=count.unit,
        district=count.district,
        delta=-1,
        attributed_month=count.attributed_month,
        cancels_seq=count.seq,
        cause=cause,
        placement_id=count.placement_id,
        actor_id=first_id,
        second_actor_id=second_id,
        evidence_ids=count.evidence_ids,
        grade=count.grade,
        ruleset_id=count.ruleset_id,
    )
    session.execute(delete(LiveCount).where(LiveCount.seq == count.seq))
    session.expire_all()
    return entry


def join_persons(
    session: Session, *, duplicate_key: str, person_key: str, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Record that two documents belong to one human; the second of two counts in a period is cancelled.

    A wrong merge is undone by hand (DOMAIN 1.9), so two officers must agree.
    """
    if first_id == second_id:
        raise SecondOfficerNeeded
    lock_ledger(session)
    duplicate, root = ledger.root_of(session, duplicate_key), ledger.root_of(session, person_key)
    if duplicate == root:
        raise Conflict
    for live in session.scalars(select(LiveCount).where(LiveCount.person_root == duplicate)).all():
        if ledger.live_count(session, root, live.period_id):
            cancel_count(session, seq=live.seq, cause=Cause.R6, first_id=first_id, second_id=second_id, at=at)
    session.execute(update(LiveCount).where(LiveCount.person_root == duplicate).values(person_root=root))
    session.expire_all()
    period = session.scalar(select(Period).order_by(Period.end_on.desc()).limit(1))
    if period is None:
        raise NotAllowed
    return _append(
        session,
        at=at,
        idempotency_key=f"alias:{duplicate}:{root}",
        kind=EntryKind.ALIAS,
        person_key=duplicate,
        person_root=root,
        period_id=period.id,
        unit="city",
        district="420100",
        delta=0,
        attributed_month=month_of(city_date(at)),
        placement_id=None,
        actor_id=first_id,
        second_actor_id=second_id,
        evidence_ids=[],
        grade=None,
        ruleset_id=period.ruleset_id,
    )


def verify_chain(session: Session) -> list[Problem]:
    """Walk the whole ledger and name every row that was changed, lost or breaks a rule of counting.

    The stored live counts must equal the refold of the entries; where they differ, row 0 is named.
    """
    found = list(chain.problems(ledger.entries(session)))
    for period_id in session.scalars(select(Period.id).order_by(Period.id)):
        stored, refold = ledger.count_live(session, period_id), ledger.refold(session, period_id).total
        if stored != refold:
            found.append(Problem(0, MISFOLDED % {"period": period_id, "stored": stored, "refold": refold}))
    return found


def _append(session: Session, *, at: datetime, **columns: object) -> LedgerEntry:
    """Write the next entry: the number after the last, chained to its hash."""
    last = ledger.head(session)
    entry = LedgerEntry(
        seq=last.seq + 1 if last else 1,
        event_id=str(uuid.uuid4()),
        posted_month=month_of(city_date(at)),
        created_at=at,
        prev_hash=last.hash if last else GENESIS,
        **{"cancels_seq": None, "cause": None, **columns},
    )
    entry.hash = ledger.as_entry(entry).digest
    session.add(entry)
    session.flush()
    return entry
