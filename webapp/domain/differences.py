"""What the public may see of figures by several definitions: a reader holds them against one another.

Who is in a wide definition and not in one within it is a group of people like any other: where it is
small, so much of a figure is left out that it cannot be told. The same holds for a city and its units,
for a figure and its correction, and for figures nobody has published yet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, permutations
from math import sqrt
from typing import NamedTuple

from webapp.domain.definitions import Definition, definitions
from webapp.domain.disclosure import Contradiction, Group, Kind, Kinds, Told, gives_away
from webapp.domain.evidence import VERIFIERS
from webapp.domain.programme import units
from webapp.domain.publication import HIDDEN, LEAST_SHOWN
from webapp.domain.suppression import is_small

TOTAL = "total"
Grades = tuple[tuple[str, int], ...]
Count = Callable[[Definition, str | None], Grades]
"""Tells the people of each grade a definition counts in a unit, or in the whole city."""


@dataclass(frozen=True, slots=True)
class Figure:
    """People by grade of evidence as one definition counts them; ``unit`` is ``None`` for the whole city.

    ``hidden`` are the parts the public does not see.
    """

    definition: Definition
    grades: Grades
    unit: str | None = None
    hidden: frozenset[str] = frozenset()

    @property
    def values(self) -> dict[str, int]:
        """Return the people of each grade and their sum."""
        return _with_total(self.grades)

    @property
    def shown(self) -> Mapping[str, int | str]:
        """Return what the public sees."""
        return {part: HIDDEN if part in self.hidden else count for part, count in self.values.items()}


class _Sort(NamedTuple):
    """A sort of people definitions tell apart."""

    grade: str
    outcome_code: str
    attributed_month: str
    graduated_in: str


class _Change(NamedTuple):
    """People of a grade by whom an earlier figure differs from the count of today."""

    figure: int
    grade: str


def left_out(figure: Figure, before: Sequence[Figure], count: Count) -> frozenset[str]:
    """Return the parts of a figure to hide beside those published ``before`` for the same day, in order.

    What was shown once stays: only the later figure gives way, in those parts that cost a reader least. No
    small group of any definition can be told then, in the city or in a unit of it. Where figures contradict
    each other, as after a change of units, nothing more is shown.
    """
    told = [one for number, earlier in enumerate(before) for one in _told(number, earlier, count)]
    groups = {*_small_groups(count), *_small_changes([*before, figure], count)}
    *choices, everything = _choices(figure, before)
    for hidden in choices:
        shown = _told(len(before), replace(figure, hidden=hidden), count)
        with suppress(Contradiction):
            if not gives_away([*told, *shown], groups, least=LEAST_SHOWN):
                return hidden
    return everything


def beside_reports(definition_id: str, unit: str | None, reported_by: str) -> bool:
    """Say whether a figure may be public beside reports of its day: no table of theirs is subtracted from it.

    Reports hold the units too and leave out other cells of them.
    """
    return definition_id == reported_by and unit is None


def _choices(figure: Figure, before: Sequence[Figure]) -> list[frozenset[str]]:
    """Return what could be hidden, the cheapest first; large parts are dear, zeros go last, and all at once.

    What was shown before in the same words stays.
    """
    open_parts = {
        part: count
        for part, count in figure.values.items()
        if (part == TOTAL or part in figure.definition.grades)
        and not any(_repeats(figure, earlier, part) for earlier in before)
    }
    people = [part for part, count in open_parts.items() if count]
    small = {part for part in people if is_small(open_parts[part], LEAST_SHOWN)}
    choices = [frozenset(some) for many in range(len(people) + 1) for some in combinations(people, many)]
    cheapest_first = sorted(
        (some for some in choices if some >= small),
        key=lambda some: sum(sqrt(open_parts[part]) for part in some),
    )
    return [*cheapest_first, frozenset(open_parts)]


def _repeats(figure: Figure, earlier: Figure, part: str) -> bool:
    same = (earlier.definition, earlier.unit) == (figure.definition, figure.unit)
    return same and part not in earlier.hidden and earlier.values[part] == figure.values[part]


def _told(number: int, figure: Figure, count: Count) -> Iterator[Told]:
    """Yield what a figure tells, by its parts."""
    changes = _changes(figure, count)
    for part, people in figure.values.items():
        if part not in figure.hidden:
            kinds: dict[Kind, int] = dict.fromkeys(_at(figure.unit, _sorts(figure.definition.id)[part]), 1)
            kinds |= {
                _Change(number, grade): 1 if change > 0 else -1
                for grade, change in changes.items()
                if part in {grade, TOTAL}
            }
            yield Told(people, kinds)


def _changes(figure: Figure, count: Count) -> dict[str, int]:
    """Return by how many people of each grade a figure differs from the count of today."""
    today = dict(count(figure.definition, figure.unit))
    return {grade: people - today[grade] for grade, people in figure.grades if people != today[grade]}


def _small_changes(figures: Sequence[Figure], count: Count) -> Iterator[Group]:
    for number, figure in enumerate(figures):
        for grade, change in _changes(figure, count).items():
            if is_small(abs(change), LEAST_SHOWN):
                yield Group(frozenset({_Change(number, grade)}), named=False)


def _small_groups(count: Count) -> Iterator[Group]:
    """Yield the small cells of every definition in the city and in its units, and the differences of two."""
    for unit in (None, *units()):
        values = {rule.id: _with_total(count(rule, unit)) for rule in definitions().values()}
        for rule, cells in values.items():
            for part, people in cells.items():
                if is_small(people, LEAST_SHOWN):
                    yield Group(_at(unit, _sorts(rule)[part]), named=True)
        for wide, narrow in permutations(values, 2):
            for part, sorts in _sorts(wide).items():
                within = _sorts(narrow)[part]
                if within < sorts and is_small(values[wide][part] - values[narrow][part], LEAST_SHOWN):
                    yield Group(_at(unit, sorts - within), named=False)


def _with_total(grades: Grades) -> dict[str, int]:
    return {**dict(grades), TOTAL: sum(count for _grade, count in grades)}


def _at(unit: str | None, sorts: frozenset[_Sort]) -> Kinds:
    """Return sorts of people where they are: the city is all its units."""
    return frozenset((place, sort) for place in (units() if unit is None else [unit]) for sort in sorts)


@cache
def _sorts(definition_id: str) -> Mapping[str, frozenset[_Sort]]:
    """Return the sorts of people a definition counts, by the parts of its figure."""
    rules = definitions()
    codes = {"", *(code for rule in rules.values() for code in rule.without_codes)}
    grades = [grade.value for grade in VERIFIERS]
    every = [
        _Sort(grade, code, "2026-01", year) for grade in grades for code in codes for year in ("2026", "2025")
    ]
    covered = frozenset(sort for sort in every if rules[definition_id].covers(sort))
    return {
        **{grade: frozenset(sort for sort in covered if sort.grade == grade) for grade in grades},
        TOTAL: covered,
    }
