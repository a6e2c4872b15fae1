"""Writing the ledger: count a person, take a count back, move it to another unit.

Every deed takes the ledger's lock, writes its entries and the sums kept beside them, and does nothing
when it is repeated.
"""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.domain.books import SIGNS, Cell, cell_of
from webapp.domain.chain import GENESIS, Problem
from webapp.domain.dates import city_date, following, month_of
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.programme import gb2260_of, rulesets, unit_of
from webapp.domain.retention import Block, CannotCount, Cause, EntryKind, Event, move
from webapp.domain.words import N_
from webapp.models import CountFacts, LedgerEntry, LedgerTotal, LiveCount, Period, Placement
from webapp.queries import books, ledger
from webapp.queries.counted import counted
from webapp.services.sums import shift

LOCK = 0x5875657A69  # "Xuezi"
"""Number of the advisory lock under which PostgreSQL writes the ledger one entry at a time."""


class SecondOfficerNeeded(PlatformError):
    """One officer alone cannot take a count back."""

    message = N_("冲销须由另一名核验人确认，不能由同一个人完成。")


class MovesNotFollowed(PlatformError):
    """The ruleset leaves a count with the unit that counted it first."""

    message = N_(
        "按现行口径（%(ruleset)s），计入单位不随工作地点变动，不需要转移。如果当初填错了单位，请冲销后重新填报。"
    )


class NothingToMove(PlatformError):
    """The place of work is where the count already is, or is not in the city."""

    message = N_(
        "新的工作地点与现在的计入单位相同，或不在武汉，不能转移。离开武汉的不改动计数，请在跟踪回访中登记。"
    )


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
    entry = append(
        session,
        at=at,
        idempotency_key=key,
        kind=EntryKind.COUNT,
        person_key=person_key,
        person_root=root,
        period_id=period.id,
        unit=placement.unit,
        district=gb2260_of(placement.district),
        attributed_month=month_of(placement.started_on),
        placement_id=placement.id,
        actor_id=approvers[0],
        second_actor_id=approvers[1] if len(approvers) > 1 else None,
        evidence_ids=list(evidence_ids),
        grade=grade.value,
        ruleset_id=period.ruleset_id,
    )
    _stand(session, entry, placement)
    return entry


