"""The counts of one report, held together, so that what one table hides no other one shows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from webapp.domain.publication import HIDDEN
from webapp.domain.suppression import Key, Sum, is_small, suppress
from webapp.reports.document import Edition

Figure = int | str


class Counts:
    """Crossed tables of people by what they are a part of, their margins shared by name.

    A cell is a population and some facts with their values; the margin of one table is the margin of
    every other one with the same facts. :meth:`shown` gives a figure, or ＊ where it was left out. How
    many people the ``known`` populations have in all stays, unless they are few: it is public elsewhere.
    """

    def __init__(self, *, least: int, edition: Edition, known: Collection[str] = ()) -> None:
        self._least, self._edition, self._public = least, edition, known
        self._values: dict[Key, int] = {}
        self._sums: dict[Sum, None] = {}
        self._unpublished: set[Key] = set()

    def cross(self, population: str, facts: Sequence[str], cells: Mapping[tuple[str, ...], int]) -> None:
        """Add a table: ``cells`` holds the people by the values of one or two facts."""
        parts: dict[Key, list[Key]] = {}
        for values, people in cells.items():
            own = _key(population, dict(zip(facts, values, strict=True)))
            self._values[own] = self._values.get(own, 0) + people
            for left_out in facts:
                rest = {name: value for name, value in zip(facts, values, strict=True) if name != left_out}
                parts.setdefault(_key(population, rest), []).append(own)
        if len(facts) > 1:
            for place, name in enumerate(facts):
                margin: dict[tuple[str, ...], int] = {}
                for values, people in cells.items():
                    margin[values[place],] = margin.get((values[place],), 0) + people
                self.cross_margin(population, name, margin)
        self._values.setdefault(_key(population, {}), 0)
        for total, ones in parts.items():
            self._values[total] = sum(self._values[one] for one in ones)
            self._sums[Sum(total, tuple(dict.fromkeys(ones)))] = None

    def cross_margin(self, population: str, fact: str, cells: Mapping[tuple[str, ...], int]) -> None:
        """Add the sums of a table by one of its facts."""
        ones = [_key(population, {fact: value}) for (value,) in cells]
        self._values |= dict(zip(ones, cells.values(), strict=True))
        total = _key(population, {})
        self._values[total] = sum(cells.values())
        self._sums[Sum(total, tuple(ones))] = None

    def part(self, whole: str, of: Mapping[str, str], part: str, facts: Mapping[str, str]) -> None:
        """Say that one population's figure holds another one's: their difference is guarded too."""
        larger, smaller = _key(whole, of), _key(part, facts)
        rest: Key = ("rest", larger, smaller)
        if larger in self._values and smaller in self._values:
            difference = self._values[larger] - self._values[smaller]
            if difference >= 0:
                self._values[rest] = difference
                self._unpublished.add(rest)
                self._sums[Sum(larger, (smaller, rest))] = None

    def divide(self, population: str, of: Mapping[str, str], fact: str, cells: Mapping[str, int]) -> None:
        """Add some parts of a figure that may have others, which no table shows."""
        total = _key(population, of)
        ones = {_key(population, {**of, fact: value}): people for value, people in cells.items()}
        rest: Key = ("rest", total)
        self._values |= {**ones, rest: self._values[total] - sum(ones.values())}
        self._unpublished.add(rest)
        self._sums[Sum(total, (*ones, rest))] = None

    def single(self, population: str, fact: str, cells: Mapping[tuple[str, ...], int]) -> None:
        """Add figures nobody has the sum of."""
        self._values |= {_key(population, {fact: value}): people for (value,), people in cells.items()}

    def shown(self, population: str, **facts: str) -> Figure:
        """Return a figure as it may be shown; nobody is 0."""
        key = _key(population, facts)
        return HIDDEN if key in self._hidden else self._values.get(key, 0)

    @cached_property
    def _hidden(self) -> frozenset[Key]:
        if self._edition is Edition.INTERNAL:
            return frozenset()
        return suppress(
            self._values,
            list(self._sums),
            least=self._least,
            unpublished=self._unpublished,
            known=self._known,
        )

    @cached_property
    def _known(self) -> frozenset[Key]:
        wholes = {_key(population, {}) for population in self._public}
        return frozenset(
            key for key in wholes & self._values.keys() if not is_small(self._values[key], self._least)
        )


def share(part: Figure, whole: Figure) -> float | str | None:
    """Return a share of two figures that are both shown; hidden ones hide it."""
    if isinstance(part, str) or isinstance(whole, str):
        return HIDDEN
    return part / whole if whole else None


def added(figures: Iterable[Figure]) -> Figure:
    """Return the sum of figures, left out where one of them is."""
    listed = list(figures)
    known = [one for one in listed if isinstance(one, int)]
    return sum(known) if len(known) == len(listed) else HIDDEN


def falling(figure: Figure, name: str) -> tuple[bool, int, str]:
    """Return the order of lines: the largest first; what was left out comes last and by its name alone."""
    hidden = isinstance(figure, str)
    return hidden, 0 if isinstance(figure, str) else -figure, name


def _key(population: str, facts: Mapping[str, str]) -> Key:
    return population, tuple(sorted(facts.items()))
