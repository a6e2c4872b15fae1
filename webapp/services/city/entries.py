"""The city's ledger, written in the order of time and chained like any other."""

import heapq
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache

from webapp.domain.books import SIGNS
from webapp.domain.chain import GENESIS, Entry
from webapp.domain.dates import city_date, month_of
from webapp.domain.programme import CITY, gb2260_of
from webapp.domain.retention import Cause, EntryKind
from webapp.models import Period
from webapp.services.city.bulk import Row
from webapp.services.city.people import Person

_EVENTS = 0x5875657A69 << 64


class Scribe:
    """Turns counted people into entries; what is taken back later is written when its time comes."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self._periods = sorted(periods, key=lambda one: one.start_on)
        self._head, self._seq = GENESIS, 0
        self._due: list[tuple[datetime, int, Entry, int, Cause]] = []

    def period_of(self, person: Person) -> Period:
        """Return the period a person's outcome began in; the city knows no earlier time than its first."""
        inside = [one for one in self._periods if one.start_on <= person.started_on <= one.end_on]
        return inside[0] if inside else self._periods[0]

    def count(self, person: Person, person_key: str, evidence_ids: tuple[int, ...]) -> Iterator[Row]:
        """Yield the entries due before a person is counted, then the count."""
        yield from self.reversals(until=person.known_at)
        period, officers = self.period_of(person), person.verifiers
        entry = self._entry(
            kind=EntryKind.COUNT,
            at=person.known_at,
            idempotency_key=f"count:{person.id}:1",
            person_key=person_key,
            person_root=person_key,
            period_id=period.id,
            unit=person.unit or "",
            district=gb2260_of(person.place or ""),
            attributed_month=month(person.started_on.toordinal()),
            placement_id=person.id,
            actor_id=officers[0],
            second_actor_id=officers[1] if len(officers) > 1 else None,
            evidence_ids=evidence_ids,
            grade=person.grade.value if person.grade else None,
            ruleset_id=period.ruleset_id,
        )
        if person.reversed_at:
            due = (person.reversed_at, entry.seq, entry, person.office.city[1], person.cause)
            heapq.heappush(self._due, due)
        yield self._write(entry)

    def reversals(self, until: datetime) -> Iterator[Row]:
        """Yield the entries that take counts back, up to an instant."""
        while self._due and self._due[0][0] <= until:
            at, seq, count, first, cause = heapq.heappop(self._due)
            again = count._asdict() | {
                "kind": EntryKind.REVERSE,
                "at": at,
                "idempotency_key": f"reverse:{seq}",
                "cancels_seq": seq,
                "cause": cause,
                "actor_id": first,
                "second_actor_id": first + 1,
            }
            for name in ("seq", "event_id", "delta", "posted_month", "created_at", "prev_hash"):
                del again[name]
            yield self._write(self._entry(**again))

    def join(self, *, duplicate: str, root: str, first: int, at: datetime) -> Iterator[Row]:
        """Yield the entries due, then one that joins a second document to a person."""
        yield from self.reversals(until=at)
        latest = self._periods[-1]
        yield self._write(
            self._entry(
                kind=EntryKind.ALIAS,
                at=at,
                idempotency_key=f"alias:{uuid.UUID(int=_EVENTS + self._seq + 1)}",
                person_key=duplicate,
                person_root=root,
                period_id=latest.id,
                unit=CITY,
                district="420100",
                attributed_month=month_of(city_date(at)),
                placement_id=None,
                actor_id=first,
                second_actor_id=first + 1,
                evidence_ids=(),
                grade=None,
                ruleset_id=latest.ruleset_id,
            )
        )

    def _entry(self, *, kind: EntryKind, at: datetime, **said: object) -> Entry:
        self._seq += 1
        return Entry(
            **{"cancels_seq": None, "cause": None, **said},  # type: ignore[arg-type]
            seq=self._seq,
            event_id=str(uuid.UUID(int=_EVENTS + self._seq)),
            kind=kind,
            delta=SIGNS[kind],
            posted_month=month(city_date(at).toordinal()),
            created_at=at,
            prev_hash=self._head,
        )

    def _write(self, entry: Entry) -> Row:
        self._head = entry.digest
        return entry._asdict() | {"evidence_ids": list(entry.evidence_ids), "hash": self._head}


@lru_cache(maxsize=10_000)
def month(ordinal: int) -> str:
    """Return the month of a day."""
    return month_of(date.fromordinal(ordinal))
