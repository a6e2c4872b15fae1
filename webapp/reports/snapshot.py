"""A snapshot as reports read it: tables of rows, names of codes, the words for its foot."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from webapp.domain.degrees import LABELS as DEGREES
from webapp.domain.degrees import Degree
from webapp.domain.evidence import VERIFIERS

UNSTATED = "未填写"
GRADES = tuple(grade.value for grade in VERIFIERS)


class Place(NamedTuple):
    """Where the ledger stood."""

    seq: int
    hash: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The content of a kept snapshot under its number."""

    id: str
    content: Mapping[str, Any]

    @cached_property
    def ledger(self) -> Place:
        """Return the head of the ledger at the end of the day."""
        return Place(**self.content["ledger"])

    @property
    def as_of(self) -> str:
        """Return the day as ``2026-11-20``."""
        day: str = self.content["as_of"]
        return day

    @property
    def least(self) -> int:
        """Return the count below which a cell is small."""
        least: int = self.content["ruleset"]["least"]
        return least

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a gathered table by the names of its columns."""
        found = self.content["tables"][table]
        for row in found["rows"]:
            yield dict(zip(found["columns"], row, strict=True))

    def query(self, table: str) -> str:
        """Return the digest of the query a table was gathered by."""
        digest: str = self.content["tables"][table]["query"]
        return digest

    def total(self, table: str, column: str = "people") -> int:
        """Return the sum of a column."""
        return sum(row[column] for row in self.rows(table))

    def name(self, kind: str, code: str | None) -> str:
        """Return the name a code had when the snapshot was made."""
        if code is None or code == "":
            return UNSTATED
        if kind == "degree":
            return DEGREES[Degree(code)]
        named: str = self.content["names"].get(kind, {}).get(code, code)
        return named

    def counts(self, table: str, *dimensions: str) -> dict[tuple[str, ...], int]:
        """Return a table's people by the values of some of its columns; nothing stated is an empty text."""
        found: dict[tuple[str, ...], int] = {}
        for row in self.rows(table):
            key = tuple("" if row[name] is None else str(row[name]) for name in dimensions)
            found[key] = found.get(key, 0) + row["people"]
        return found


@lru_cache(maxsize=4)
def read(snapshot_id: str, text: str) -> Snapshot:
    """Return a snapshot from its canonical JSON; those read last are kept, what is worked out with them."""
    return Snapshot(snapshot_id, json.loads(text))


def degrees(found: Sequence[str]) -> list[str]:
    """Return degrees from the highest to the lowest, then what was not stated."""
    known = [degree.value for degree in reversed(Degree) if degree.value in found]
    return [*known, *(one for one in found if one not in set(known))]
