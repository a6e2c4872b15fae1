"""The books of the ledger: who stands counted, by which sums, and what no row may do to them.

Memory stays small at city size: one number a person, no entry is kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from webapp.domain.chain import Entry, Links, Problem
from webapp.domain.evidence import VERIFIERS
from webapp.domain.retention import EntryKind
from webapp.domain.words import N_

ORPHAN = N_("减一所指的计入不存在，或人员、单位、月份不一致")
TWICE = N_("同一笔计入被减去了两次")
DOUBLE = N_("同一人在同一时期被计入了两次")
NEGATIVE = N_("计入单位的合计小于零")
UNSIGNED = N_("减一、转移和身份合并须有原因，并由两名不同的工作人员完成")
UNPROVED = N_("证据等级不能计入，或核验人数不够")
ONE_LEGGED = N_("转出与转入没有成对")
WRONG_SIGN = N_("增减数与这一行的类型不符")
STRANGER = N_("人员与身份合并记录不一致")
UNJOINED = N_("所撤销的身份合并不存在，或已经撤销过")

SIGNS: Mapping[EntryKind, int] = {
    EntryKind.COUNT: 1,
    EntryKind.REVERSE: -1,
    EntryKind.MOVE_OUT: -1,
    EntryKind.MOVE_IN: 1,
    EntryKind.ALIAS: 0,
    EntryKind.ALIAS_VOID: 0,
}
"""What each kind of entry does to the total."""


class Cell(NamedTuple):
    """The finest sum that is kept: both months and both places of a period (invariant I2)."""

    period_id: str
    unit: str
    district: str
    attributed_month: str
    posted_month: str


@dataclass(slots=True)
class Totals:
    """Sums of a stretch of the ledger; two neighbouring stretches add up (invariant I8)."""

    cells: Counter[Cell] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Return the sum of everything."""
        return sum(self.cells.values())

    @property
    def by_unit(self) -> Mapping[str, int]:
        """Return the sums by reporting unit."""
        return self.by("unit")

    @property
    def by_month(self) -> Mapping[str, int]:
        """Return the sums by the month in which the outcome began."""
        return self.by("attributed_month")

    def by(self, name: str) -> Mapping[str, int]:
        """Return the sums by one field of :class:`Cell`, zeros left out."""
        sums: Counter[str] = Counter()
        for cell, total in self.cells.items():
            sums[getattr(cell, name)] += total
        return {key: total for key, total in sorted(sums.items()) if total}

    def posted_in(self, month: str) -> dict[str, dict[str, int]]:
        """Return what a month has posted, by period and unit, zeros left out (invariant I10)."""
        sums: dict[str, dict[str, int]] = {}
        for cell, total in sorted(self.cells.items()):
            if cell.posted_month == month:
                units = sums.setdefault(cell.period_id, {})
                units[cell.unit] = units.get(cell.unit, 0) + total
        return {
            period_id: kept
            for period_id, units in sums.items()
            if (kept := {unit: total for unit, total in units.items() if total})
        }

    def of(self, period_id: str) -> "Totals":
        """Return the sums of one period."""
        return Totals(Counter({cell: n for cell, n in self.cells.items() if cell.period_id == period_id}))

    def add(self, cell: Cell, delta: int) -> None:
        """Add to one cell; a cell that comes to nothing goes."""
        total = self.cells.get(cell, 0) + delta
        if total:
            self.cells[cell] = total
        else:
            self.cells.pop(cell, None)

    def __add__(self, other: Self) -> "Totals":
        """Return the sums of both stretches."""
        both = Totals(Counter(self.cells))
        for cell, total in other.cells.items():
            both.add(cell, total)
        return both


def fold(steps: Iterable[tuple[Cell, int]]) -> Totals:
    """Return the totals of a stretch of the ledger, given as cells and what each entry does to them."""
    totals = Totals()
    for cell, delta in steps:
        totals.add(cell, delta)
    return totals


def cell_of(entry: Entry) -> Cell:
    """Return the cell an entry counts in."""
    return Cell(entry.period_id, entry.unit, entry.district, entry.attributed_month, entry.posted_month)


def resolve(key: str, joined: Mapping[str, str]) -> str:
    """Return the person a key stands for, aliases followed to the end."""
    seen = {key}
    while (following := joined.get(key)) is not None and following not in seen:
        key = following
        seen.add(key)
    return key


