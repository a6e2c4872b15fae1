"""What the public may see of figures by several definitions: a reader subtracts them from one another.

Who is in a wide definition and not in one within it is a group of people like any other: where it is
small, so much of both figures is left out that it cannot be told. The same holds for a city and its units,
and for a figure and its correction.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from math import sqrt

from webapp.domain.definitions import Definition, definitions
from webapp.domain.disclosure import given_away
from webapp.domain.publication import LEAST_SHOWN, shown_as
from webapp.domain.suppression import Key, Sum, is_small

TOTAL = "total"
Shown = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Figure:
    """People by grade of evidence as one definition counts them; ``unit`` is ``None`` for the whole city.

    ``hidden`` are the parts the public does not see.
    """

    definition: Definition
    grades: tuple[tuple[str, int], ...]
    unit: str | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, int]:
        """Return the people of each grade and their sum."""
        return {**dict(self.grades), TOTAL: sum(count for _grade, count in self.grades)}

    @property
    def shown(self) -> Shown:
        """Return what the public sees."""
        return {part: shown_as(count, part in self.hidden) for part, count in self.values.items()}

    def unpublished(self) -> "Figure":
        """Return the figure as nobody has seen it."""
        return replace(self, hidden=frozenset(self.values))


@dataclass(frozen=True, slots=True)
class Difference:
    """What is left of a cell when others it holds are taken from it; no table shows it."""

    of: Key
    without: tuple[Key, ...]


def left_out(figure: Figure, before: Sequence[Figure]) -> frozenset[str]:
    """Return the parts of a figure to hide beside those published ``before`` for the same day, in order.

    What was shown once stays: only the later figure gives way, in those parts that cost a reader least. Zeros
    stay, and what a correction repeats. Figures that are hidden wholly stand for those nobody has published.
    """
    number = len(before)
    values, sums = net_of([*before, figure])
    unseen: set[Key] = {key for key in values if isinstance(key, Difference)}
    unseen |= {(place, part) for place, one in enumerate(before) for part in one.hidden if one.values[part]}
    choices = _choices(figure, {part for one in before for part in _repeated(figure, one)})
    for hidden in choices[:-1]:
        secret = unseen | {(number, part) for part in hidden}
        if not any(True for _key in given_away(values, sums, secret, least=LEAST_SHOWN)):
            return hidden
    return choices[-1]


def untold(figures: Sequence[Figure]) -> list[tuple[Definition, str | None]]:
    """Return the figures nobody has published of the places of these; what is published bounds them too."""
    told = {(one.definition.id, one.unit) for one in figures}
    places = dict.fromkeys(one.unit for one in figures)
    return [
        (rule, place) for rule in definitions().values() for place in places if (rule.id, place) not in told
    ]


def beside_reports(definition_id: str, unit: str | None, reported_by: str) -> bool:
    """Say whether a figure may be public beside reports of its day: no table of theirs is subtracted from it.

    Reports hold the units too and leave out other cells of them.
    """
    return definition_id == reported_by and unit is None


def net_of(figures: Sequence[Figure]) -> tuple[dict[Key, int], list[Sum]]:
    """Return all cells and differences of figures by their keys, and the sums that hold between them.

    The key of a cell is the place of its figure and the part of it.
    """
    values: dict[Key, int] = {}
    sums: list[Sum] = []
    for number, figure in enumerate(figures):
        values |= {(number, part): count for part, count in figure.values.items()}
        sums.append(Sum((number, TOTAL), tuple((number, grade) for grade, _count in figure.grades)))
    for whole, without, parts in _subtractable(figures):
        for part in parts:
            taken = tuple((number, part) for number in without)
            rest = Difference((whole, part), taken)
            left = values[rest.of] - sum(values[key] for key in taken)
            if left >= 0:
                values[rest] = left
                sums.append(Sum(rest.of, (*taken, rest)))
    return values, sums


def _repeated(figure: Figure, earlier: Figure) -> list[str]:
    """Return the parts of a correction that say what the public has seen in the figure it corrects."""
    if (figure.definition, figure.unit) != (earlier.definition, earlier.unit):
        return []
    return [
        part
        for part, count in figure.values.items()
        if part not in earlier.hidden and earlier.values[part] == count
    ]


def _choices(figure: Figure, repeated: Collection[str]) -> list[frozenset[str]]:
    """Return what could be hidden of a figure, the cheapest first; large figures are dear."""
    shown = {part: count for part, count in figure.values.items() if count and part not in repeated}
    small = {part for part, count in shown.items() if is_small(count, LEAST_SHOWN)}
    choices = [frozenset(chosen) for many in range(len(shown) + 1) for chosen in combinations(shown, many)]
    return sorted(
        (chosen for chosen in choices if chosen >= small),
        key=lambda chosen: sum(sqrt(shown[part]) for part in chosen),
    )


def _subtractable(figures: Sequence[Figure]) -> Iterator[tuple[int, list[int], list[str]]]:
    """Yield the place of each figure with those of others that may be taken from it, and in which cells."""
    for (place, wide), (other, narrow) in permutations(enumerate(figures), 2):
        if wide.unit == narrow.unit and (parts := _held(wide, narrow)):
            yield place, [other], parts
    latest = {(one.definition, one.unit): place for place, one in enumerate(figures)}
    for place, city in enumerate(figures):
        units = [
            number
            for (definition, unit), number in latest.items()
            if definition == city.definition and unit is not None
        ]
        if city.unit is None and units:
            yield place, units, list(city.values)


def _held(wide: Figure, narrow: Figure) -> list[str]:
    """Return the cells in which the narrow figure holds nobody but people of the wide one."""
    if narrow.definition.within(wide.definition):
        return list(wide.values)
    shared = narrow.definition.grades & wide.definition.grades
    return [
        grade for grade in sorted(shared) if narrow.definition.only(grade).within(wide.definition.only(grade))
    ]
