"""The ledger as arithmetic: folding entries into totals, chaining them, finding what was broken."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Self

from webapp.domain.retention import Cause, EntryKind
from webapp.domain.words import N_

GENESIS = "0" * 64
"""What the first entry points back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger as it is hashed; every field takes part but ``hash`` itself."""

    seq: int
    event_id: str
    idempotency_key: str
    kind: EntryKind
    person_key: str
    person_root: str
    period_id: str
    unit: str
    district: str
    delta: int
    attributed_month: str
    posted_month: str
    cancels_seq: int | None
    cause: Cause | None
    placement_id: int | None
    actor_id: int
    second_actor_id: int | None
    evidence_ids: tuple[int, ...]
    grade: str | None
    ruleset_id: str
    created_at: datetime
    prev_hash: str

    @property
    def digest(self) -> str:
        """Return sha256 over the canonical JSON of the row and the hash before it."""
        row = {one.name: getattr(self, one.name) for one in fields(self)}
        row["created_at"] = self.created_at.astimezone(UTC).isoformat()
        canonical = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which row."""

    seq: int
    message: str


@dataclass(slots=True)
class Totals:
    """Sums of a stretch of the ledger; two neighbouring stretches add up (invariant I8)."""

    total: int = 0
    by_unit: Counter[str] = field(default_factory=Counter)
    by_district: Counter[str] = field(default_factory=Counter)
    by_month: Counter[str] = field(default_factory=Counter)
    by_posted_month: Counter[str] = field(default_factory=Counter)
    by_person: Counter[str] = field(default_factory=Counter)

    def take(self, entry: Entry) -> None:
        """Add one entry."""
        self.total += entry.delta
        self.by_unit[entry.unit] += entry.delta
        self.by_district[entry.district] += entry.delta
        self.by_month[entry.attributed_month] += entry.delta
        self.by_posted_month[entry.posted_month] += entry.delta
        self.by_person[entry.person_root] += entry.delta

    def __add__(self, other: Self) -> "Totals":
        """Return the sums of both stretches; zeros are kept out so that equal totals compare equal."""
        return Totals(
            self.total + other.total,
            *(
                Counter(
                    {
                        key: mine[key] + theirs[key]
                        for key in mine.keys() | theirs.keys()
                        if mine[key] + theirs[key]
                    }
                )
                for mine, theirs in (
                    (self.by_unit, other.by_unit),
                    (self.by_district, other.by_district),
                    (self.by_month, other.by_month),
                    (self.by_posted_month, other.by_posted_month),
                    (self.by_person, other.by_person),
                )
            ),
        )


def fold(entries: Iterable[Entry]) -> Totals:
    """Return the totals of entries of one period."""
    totals = Totals()
    for entry in entries:
        totals.take(entry)
    return totals + Totals()


BROKEN = N_("内容与哈希不符，这一行被改动过")
UNCHAINED = N_("与上一行的哈希不相接")
GAP = N_("序号不连续，前面缺少记录")
ORPHAN = N_("冲销所指的计入不存在，或人员、单位、月份不一致")
TWICE = N_("同一笔计入被冲销了两次")
DOUBLE = N_("同一人在同一时期被计入了两次")
NEGATIVE = N_("计入单位的合计小于零")


def problems(rows: Iterable[tuple[Entry, str]]) -> Iterator[Problem]:
    """Yield what is wrong with the ledger, row by row: the chain (I9) and the sums (I1, I4, I5).

    ``rows`` are entries with their stored hash in order of ``seq``.
    """
    before, expected = GENESIS, 1
    books = _Books()
    for entry, stored in rows:
        if entry.seq != expected:
            yield Problem(entry.seq, GAP)
        if entry.prev_hash != before:
            yield Problem(entry.seq, UNCHAINED)
        if entry.digest != stored:
            yield Problem(entry.seq, BROKEN)
        yield from (Problem(entry.seq, message) for message in books.enter(entry))
        before, expected = stored, entry.seq + 1


class _Books:
    """Running sums that must never break a rule."""

    def __init__(self) -> None:
        self.counts: dict[int, Entry] = {}
        self.cancelled: set[int] = set()
        self.persons: Counter[tuple[str, str]] = Counter()
        self.units: Counter[tuple[str, str]] = Counter()
        self.roots: dict[str, str] = {}

    def enter(self, entry: Entry) -> Iterator[str]:
        if entry.kind is EntryKind.ALIAS:
            self._merge(entry.person_key, entry.person_root)
        if entry.kind is EntryKind.REVERSE:
            yield from self._cancel(entry)
        if entry.delta > 0:
            self.counts[entry.seq] = entry
        person = (resolve(entry.person_root, self.roots), entry.period_id)
        self.persons[person] += entry.delta
        self.units[entry.period_id, entry.unit] += entry.delta
        if self.persons[person] > 1:
            yield DOUBLE
        if self.units[entry.period_id, entry.unit] < 0:
            yield NEGATIVE

    def _merge(self, key: str, root: str) -> None:
        self.roots[key] = root
        for person, period in [one for one in self.persons if one[0] == key]:
            self.persons[root, period] += self.persons.pop((person, period))

    def _cancel(self, entry: Entry) -> Iterator[str]:
        count = self.counts.get(entry.cancels_seq or 0)
        same = count is not None and (
            (count.person_key, count.unit, count.district, count.period_id, count.attributed_month)
            == (entry.person_key, entry.unit, entry.district, entry.period_id, entry.attributed_month)
        )
        if not same:
            yield ORPHAN
        if entry.cancels_seq in self.cancelled:
            yield TWICE
        self.cancelled.add(entry.cancels_seq or 0)


def resolve(key: str, roots: Mapping[str, str]) -> str:
    """Return the person a key stands for, aliases followed to the end."""
    seen = {key}
    while (following := roots.get(key)) is not None and following not in seen:
        key = following
        seen.add(key)
    return key
