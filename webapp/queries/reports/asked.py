"""What a snapshot is asked to hold, and a table as it is kept: columns, rows, the digest of its query."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.definitions import Definition
from webapp.queries.ledger import Head

BATCH = 10_000
"""Rows of a walk that are in memory at the same time."""
Cell = str | int | float | None


@dataclass(frozen=True)
class Asked:
    """A day, a period and a definition, and where the ledger stood at the end of that day."""

    period_id: str
    definition: Definition
    as_of: date
    head: Head

    @cached_property
    def after(self) -> datetime:
        """Return the instant at which the day is over in Wuhan."""
        return start_of_day(self.as_of + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Gathered:
    """A table as it is kept; ``query`` is the sha256 of the statement and its parameters."""

    columns: tuple[str, ...]
    rows: list[list[Cell]]
    query: str


Tables = Iterator[tuple[str, Gathered]]
Step = Callable[[Session, Asked], Tables]


def digest_of_query(wanted: Select[*tuple[Any, ...]]) -> str:
    """Return the sha256 of a statement and its parameters, the same on every database."""
    compiled = wanted.compile()
    said = "\n".join(
        [compiled.string, *(f"{name}={_stated(compiled.params[name])}" for name in sorted(compiled.params))]
    )
    return hashlib.sha256(said.encode()).hexdigest()


def whole(session: Session, wanted: Select[*tuple[Any, ...]]) -> Gathered:
    """Return a grouped select as a table, in an order that no database chooses."""
    columns = tuple(column.key or "" for column in wanted.selected_columns)
    rows = [[_plain(cell) for cell in row] for row in session.execute(wanted)]
    return Gathered(columns, in_order(rows), digest_of_query(wanted))


def walk(session: Session, wanted: Select[Any]) -> Iterator[Any]:
    """Yield the rows of a long select; few are in memory at a time."""
    yield from session.execute(wanted.execution_options(yield_per=BATCH))


def crossed(session: Session, facts: Select[Any], tables: Mapping[str, Sequence[str]]) -> Tables:
    """Yield tables of people by some of the facts a select has, all of them from one pass over it.

    The database counts people who are alike in every fact; what is added up here are those counts.
    """
    columns = [column.key or "" for column in facts.selected_columns]
    wanted = facts.add_columns(func.count().label("people")).group_by(*facts.selected_columns)
    places = {name: [columns.index(fact) for fact in chosen] for name, chosen in tables.items()}
    counts: dict[str, Counter[tuple[Cell, ...]]] = {name: Counter() for name in tables}
    for *values, people in walk(session, wanted):
        for name, numbers in places.items():
            counts[name][tuple(_plain(values[number]) for number in numbers)] += people
    query = digest_of_query(wanted)
    for name, chosen in tables.items():
        rows = in_order([*key, people] for key, people in counts[name].items())
        yield name, Gathered((*chosen, "people"), rows, query)


def in_order(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """Return rows sorted by what they say; nothing stated comes first."""
    return sorted(rows, key=lambda row: [("" if cell is None else f"{cell!s:>20}") for cell in row])


def _stated(value: Any) -> str:
    """Say a parameter; the members of a set in an order of their own."""
    listed = isinstance(value, (list, tuple, set, frozenset))
    return ",".join(sorted(map(str, value))) if listed else str(value)


def _plain(cell: Any) -> Cell:
    if cell is None or isinstance(cell, (bool, int, float)):
        return cell
    if hasattr(cell, "is_finite"):
        return int(cell) if cell == int(cell) else float(cell)
    return str(cell)
