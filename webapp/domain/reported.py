"""Reported and traceable numbers side by side: one basis a cell, never their sum or maximum (DOMAIN 1.11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.words import N_


class Basis(StrEnum):
    """Whose number a published cell is."""

    REPORTED = "reported"
    PLATFORM = "platform"


LABELS: Mapping[Basis, str] = {Basis.REPORTED: N_("上报数"), Basis.PLATFORM: N_("平台口径下限")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's stretch of time: how many people are traceable, and what was reported if anything."""

    traceable: int
    reported: int | None = None

    @property
    def basis(self) -> Basis:
        """Return whose number it is: a reported one wins where there is one."""
        return Basis.PLATFORM if self.reported is None else Basis.REPORTED

    @property
    def value(self) -> int:
        """Return the number that is published."""
        return self.traceable if self.reported is None else self.reported

    @property
    def contested(self) -> bool:
        """Say whether more people are traceable than were reported: to be explained, never hidden (I12)."""
        return self.reported is not None and self.traceable > self.reported


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: the stretches of time its number is put together from, none of them twice."""

    unit: str
    cells: Sequence[Cell]

    @property
    def value(self) -> int:
        """Return the published number."""
        return sum(cell.value for cell in self.cells)

    @property
    def traceable(self) -> int:
        """Return how many of it have a name, a proof and a place in the ledger."""
        return sum(cell.traceable for cell in self.cells)

    @property
    def reported(self) -> int | None:
        """Return what was reported of it, nothing where nothing was."""
        figures = [cell.reported for cell in self.cells if cell.reported is not None]
        return sum(figures) if figures else None

    @property
    def coverage(self) -> float | None:
        """Return the traceable share of what was reported, of the same stretches of time."""
        known = [cell for cell in self.cells if cell.reported is not None]
        return sum(cell.traceable for cell in known) / self.reported if self.reported else None

    @property
    def contested(self) -> bool:
        """Say whether some stretch has more traceable people than were reported."""
        return any(cell.contested for cell in self.cells)

    @property
    def bases(self) -> Mapping[Basis, int]:
        """Return how much of the number rests on each basis, nothing on an unused one."""
        sums = {basis: sum(cell.value for cell in self.cells if cell.basis is basis) for basis in Basis}
        return {basis: total for basis, total in sums.items() if total}


@dataclass(frozen=True, slots=True)
class Table:
    """All units; where the city reported a total of its own, the difference stands as a row."""

    lines: Sequence[Line]
    city: int | None = None

    @property
    def unallocated(self) -> int | None:
        """Return what the city reported beyond its units, below zero where the units reported more."""
        return None if self.city is None else self.city - sum(line.value for line in self.lines)

    @property
    def value(self) -> int:
        """Return the published total: its rows add up to it."""
        return sum(line.value for line in self.lines) + (self.unallocated or 0)

    @property
    def traceable(self) -> int:
        """Return how many of the total are traceable."""
        return sum(line.traceable for line in self.lines)

    @property
    def shares(self) -> Mapping[Basis, float]:
        """Return the share of each basis in the total, printed wherever there are two."""
        sums = dict.fromkeys(Basis, 0)
        for line in self.lines:
            for basis, total in line.bases.items():
                sums[basis] += total
        sums[Basis.REPORTED] += self.unallocated or 0
        return {basis: total / self.value for basis, total in sums.items() if total} if self.value else {}


def of_month(month: str, traceable: Mapping[str, int], monthly: Mapping[str, int]) -> list[Cell]:
    """Return a unit's cell of one month."""
    return [Cell(traceable.get(month, 0), monthly.get(month))]


def until_month(
    month: str, traceable: Mapping[str, int], monthly: Mapping[str, int], cumulative: Mapping[str, int]
) -> list[Cell]:
    """Return a unit's cells up to a month: the latest cumulative figure, then month after month.

    A cumulative figure speaks for every month until its own; a month is never in two cells.
    """
    last = max((one for one in cumulative if one <= month), default="")
    before = sum(total for one, total in traceable.items() if one <= last)
    cells = [Cell(before, cumulative[last])] if last else []
    after = sorted(one for one in {*traceable, *monthly} if last < one <= month)
    return [*cells, *(Cell(traceable.get(one, 0), monthly.get(one)) for one in after)]
