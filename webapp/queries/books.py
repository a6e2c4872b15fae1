"""Comparing what is kept beside the ledger with the ledger itself: nothing here repairs anything."""

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.books import Books, problems
from webapp.domain.chain import Problem
from webapp.domain.definitions import definitions
from webapp.domain.retention import LIVE, EntryKind
from webapp.domain.words import N_
from webapp.models import (
    ClosedMonth,
    Confirmation,
    CountFacts,
    Graduate,
    LedgerEntry,
    LiveCount,
    PersonAlias,
    Placement,
    PublishedHead,
)
from webapp.queries import ledger
from webapp.queries.counted import kept_sums, sums_from_live

BATCH = 10_000

MISCOUNTED = N_("存量表与逐笔重算的账本不一致")
MISFOLDED = N_("合计表与逐笔重算的账本不一致")
MISSTATED = N_("存量表记的事实与计入时的不一致")
MISSUMMED = N_("口径合计表与存量表不一致")
MISJOINED = N_("身份合并表与账本不一致")
REOPENED = N_("已结账月份的合计与结账时不一致")
UNSEALED = N_("与已公布的账本哈希不一致")
UNCLAIMED = N_("在总数里，但去向不在已计入状态")
UNLEDGERED = N_("去向在已计入状态，但不在总数里")
UNVERIFIED = N_("学历没有核验，或在毕业之前就核验了，却计入了总数")
PARTIAL = N_("核验人就是填报人")


def everything_wrong(session: Session) -> Iterator[Problem]:
    """Walk the whole ledger, then compare every table kept beside it and the claims behind it."""
    books = Books()
    yield from problems(ledger.entries(session), books)
    yield from _live(session, books)
    yield from _sums(session, books)
    yield from _facts(session)
    yield from _retained(session)
    yield from _aliases(session, books)
    yield from _closed(session, books)
    yield from _heads(session)
    yield from _claims(session)


def sealed(session: Session, heads: Iterable[tuple[str, int, str]]) -> Iterator[Problem]:
    """Compare heads somebody has kept (day, number, hash) with the ledger as it stands."""
    for day, seq, digest in heads:
        yield from _sealed(session, seq, digest, day)


def _live(session: Session, books: Books) -> Iterator[Problem]:
    """Compare the guard table with the persons who stand counted (I1, I8)."""
    rows = select(LiveCount.person_root, LiveCount.period_id, LiveCount.seq)
    found = 0
    for root, period_id, seq in session.execute(rows.execution_options(yield_per=BATCH)):
        if books.live.get(period_id, {}).get(root) == seq:
            found += 1
        else:
            yield Problem(seq, MISCOUNTED, period_id)
    if found < sum(len(live) for live in books.live.values()):
        kept = set(session.scalars(select(LiveCount.seq)))
        for period_id, live in books.live.items():
            yield from (Problem(seq, MISCOUNTED, period_id) for seq in live.values() if seq not in kept)


def _sums(session: Session, books: Books) -> Iterator[Problem]:
    """Compare the kept sums with the refold of the entries (I2, I8)."""
    kept, refold = ledger.totals(session).cells, books.totals.cells
    for cell in sorted(kept.keys() | refold.keys()):
        if kept[cell] != refold[cell]:
            yield Problem(0, MISFOLDED, " ".join(cell))


def _facts(session: Session) -> Iterator[Problem]:
    """Compare what the live counts say of each count with its entry, its facts and its confirmation."""
    grade = case((Confirmation.placement_id.is_(None), LedgerEntry.grade), else_="A")
    same = [
        LiveCount.grade == grade,
        *(getattr(LiveCount, name).is_not_distinct_from(getattr(LedgerEntry, name)) for name in _OF_ENTRY),
        *(getattr(LiveCount, name).is_not_distinct_from(getattr(CountFacts, name)) for name in _OF_FACTS),
    ]
    rows = (
        select(LiveCount.seq, LiveCount.period_id)
        .join(LedgerEntry, LedgerEntry.seq == LiveCount.seq)
        .outerjoin(CountFacts, CountFacts.placement_id == LedgerEntry.placement_id)
        .outerjoin(Confirmation, Confirmation.placement_id == LedgerEntry.placement_id)
        .where(not_(and_(*same)))
        .order_by(LiveCount.seq)
    )
    for seq, period_id in session.execute(rows):
        yield Problem(seq, MISSTATED, period_id)