def cancel_count(
    session: Session, *, seq: int, cause: Cause, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Write -1 against one earlier +1, with cause and two officers; the claim behind it is reversed.

    The entry is posted in the month in which it becomes known. Cancelling the same count again,
    whatever the cause, writes nothing.
    """
    check_two(first_id, second_id)
    lock_ledger(session)
    key = f"reverse:{seq}"
    if earlier := ledger.entry_with_key(session, key):
        return earlier
    count = _standing(session, seq)
    entry = append(
        session,
        at=at,
        idempotency_key=key,
        kind=EntryKind.REVERSE,
        cancels_seq=count.seq,
        cause=cause,
        actor_id=first_id,
        second_actor_id=second_id,
        **_said(session, count),
    )
    shift(session, gone=[counted(_live(session, count.seq))])
    session.execute(delete(LiveCount).where(LiveCount.seq == count.seq))
    placement = session.get_one(Placement, count.placement_id, populate_existing=True)
    placement.state, placement.state_since_at = move(placement.state, Event.REVERSE), at
    session.flush()
    session.expire_all()
    return entry


def move_count(
    session: Session, *, seq: int, district: str, on: date, first_id: int, second_id: int, at: datetime
) -> LedgerEntry:
    """Take a count from one unit to another as one pair, -1 there and +1 here (cause R5); return the +1.

    Only where the period's ruleset follows moves. The month of the count stays; the unit is the one
    that reports for the new place on the day of the move. Moving the same count again writes nothing.
    """
    check_two(first_id, second_id)
    lock_ledger(session)
    if earlier := ledger.entry_with_key(session, f"move_in:{seq}"):
        return earlier
    count = _standing(session, seq)
    ruleset = rulesets()[session.get_one(Period, count.period_id).ruleset_id]
    if not ruleset.follow_move:
        raise MovesNotFollowed(ruleset=ruleset.id)
    unit, place = unit_of(district, on), gb2260_of(district)
    if unit is None or (unit, place) == (count.unit, count.district):
        raise NothingToMove
    said = _said(session, count) | {"actor_id": first_id, "second_actor_id": second_id}
    append(
        session,
        at=at,
        idempotency_key=f"move_out:{seq}",
        kind=EntryKind.MOVE_OUT,
        cancels_seq=count.seq,
        cause=Cause.R5,
        **said,
    )
    arrived = append(
        session,
        at=at,
        idempotency_key=f"move_in:{seq}",
        kind=EntryKind.MOVE_IN,
        **said | {"unit": unit, "district": place},
    )
    live = _live(session, count.seq)
    before = counted(live)
    live.seq, live.unit, live.district, live.posted_month = arrived.seq, unit, place, arrived.posted_month
    shift(session, gone=[before], come=[counted(live)])
    placement = session.get_one(Placement, count.placement_id)
    placement.district, placement.unit = district, unit
    session.flush()
    session.expire_all()
    return arrived


def append(session: Session, *, at: datetime, kind: EntryKind, **columns: object) -> LedgerEntry:
    """Write the next entry: the number after the last, chained to its hash, in the open month.

    Time never goes back in the ledger: what was known until a day is the entries until a number.
    """
    last = ledger.head(session)
    written = max(at, last.created_at) if last else at
    entry = LedgerEntry(
        seq=last.seq + 1 if last else 1,
        event_id=str(uuid.uuid4()),
        kind=kind,
        delta=SIGNS[kind],
        posted_month=_open_month(session, written, last),
        created_at=written,
        prev_hash=last.hash if last else GENESIS,
        **{"cancels_seq": None, "cause": None, **columns},
    )
    entry.hash = ledger.as_entry(entry).digest
    session.add(entry)
    session.flush()
    _sum_up(session, entry)
    return entry


def check_two(first_id: int, second_id: int) -> None:
    """Refuse a correction that one officer would make alone."""
    if first_id == second_id:
        raise SecondOfficerNeeded


def verify_chain(session: Session, *, most: int = 100) -> list[Problem]:
    """Walk the whole ledger and name what was changed, lost or breaks a rule, ``most`` at the most.

    Row 0 stands for a table kept beside the ledger that differs from it.
    """
    return list(itertools.islice(books.everything_wrong(session), most))


def _stand(session: Session, entry: LedgerEntry, placement: Placement) -> None:
    """Let an entry stand for its person, with the facts it was made with."""
    graduate = placement.graduate
    facts: dict[str, str | None] = {
        "outcome_code": placement.outcome_code,
        "institution_code": graduate.institution_code,
        "degree": graduate.degree.value if graduate.degree else None,
        "cluster": placement.cluster,
        "graduated_in": f"{graduate.graduation_on:%Y}" if graduate.graduation_on else None,
    }
    again = (
        "person_root", "period_id", "seq", "unit", "district", "attributed_month", "posted_month", "grade",
    )  # fmt: skip
    live = LiveCount(placement_id=placement.id, **{name: getattr(entry, name) for name in again}, **facts)
    session.add_all([live, CountFacts(placement_id=placement.id, **facts)])
    session.flush()
    shift(session, come=[counted(live)])


def _live(session: Session, seq: int) -> LiveCount:
    """Return the live count that stands by an entry, as it is now."""
    wanted = select(LiveCount).where(LiveCount.seq == seq).execution_options(populate_existing=True)
    return session.scalars(wanted).one()


def _standing(session: Session, seq: int) -> LedgerEntry:
    """Return the entry by which somebody stands counted."""
    count = session.get(LedgerEntry, seq)
    if count is None or session.scalar(select(LiveCount.seq).where(LiveCount.seq == seq)) is None:
        raise NotFound
    return count


def _said(session: Session, count: LedgerEntry) -> dict[str, object]:
    """Return what a correction says again of the count it corrects, the person as known now."""
    again = (
        "person_key", "period_id", "unit", "district", "attributed_month", "placement_id",
        "evidence_ids", "grade", "ruleset_id",
    )  # fmt: skip
    said: dict[str, object] = {name: getattr(count, name) for name in again}
    return said | {"person_root": ledger.root_of(session, count.person_key)}


def _open_month(session: Session, at: datetime, last: LedgerEntry | None) -> str:
    """Return the month that takes entries: the calendar's, or a later one where that is closed (I10)."""
    closed = ledger.closed_until(session)
    month = max(month_of(city_date(at)), last.posted_month if last else "")
    return max(month, following(closed)) if closed else month


def _sum_up(session: Session, entry: LedgerEntry) -> None:
    if not entry.delta:
        return
    cell = cell_of(ledger.as_entry(entry))
    here = [getattr(LedgerTotal, name) == value for name, value in zip(Cell._fields, cell, strict=True)]
    grown = session.execute(update(LedgerTotal).where(*here).values(total=LedgerTotal.total + entry.delta))
    if not grown.rowcount:  # type: ignore[attr-defined]
        session.add(LedgerTotal(**cell._asdict(), total=entry.delta))
        session.flush()
