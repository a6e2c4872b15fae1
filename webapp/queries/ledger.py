"""Reading the ledger: entries, live counts, totals, the head of the chain."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain import chain
from webapp.domain.retention import EntryKind
from webapp.models import LedgerEntry, LiveCount, Placement

BATCH = 1000


def as_entry(row: LedgerEntry) -> chain.Entry:
    """Return a row as the value that is hashed."""
    return chain.Entry(
        seq=row.seq,
        event_id=row.event_id,
        idempotency_key=row.idempotency_key,
        kind=row.kind,
        person_key=row.person_key,
        person_root=row.person_root,
        period_id=row.period_id,
        unit=row.unit,
        district=row.district,
        delta=row.delta,
        attributed_month=row.attributed_month,
        posted_month=row.posted_month,
        cancels_seq=row.cancels_seq,
        cause=row.cause,
        placement_id=row.placement_id,
        actor_id=row.actor_id,
        second_actor_id=row.second_actor_id,
        evidence_ids=tuple(row.evidence_ids),
        grade=row.grade,
        ruleset_id=row.ruleset_id,
        created_at=row.created_at,
        prev_hash=row.prev_hash,
    )


def entries(session: Session, *, period_id: str | None = None) -> Iterator[tuple[chain.Entry, str]]:
    """Yield the entries with their stored hashes in order, of one period or of the whole ledger."""
    wanted = select(LedgerEntry).order_by(LedgerEntry.seq).execution_options(yield_per=BATCH)
    if period_id is not None:
        wanted = wanted.where(LedgerEntry.period_id == period_id)
    for row in session.scalars(wanted):
        yield as_entry(row), row.hash


def refold(session: Session, period_id: str) -> chain.Totals:
    """Return the totals of a period, added up again from every single entry."""
    return chain.fold(entry for entry, _hash in entries(session, period_id=period_id))


def head(session: Session) -> LedgerEntry | None:
    """Return the last entry; its hash, noted elsewhere, seals everything before it."""
    return session.scalar(select(LedgerEntry).order_by(LedgerEntry.seq.desc()).limit(1))


def entry_with_key(session: Session, key: str) -> LedgerEntry | None:
    """Return the entry an idempotency key wrote, if it did."""
    return session.scalar(select(LedgerEntry).where(LedgerEntry.idempotency_key == key))


def root_of(session: Session, person_key: str) -> str:
    """Return the person a key stands for, aliases followed to the end."""
    rows = session.execute(
        select(LedgerEntry.person_key, LedgerEntry.person_root)
        .where(LedgerEntry.kind == EntryKind.ALIAS)
        .order_by(LedgerEntry.seq)
    )
    return chain.resolve(person_key, dict(rows.all()))


def live_count(session: Session, root: str, period_id: str) -> LiveCount | None:
    """Return the live count of a person in a period."""
    return session.get(LiveCount, (root, period_id), populate_existing=True)


def keys_of(session: Session, graduate_id: int) -> frozenset[str]:
    """Return the keys under which a graduate's outcomes were ever counted."""
    rows = (
        select(LedgerEntry.person_key)
        .join(Placement, Placement.id == LedgerEntry.placement_id)
        .where(Placement.graduate_id == graduate_id)
    )
    return frozenset(session.scalars(rows))


def count_live(session: Session, period_id: str) -> int:
    """Return how many persons are counted in a period by the guard table."""
    return session.scalar(select(func.count()).where(LiveCount.period_id == period_id)) or 0


def latest_month_elsewhere(session: Session, root: str, period_id: str | None) -> str | None:
    """Return the latest month in which a person stands counted in another period."""
    return session.scalar(
        select(func.max(LedgerEntry.attributed_month))
        .join(LiveCount, LiveCount.seq == LedgerEntry.seq)
        .where(LiveCount.person_root == root, LiveCount.period_id != (period_id or ""))
    )


def count_of_placement(session: Session, placement_id: int) -> LedgerEntry | None:
    """Return the entry by which a placement stands in the total now."""
    return session.scalar(
        select(LedgerEntry)
        .join(LiveCount, LiveCount.seq == LedgerEntry.seq)
        .where(LedgerEntry.placement_id == placement_id)
    )
