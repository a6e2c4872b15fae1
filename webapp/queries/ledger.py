"""Reading the ledger: entries, live counts, sums, the head of the chain, any past date."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from webapp.domain import books, chain
from webapp.domain.books import Cell, Totals
from webapp.domain.dates import start_of_day
from webapp.domain.retention import Cause, EntryKind
from webapp.models import ClosedMonth, LedgerEntry, LedgerTotal, LiveCount, PersonAlias, Placement

BATCH = 10_000
VIEWS = ("unit", "district", "attributed_month", "posted_month")
"""How the totals are told: by place and, both published, by occurrence and by posting (DOMAIN 1.8)."""

_COLUMNS = LedgerEntry.__table__.c
_KIND, _CAUSE, _EVIDENCE = map(chain.Entry._fields.index, ("kind", "cause", "evidence_ids"))
_KINDS = {kind.value: kind for kind in EntryKind}
_CAUSES: dict[str | None, Cause | None] = {None: None, **{cause.value: cause for cause in Cause}}
_PLAIN = [
    type_coerce(_COLUMNS[name], String) if name in {"kind", "cause"} else _COLUMNS[name]
    for name in (*chain.Entry._fields, "hash")
]
"""An entry's columns, its two enums as the database keeps them: a million look-ups are dear."""


class Head(NamedTuple):
    """The last entry of a stretch of the ledger; its hash seals everything before it."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Replay:
    """The ledger as it was known at the end of a day: its head then, and all sums up to it."""

    to: date
    head: Head
    totals: Totals


def as_entry(row: LedgerEntry) -> chain.Entry:
    """Return a row as the value that is hashed."""
    said = {name: getattr(row, name) for name in chain.Entry._fields}
    return chain.Entry(**said | {"evidence_ids": tuple(row.evidence_ids)})


def entries(session: Session) -> Iterator[tuple[chain.Entry, str]]:
    """Yield all entries with their stored hashes in order; few are in memory at a time."""
    for *said, stored in _stream(session, select(*_PLAIN).order_by(_COLUMNS.seq)):
        said[_KIND], said[_CAUSE] = _KINDS[said[_KIND]], _CAUSES[said[_CAUSE]]
        said[_EVIDENCE] = tuple(said[_EVIDENCE])
        yield chain.Entry._make(said), stored


def steps(session: Session, *, up_to: int | None = None) -> Iterator[tuple[Cell, int]]:
    """Yield what each entry does to the sums, up to a row or to the end."""
    cell = [_COLUMNS[name] for name in Cell._fields]
    wanted = select(*cell, _COLUMNS.delta).where(_COLUMNS.delta != 0).order_by(_COLUMNS.seq)
    if up_to is not None:
        wanted = wanted.where(_COLUMNS.seq <= up_to)
    known: dict[tuple[str, ...], Cell] = {}
    for *key, delta in _stream(session, wanted):
        said = tuple(key)
        yield known.get(said) or known.setdefault(said, Cell._make(said)), delta


def replay(session: Session, to: date) -> Replay:
    """Return all sums as they were known at the end of a day in Wuhan, from the entries until then."""
    last = head_on(session, to)
    return Replay(to, last, books.fold(steps(session, up_to=last.seq)))


def totals(session: Session, period_id: str | None = None) -> Totals:
    """Return the sums that are kept beside the ledger: a few thousand cells, no walk over entries."""
    wanted = select(*(getattr(LedgerTotal, name) for name in Cell._fields), LedgerTotal.total)
    if period_id is not None:
        wanted = wanted.where(LedgerTotal.period_id == period_id)
    return books.fold((Cell._make(row[:-1]), row[-1]) for row in session.execute(wanted))


def head(session: Session) -> LedgerEntry | None:
    """Return the last entry; its hash, noted elsewhere, seals everything before it."""
    return session.scalar(_backwards().limit(1))


def head_now(session: Session) -> Head:
    """Return the head as a value; an empty ledger has number 0."""
    last = head(session)
    return Head(last.seq, last.hash) if last else Head(0, chain.GENESIS)


def head_on(session: Session, day: date) -> Head:
    """Return the head at the end of a day in Wuhan; time never goes back in the ledger."""
    until = start_of_day(day + timedelta(days=1))
    found = session.scalar(_backwards().where(LedgerEntry.created_at < until).limit(1))
    return Head(found.seq, found.hash) if found else Head(0, chain.GENESIS)


def closed_until(session: Session) -> str:
    """Return the last closed posting month, an empty text where none is."""
    return session.scalar(select(func.max(ClosedMonth.month))) or ""


def entry_with_key(session: Session, key: str) -> LedgerEntry | None:
    """Return the entry an idempotency key wrote, if it did."""
    return session.scalar(select(LedgerEntry).where(LedgerEntry.idempotency_key == key))


def root_of(session: Session, person_key: str) -> str:
    """Return the person a key stands for, aliases followed to the end."""
    return roots_of(session, [person_key])[person_key]


def roots_of(session: Session, person_keys: Collection[str]) -> Mapping[str, str]:
    """Return the persons some keys stand for, aliases followed to the end, all of them at once."""
    roots = {key: key for key in person_keys}
    while roots:
        aliases = select(PersonAlias.person_key, PersonAlias.joined_to)
        aliases = aliases.where(PersonAlias.person_key.in_(set(roots.values())))
        known = dict(session.execute(aliases).tuples().all())
        if not known:
            break
        roots = {key: known.get(root, root) for key, root in roots.items()}
    return roots


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


def _stream(session: Session, wanted: Select[Any]) -> Iterator[Any]:
    """Yield rows past the identity map, some at a time."""
    session.flush()
    yield from session.connection().execute(wanted, execution_options={"yield_per": BATCH})


def _backwards() -> Select[LedgerEntry]:
    return select(LedgerEntry).order_by(LedgerEntry.seq.desc())
