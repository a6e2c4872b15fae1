"""What the public may see of figures by several definitions: a reader subtracts them from one another.

Who is in a wide definition and not in one within it is a group of people like any other: where it is
small, so much of both figures is left out that it cannot be told. The same holds for a city and its units.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from webapp.domain.definitions import Definition
from webapp.domain.publication import LEAST_SHOWN, shown_as
from webapp.domain.suppression import Key, Sum, suppress

TOTAL = "total"
Shown = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Figure:
    """People by grade of evidence as one definition counts them; ``unit`` is ``None`` for the whole city."""

    definition: Definition
    grades: tuple[tuple[str, int], ...]
    unit: str | None = None

    @property
    def values(self) -> dict[str, int]:
        """Return the people of each grade and their sum."""
        return {**dict(self.grades), TOTAL: sum(count for _grade, count in self.grades)}

    def key(self, part: str) -> Key:
        """Return the key of a cell among those of all figures."""
        return self.definition.id, self.unit, part


@dataclass(frozen=True, slots=True)
class Difference:
    """What is left of a cell when others it holds are taken from it; no table shows it."""

    of: Key
    without: tuple[Key, ...]


@lru_cache(maxsize=64)
def shown_in_turn(figures: tuple[Figure, ...]) -> list[Shown]:
    """Return what may be seen of the figures of one day, in the order in which they were published.

    What was shown once stays: only a later figure gives way.
    """
    hidden, seen = frozenset[Key](), set[Key]()
    for number, figure in enumerate(figures, start=1):
        fresh = {figure.key(part) for part in figure.values} - seen - hidden
        values, sums = net_of(figures[:number])
        unpublished = {key for key in values if isinstance(key, Difference)} | hidden
        left_out = suppress(values, sums, least=LEAST_SHOWN, unpublished=unpublished, known=seen)
        hidden |= fresh & left_out
        seen |= fresh - left_out
    return [
        {part: shown_as(count, figure.key(part) in hidden) for part, count in figure.values.items()}
        for figure in figures
    ]


def net_of(figures: Sequence[Figure]) -> tuple[dict[Key, int], list[Sum]]:
    """Return all cells and differences of figures by their keys, and the sums that hold between them."""
    distinct = list({figure.key(TOTAL): figure for figure in figures}.values())
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for figure in distinct:
        values |= {figure.key(part): count for part, count in figure.values.items()}
        sums.append(Sum(figure.key(TOTAL), tuple(figure.key(part) for part, _count in figure.grades)))
    for whole, without, parts in _subtractable(distinct):
        left: dict[str, Key] = {}
        for part in parts:
            taken = tuple(one.key(part) for one in without)
            left[part] = rest = Difference(whole.key(part), taken)
            values[rest] = values[rest.of] - sum(values[key] for key in taken)
            sums.append(Sum(rest.of, (*taken, rest)))
        if TOTAL in left:
            sums.append(Sum(left[TOTAL], tuple(key for part, key in left.items() if part != TOTAL)))
    return values, sums


def _subtractable(figures: Sequence[Figure]) -> Iterator[tuple[Figure, list[Figure], list[str]]]:
    """Yield each figure with others that may be taken from it, and in which of its cells."""
    for wide, narrow in permutations(figures, 2):
        if wide.unit == narrow.unit and (parts := _held(wide, narrow)):
            yield wide, [narrow], parts
    for city in figures:
        units = [one for one in figures if one.definition == city.definition and one.unit is not None]
        if city.unit is None and units:
            yield city, units, list(city.values)


def _held(wide: Figure, narrow: Figure) -> list[str]:
    """Return the cells in which the narrow figure holds nobody but people of the wide one."""
    if narrow.definition.within(wide.definition):
        return list(wide.values)
    shared = narrow.definition.grades & wide.definition.grades
    return [
        grade for grade in sorted(shared) if narrow.definition.only(grade).within(wide.definition.only(grade))
    ]