class Books:
    """Everything the rules of counting need to know of the entries so far.

    ``live`` holds the entry by which a person stands counted, by period and person; ``joined`` leads
    from a key to the person it was joined to; ``totals`` are the sums.
    """

    def __init__(self) -> None:
        self.totals = Totals()
        self.live: dict[str, dict[str, int]] = defaultdict(dict)
        self.joined: dict[str, str] = {}
        self._places: dict[int, tuple[str, str, str]] = {}
        self._known: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self._keys: dict[int, str] = {}
        self._units: dict[tuple[str, str], int] = {}
        self._cancelled: set[int] = set()
        self._aliases: dict[int, str] = {}
        self._left: Entry | None = None

    def enter(self, entry: Entry) -> list[str]:
        """Take one entry and return every rule it breaks (invariants I1, I4, I5, I14)."""
        kind = entry.kind
        found = []
        if entry.delta != SIGNS[kind]:
            found.append(WRONG_SIGN)
        if not (_proved(entry) if kind is EntryKind.COUNT else _signed(entry)):
            found.append(UNPROVED if kind is EntryKind.COUNT else UNSIGNED)
        if kind is EntryKind.ALIAS:
            found += self._join(entry)
        elif kind is EntryKind.ALIAS_VOID:
            found += self._separate(entry)
        else:
            self._book(entry, found)
        if self._left is not None or kind is EntryKind.MOVE_OUT or kind is EntryKind.MOVE_IN:
            self._walk(entry, found)
        return found

    def _book(self, entry: Entry, found: list[str]) -> None:
        root = resolve(entry.person_key, self.joined) if self.joined else entry.person_key
        if root != entry.person_root:
            found.append(STRANGER)
        if entry.delta < 0:
            self._cancel(entry, root, found)
        elif entry.delta > 0:
            self._stand(entry, root, found)
        self.totals.add(cell_of(entry), entry.delta)
        unit = (entry.period_id, entry.unit)
        self._units[unit] = now = self._units.get(unit, 0) + entry.delta
        if now < 0:
            found.append(NEGATIVE)

    def _stand(self, entry: Entry, root: str, found: list[str]) -> None:
        live = self.live[entry.period_id]
        if root in live:
            found.append(DOUBLE)
        live[root] = entry.seq
        place = (entry.unit, entry.district, entry.attributed_month)
        self._places[entry.seq] = self._known.setdefault(place, place)
        if root != entry.person_key:
            self._keys[entry.seq] = entry.person_key

    def _cancel(self, entry: Entry, root: str, found: list[str]) -> None:
        seq = entry.cancels_seq or 0
        if seq in self._cancelled:
            found.append(TWICE)
            return
        self._cancelled.add(seq)
        self._keys.pop(seq, None)
        place = (entry.unit, entry.district, entry.attributed_month)
        if self._places.pop(seq, None) != place or self.live[entry.period_id].get(root) != seq:
            found.append(ORPHAN)
        else:
            del self.live[entry.period_id][root]

    def _walk(self, entry: Entry, found: list[str]) -> None:
        """Look at the two legs of a move: they follow one another."""
        left, self._left = self._left, entry if entry.kind is EntryKind.MOVE_OUT else None
        arrives = entry.kind is EntryKind.MOVE_IN
        if arrives != (left is not None) or (left is not None and not _one_move(left, entry)):
            found.append(ONE_LEGGED)

    def _join(self, entry: Entry) -> Iterator[str]:
        duplicate, root = entry.person_key, entry.person_root
        if duplicate == root or duplicate in self.joined or root in self.joined:
            yield STRANGER
            return
        self.joined[duplicate] = root
        self._aliases[entry.seq] = duplicate
        for live in self.live.values():
            seq = live.pop(duplicate, None)
            if seq is None:
                continue
            if root in live:
                yield DOUBLE
            live[root] = seq
            self._keys.setdefault(seq, duplicate)

    def _separate(self, entry: Entry) -> Iterator[str]:
        duplicate = self._aliases.pop(entry.cancels_seq or 0, None)
        if duplicate is None or duplicate != entry.person_key:
            yield UNJOINED
            return
        root = resolve(duplicate, self.joined)
        del self.joined[duplicate]
        for live in self.live.values():
            seq = live.get(root)
            person = resolve(self._keys.get(seq, root), self.joined) if seq is not None else root
            if seq is not None and person != root:
                live[person] = live.pop(root)

    def open_leg(self) -> Problem | None:
        """Return the problem of a ledger that ends between the two legs of a move."""
        return Problem(self._left.seq, ONE_LEGGED) if self._left else None


def problems(rows: Iterable[tuple[Entry, str]], books: Books | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the ledger, row by row: the chain (I9), then the rules of counting.

    ``rows`` are entries with their stored hash in order of ``seq``; ``books`` is filled on the way.
    """
    books, links = books if books is not None else Books(), Links()
    for entry, stored in rows:
        for message in links.follow(entry, stored):
            yield Problem(entry.seq, message)
        for message in books.enter(entry):
            yield Problem(entry.seq, message)
    if left := books.open_leg():
        yield left


def _signed(entry: Entry) -> bool:
    """Say whether two different officers stand behind a row, and a cause where it takes away."""
    two = entry.second_actor_id is not None and entry.second_actor_id != entry.actor_id
    return two and (entry.cause is not None) == (entry.delta < 0)


def _proved(entry: Entry) -> bool:
    """Say whether the evidence counts, and enough different officers have seen it."""
    two = entry.second_actor_id is not None and entry.second_actor_id != entry.actor_id
    needed = VERIFIERS.get(entry.grade)  # type: ignore[call-overload]
    return needed is not None and 1 + two >= needed


def _one_move(out: Entry, arrived: Entry) -> bool:
    """Say whether two legs belong together: one person, period and month, two places."""
    same = ("person_key", "period_id", "attributed_month", "posted_month", "placement_id", "actor_id")
    together = all(getattr(out, name) == getattr(arrived, name) for name in same)
    return together and (out.unit, out.district) != (arrived.unit, arrived.district)
