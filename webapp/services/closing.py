"""Sealing the ledger: months that take no more entries, heads made public, walks over all of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, String, case, cast, delete, exists, func, insert, select, type_coerce, update
from sqlalchemy.orm import Session, aliased

from webapp.domain.books import Cell
from webapp.domain.chain import Problem
from webapp.domain.dates import city_date, following, month_of
from webapp.domain.definitions import definitions
from webapp.domain.errors import PlatformError
from webapp.domain.retention import EntryKind
from webapp.domain.words import N_
from webapp.models import (
    ClosedMonth,
    Confirmation,
    CountFacts,
    Graduate,
    LedgerCheck,
    LedgerEntry,
    LedgerTotal,
    LiveCount,
    PersonAlias,
    Placement,
    PublishedHead,
    RetainedSum,
)
from webapp.queries import ledger
from webapp.queries.ledger import Head
from webapp.services.ledger import lock_ledger
from webapp.services.sums import fill_sums

FACTS = ("outcome_code", "institution_code", "degree", "cluster", "graduated_in")


class MonthNotHere(PlatformError):
    """A month that has not come yet."""

    message = N_("%(month)s 还没有到，不能结账。")


class MonthSkipped(PlatformError):
    """Months are closed one after the other."""

    message = N_("请先结 %(month)s 的账：月份要按顺序结。")


class DayNotOver(PlatformError):
    """The head of a day that still takes entries."""

    message = N_("%(day)s 还没有过完，当天的账本哈希要到次日才能公布。")


def close_month(session: Session, *, month: str, at: datetime, by_id: int | None = None) -> ClosedMonth:
    """Close a posting month for good, with its sums and the head; later facts post to the next one.

    Closing it again changes nothing. Months close in order; the current one may be closed early.
    """
    lock_ledger(session)
    if closed := session.get(ClosedMonth, month):
        return closed
    if month > month_of(city_date(at)):
        raise MonthNotHere(month=month)
    last = ledger.closed_until(session)
    if last and month != following(last):
        raise MonthSkipped(month=following(last))
    head = ledger.head_now(session)
    closed = ClosedMonth(
        month=month,
        closed_at=at,
        closed_by_id=by_id,
        seq=head.seq,
        hash=head.hash,
        totals=ledger.totals(session).posted_in(month),
    )
    session.add(closed)
    session.flush()
    return closed


def publish_head(session: Session, *, day: date, at: datetime) -> PublishedHead:
    """Make the head at the end of a day public; a day is published once and stays as it was said."""
    if published := session.get(PublishedHead, day):
        return published
    if day >= city_date(at):
        raise DayNotOver(day=day)
    lock_ledger(session)
    head = ledger.head_on(session, day)
    published = PublishedHead(day=day, seq=head.seq, hash=head.hash, published_at=at)
    session.add(published)
    session.flush()
    return published


def yesterday(at: datetime) -> date:
    """Return the last day that is over in Wuhan."""
    return city_date(at) - timedelta(days=1)


def keep_check(
    session: Session, *, head: Head, problems: Sequence[Problem], at: datetime, by_id: int | None = None
) -> LedgerCheck:
    """Keep what a walk over the whole ledger has found, with the head it reached."""
    check = LedgerCheck(
        at=at,
        asked_by_id=by_id,
        seq=head.seq,
        hash=head.hash,
        problems=[problem._asdict() for problem in problems],
    )
    session.add(check)
    session.flush()
    return check


def rebuild_sums(session: Session) -> None:
    """Make the sums, aliases and live counts beside the ledger anew from its entries.

    Counts written past the services are given the facts of their claim as it stands.
    """
    lock_ledger(session)
    for table in (RetainedSum, LedgerTotal, LiveCount, PersonAlias):
        session.execute(delete(table))
    cell = [getattr(LedgerEntry, name) for name in Cell._fields]
    session.execute(
        insert(LedgerTotal).from_select(
            [*Cell._fields, "total"],
            select(*cell, func.sum(LedgerEntry.delta)).where(LedgerEntry.delta != 0).group_by(*cell),
        )
    )
    undoing = aliased(LedgerEntry)
    standing = select(LedgerEntry.seq).where(~exists().where(undoing.cancels_seq == LedgerEntry.seq))
    session.execute(
        insert(PersonAlias).from_select(
            ["person_key", "joined_to", "seq"],
            standing.where(LedgerEntry.kind == EntryKind.ALIAS).with_only_columns(
                LedgerEntry.person_key, LedgerEntry.person_root, LedgerEntry.seq
            ),
        )
    )
    _complete_facts(session)
    _fill_live(session, standing)
    for key in session.scalars(select(PersonAlias.person_key)).all():
        root = ledger.root_of(session, key)
        session.execute(update(LiveCount).where(LiveCount.person_root == key).values(person_root=root))
    fill_sums(session, definitions().values())
    session.expire_all()


def _complete_facts(session: Session) -> None:
    counted = (
        select(
            Placement.id,
            Placement.outcome_code,
            Graduate.institution_code,
            type_coerce(Graduate.degree, String),
            Placement.cluster,
            func.substr(cast(Graduate.graduation_on, String), 1, 4),
        )
        .join(Graduate, Graduate.id == Placement.graduate_id)
        .join(LedgerEntry, LedgerEntry.placement_id == Placement.id)
        .where(LedgerEntry.kind == EntryKind.COUNT, ~exists().where(CountFacts.placement_id == Placement.id))
    )
    session.execute(insert(CountFacts).from_select(["placement_id", *FACTS], counted))


def _fill_live(session: Session, standing: Select[int]) -> None:
    again = ("period_id", "seq", "placement_id", "unit", "district", "attributed_month", "posted_month")
    grade = case((Confirmation.placement_id.is_(None), LedgerEntry.grade), else_="A")
    rows = (
        standing.where(LedgerEntry.delta == 1)
        .join(CountFacts, CountFacts.placement_id == LedgerEntry.placement_id)
        .outerjoin(Confirmation, Confirmation.placement_id == LedgerEntry.placement_id)
        .with_only_columns(
            LedgerEntry.person_key,
            *(getattr(LedgerEntry, name) for name in again),
            grade,
            *(getattr(CountFacts, name) for name in FACTS),
        )
    )
    session.execute(insert(LiveCount).from_select(["person_root", *again, "grade", *FACTS], rows))
