"""A report as it is before it becomes a page or a file: sentences, tables, and where each comes from."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.domain.publication import HIDDEN

Cell = str | int | float | None
NOTHING = "—"
"""Stands where nothing is known."""
DIGITS = 16


class Edition(StrEnum):
    """For whom a report is: the public one leaves small cells and schools out."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Shown(StrEnum):
    """How the figures of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how its figures are written, whether a bar shows them beside the number."""

    heading: str
    shown: Shown = Shown.NUMBER
    bar: bool = False

    @property
    def numeric(self) -> bool:
        """Say whether its cells are figures."""
        return self.shown is not Shown.TEXT

    def text(self, cell: Cell) -> str:
        """Return a cell as it is read; words in the place of a figure stay words."""
        if cell is None or cell == "":
            return NOTHING
        if isinstance(cell, str) or not self.numeric:
            return str(cell)
        match self.shown:
            case Shown.PERCENT:
                return f"{cell:.1%}"
            case Shown.DECIMAL:
                return f"{cell:,.2f}"
            case _:
                return f"{cell:,}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; ``drill`` is what an officer's page needs to open the people or posts behind it."""

    cells: Sequence[Cell]
    drill: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """A table with its sentence of explanation and the digests of the queries it was gathered by.

    ``n`` is how many people or posts it rests on, or ＊; ``total`` is a last line.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    sources: Sequence[str]
    n: int | str
    note: str = ""
    total: Row | None = None
    number: int = 0

    @property
    def name(self) -> str:
        """Return the table's name within its report."""
        return f"表 {self.number}"

    @property
    def rests_on(self) -> str:
        """Return ``n`` as it is read."""
        return self.n if isinstance(self.n, str) else f"{self.n:,}"

    @property
    def lines(self) -> Sequence[Row]:
        """Return all lines, the total last."""
        return [*self.rows, *([self.total] if self.total else [])]

    @property
    def digest(self) -> str:
        """Return the sha256 of the table as it is shown, shortened."""
        said = json.dumps([[*row.cells] for row in self.lines], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()[:DIGITS]

    @property
    def hides(self) -> bool:
        """Say whether a figure was left out."""
        return any(HIDDEN in row.cells for row in self.lines)

    def bar(self, place: int, row: Row) -> float:
        """Return how long a row's bar is, from 0 to 1; the longest row has 1."""
        lengths = [_length(one.cells[place]) for one in self.rows]
        most = max(lengths, default=0)
        return _length(row.cells[place]) / most if most and row is not self.total else 0.0


@dataclass(frozen=True)
class Document:
    """A whole report in Chinese, ready for any renderer."""

    title: str
    subtitle: str
    reading: Sequence[str]
    tables: Sequence[Table]
    method: Sequence[str]
    foot: Sequence[str]
    edition: Edition
    snapshot: str
    as_of: str
    unknown: Sequence[str] = field(default_factory=tuple)


def _length(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) and cell > 0 else 0.0
