"""Putting the ledger right by two officers: one asks, another carries it out or drops it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.retention import LABELS, LIVE, Cause, ClaimStepNotAllowed, EntryKind
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Graduate, LedgerCorrection, LedgerEntry, PersonAlias, User
from webapp.queries import ledger as rows
from webapp.services import ledger, persons
from webapp.services.placements import load_placement, tell_taken_back
from webapp.services.verifications import check_uninvolved, officer_of, reach_placement, stated


class AlreadyAsked(PlatformError):
    """The same correction already waits."""

    message = N_("这项更正已有人提出，正等另一名核验人处理。")


class NoDocument(PlatformError):
    """Persons are joined by their documents."""

    message = N_("两个账号都登记了证件号码，才能办理身份合并。")


def ask_move(
    session: Session,
    *,
    by: User,
    placement_id: int,
    district: str,
    on: date,
    reason: str,
    at: datetime,
) -> LedgerCorrection:
    """Ask that a count follow its person to another place of work in the city."""
    placement = reach_placement(session, by, placement_id)
    if placement.state not in LIVE:
        raise ClaimStepNotAllowed(state=LABELS[placement.state])
    check_uninvolved(session, placement, by)
    _check_new(session, LedgerCorrection.placement_id == placement.id)
    return _ask(
        session, by, EntryKind.MOVE_OUT, reason, at, placement_id=placement.id, district=district, moved_on=on
    )


def ask_join(
    session: Session, *, by: User, duplicate_id: int, graduate_id: int, reason: str, at: datetime
) -> LedgerCorrection:
    """Ask that two accounts be taken for one human; ``graduate_id`` is the one that stays."""
    _city(session, by)
    duplicate, stays = session.get(Graduate, duplicate_id), session.get(Graduate, graduate_id)
    if duplicate is None or stays is None:
        raise NotFound
    if duplicate.person_key is None or stays.person_key is None:
        raise NoDocument
    if rows.root_of(session, duplicate.person_key) == rows.root_of(session, stays.person_key):
        raise Conflict
    keys = {duplicate.person_key, stays.person_key}
    _check_new(session, LedgerCorrection.person_key.in_(keys), LedgerCorrection.joined_to.in_(keys))
    return _ask(
        session,
        by,
        EntryKind.ALIAS,
        reason,
        at,
        person_key=duplicate.person_key,
        joined_to=stays.person_key,
    )


def ask_separate(
    session: Session, *, by: User, alias_seq: int, reason: str, at: datetime
) -> LedgerCorrection:
    """Ask that a wrong merge be undone."""
    _city(session, by)
    alias = session.scalar(select(PersonAlias).where(PersonAlias.seq == alias_seq))
    if alias is None:
        raise NotFound
    _check_new(session, LedgerCorrection.person_key == alias.person_key)
    return _ask(
        session,
        by,
        EntryKind.ALIAS_VOID,
        reason,
        at,
        person_key=alias.person_key,
        joined_to=alias.joined_to,
    )


def carry_out(session: Session, *, by: User, correction_id: int, at: datetime) -> LedgerCorrection:
    """Do what another officer has asked for, and tell whoever loses a count by it."""
    correction = _waiting(session, by, correction_id)
    entry = _write(session, correction, by, at)
    correction.seq = entry.seq
    _decide(session, correction, by, at, done=True)
    _tell(session, entry, at)
    return correction


def drop(session: Session, *, by: User, correction_id: int, at: datetime) -> LedgerCorrection:
    """Take a correction off the table; nothing is written to the ledger."""
    correction = _waiting(session, by, correction_id)
    return _decide(session, correction, by, at, done=False)


def _write(session: Session, correction: LedgerCorrection, by: User, at: datetime) -> LedgerEntry:
    two = {"first_id": correction.asked_by_id, "second_id": by.id}
    if correction.placement_id is not None and correction.district and correction.moved_on:
        placement = load_placement(session, correction.placement_id)
        check_uninvolved(session, placement, by)
        count = rows.count_of_placement(session, placement.id)
        if count is None:
            raise ClaimStepNotAllowed(state=LABELS[placement.state])
        place, on = correction.district, correction.moved_on
        return ledger.move_count(session, seq=count.seq, district=place, on=on, at=at, **two)
    duplicate, stays = correction.person_key or "", correction.joined_to or ""
    if correction.kind is EntryKind.ALIAS_VOID:
        return persons.separate_persons(session, duplicate_key=duplicate, at=at, **two)
    return persons.join_persons(session, duplicate_key=duplicate, person_key=stays, at=at, **two)


def _tell(session: Session, written: LedgerEntry, at: datetime) -> None:
    """Tell the claimants of counts that this merge has taken back."""
    taken = select(LedgerEntry).where(
        LedgerEntry.person_root.in_([written.person_key, written.person_root]),
        LedgerEntry.kind == EntryKind.REVERSE,
        LedgerEntry.cause == Cause.R6,
        LedgerEntry.created_at == written.created_at,
        LedgerEntry.seq < written.seq,
    )
    for entry in session.scalars(taken).all():
        placement = load_placement(session, entry.placement_id or 0)
        tell_taken_back(session, placement, cause=Cause.R6, at=at)


def _waiting(session: Session, by: User, correction_id: int) -> LedgerCorrection:
    """Return a locked correction that nobody has decided, if the officer's word covers it."""
    found = session.scalar(
        select(LedgerCorrection)
        .where(LedgerCorrection.id == correction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.placement_id is None:
        _city(session, by)
    else:
        reach_placement(session, by, found.placement_id)
    if found.done is not None:
        raise Conflict
    return found


def _ask(
    session: Session, by: User, kind: EntryKind, reason: str, at: datetime, **said: object
) -> LedgerCorrection:
    correction = LedgerCorrection(kind=kind, reason=stated(reason), asked_by_id=by.id, asked_at=at, **said)
    session.add(correction)
    session.flush()
    return correction


def _decide(
    session: Session, correction: LedgerCorrection, by: User, at: datetime, *, done: bool
) -> LedgerCorrection:
    correction.done, correction.decided_by_id, correction.decided_at = done, by.id, at
    session.flush()
    return correction


def _check_new(session: Session, *same: object) -> None:
    waiting = select(LedgerCorrection.id).where(LedgerCorrection.done.is_(None), *same)  # type: ignore[arg-type]
    if session.scalar(waiting.limit(1)) is not None:
        raise AlreadyAsked


def _city(session: Session, by: User) -> None:
    if officer_of(session, by).scope is not Scope.CITY:
        raise NotAllowed