def _retained(session: Session) -> Iterator[Problem]:
    """Compare the sums of every definition with the live counts they are sums of."""
    kept, refold = kept_sums(session), sums_from_live(session, definitions().values())
    for key in sorted(kept.keys() | refold.keys()):
        if kept[key] != refold[key]:
            yield Problem(0, MISSUMMED, " ".join(key))


def _aliases(session: Session, books: Books) -> Iterator[Problem]:
    kept = dict(session.execute(select(PersonAlias.person_key, PersonAlias.joined_to)).tuples().all())
    for key in sorted(kept.keys() | books.joined.keys()):
        if kept.get(key) != books.joined.get(key):
            yield Problem(0, MISJOINED, f"{key[:8]}…")


def _closed(session: Session, books: Books) -> Iterator[Problem]:
    """Compare what closed months have posted with what they had at closing (I10)."""
    for month in session.scalars(select(ClosedMonth).order_by(ClosedMonth.month)):
        if month.totals != books.totals.posted_in(month.month):
            yield Problem(0, REOPENED, month.month)
        yield from _sealed(session, month.seq, month.hash, month.month)


def _heads(session: Session) -> Iterator[Problem]:
    rows = (
        select(PublishedHead.seq, PublishedHead.day)
        .outerjoin(
            LedgerEntry, and_(LedgerEntry.seq == PublishedHead.seq, LedgerEntry.hash == PublishedHead.hash)
        )
        .where(LedgerEntry.seq.is_(None))
        .order_by(PublishedHead.day)
    )
    for seq, day in session.execute(rows):
        yield Problem(seq, UNSEALED, day.isoformat())


def _sealed(session: Session, seq: int, digest: str, where: str) -> Iterator[Problem]:
    if seq and session.scalar(select(LedgerEntry.hash).where(LedgerEntry.seq == seq)) != digest:
        yield Problem(seq, UNSEALED, where)


def _claims(session: Session) -> Iterator[Problem]:
    """Compare the total with the persons in a counted state, each verified by the rules (I3, I14)."""
    for message, rows in _CLAIMS.items():
        for (seq,) in session.execute(rows.execution_options(yield_per=BATCH)):
            yield Problem(seq or 0, message)


_OF_ENTRY = ("placement_id", "period_id", "unit", "district", "attributed_month", "posted_month")
_OF_FACTS = ("outcome_code", "institution_code", "degree", "cluster", "graduated_in")
_counted = aliased(LedgerEntry)
_LIVE = (
    select(LiveCount.seq)
    .join(LedgerEntry, LedgerEntry.seq == LiveCount.seq)
    .join(Placement, Placement.id == LedgerEntry.placement_id)
)
_CLAIMS: Mapping[str, Select[int]] = {
    UNCLAIMED: _LIVE.where(Placement.state.not_in(LIVE)),
    UNLEDGERED: select(func.max(_counted.seq))
    .select_from(Placement)
    .outerjoin(_counted, _counted.placement_id == Placement.id)
    .outerjoin(LiveCount, LiveCount.seq == _counted.seq)
    .where(Placement.state.in_(LIVE))
    .group_by(Placement.id)
    .having(func.count(LiveCount.seq) != 1),
    UNVERIFIED: _LIVE.join(Graduate, Graduate.id == Placement.graduate_id).where(
        or_(
            Graduate.degree_verified_on.is_(None),
            Graduate.graduation_on.is_(None),
            Graduate.graduation_on > Graduate.degree_verified_on,
        )
    ),
    PARTIAL: select(LedgerEntry.seq)
    .join(Placement, Placement.id == LedgerEntry.placement_id)
    .where(
        LedgerEntry.kind == EntryKind.COUNT,
        or_(
            LedgerEntry.actor_id == Placement.claimed_by_id,
            LedgerEntry.second_actor_id == Placement.claimed_by_id,
        ),
    ),
}
