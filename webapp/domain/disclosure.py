"""What a reader of published figures can tell about groups of people that none of them shows.

The reader knows what kinds of people there are and how many some kinds are together. Every distribution
of whole people that fits could be the true one. Integer programming (HiGHS) looks for the two that keep a
small group safe.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

Kind = Hashable
Kinds = frozenset[Kind]


class Contradiction(Exception):
    """No people could be as many as the figures say."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a figure tells: so many people are these kinds together; kinds may be taken off."""

    people: int
    kinds: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class Group:
    """A small group; ``named`` where a table has a cell for it, which says that it is small."""

    kinds: Kinds
    named: bool


def gives_away(told: Sequence[Told], groups: Collection[Group], *, least: int) -> bool:
    """Say whether a reader can tell that a group is small or, of a named one, that it is not empty.

    Otherwise there is a distribution for each in which it reaches ``least`` and, where it is named, one in
    which nobody belongs to it. Raises :class:`Contradiction` where none fits what was told.
    """
    reader = _Reader(told, groups)
    named = [group.kinds for group in groups if group.named]
    return not (
        _each(named, reader.fewest, lambda people: people == 0)
        and _each(
            [group.kinds for group in groups],
            lambda wanted: reader.most(wanted, least),
            lambda people: people >= least,
        )
    )


def _each(
    groups: Iterable[Kinds],
    distribution: Callable[[Sequence[Kinds]], Mapping[Kind, int]],
    enough: Callable[[int], bool],
) -> bool:
    """Say whether each group is enough in some distribution: asked for all that are left, then for one."""
    left = list(dict.fromkeys(groups))
    while left:
        for wanted in (left, left[:1]):
            found = distribution(wanted)
            short = [group for group in left if not enough(sum(found[kind] for kind in group))]
            if len(short) < len(left):
                break
        else:
            return False
        left = short
    return True


class _Reader:
    """Finds distributions that fit all that was told."""

    def __init__(self, told: Sequence[Told], groups: Iterable[Group]) -> None:
        kinds = {kind for group in groups for kind in group.kinds} | {
            kind for one in told for kind in one.kinds
        }
        self._place = {kind: number for number, kind in enumerate(kinds)}
        self._told = told

    def fewest(self, groups: Sequence[Kinds]) -> Mapping[Kind, int]:
        """Return a distribution in which the groups are as few people as can be, added up."""
        prices = [0] * len(self._place)
        for group in groups:
            for kind in group:
                prices[self._place[kind]] += 1
        return self._cheapest(prices)

    def most(self, groups: Sequence[Kinds], least: int) -> Mapping[Kind, int]:
        """Return a distribution in which they are as many as can be, each looked at up to ``least``."""
        return self._cheapest([0] * len(self._place), groups, least)

    def _cheapest(
        self, prices: list[int], groups: Sequence[Kinds] = (), least: int = 0
    ) -> Mapping[Kind, int]:
        """Return the cheapest distribution; each group has a number of its own, at most it and ``least``."""
        kinds, rows = len(prices), len(self._told)
        cells = {
            (row, self._place[kind]): sign
            for row, one in enumerate(self._told)
            for kind, sign in one.kinds.items()
        }
        for number, group in enumerate(groups):
            cells |= {(rows + number, self._place[kind]): 1 for kind in group}
            cells[rows + number, kinds + number] = -1
        numbers, people = kinds + len(groups), [one.people for one in self._told]
        matrix = coo_array(
            (list(cells.values()), ([row for row, _ in cells], [column for _, column in cells])),
            shape=(rows + len(groups), numbers),
        )
        solved = milp(
            [*prices, *([-1] * len(groups))],
            integrality=[1] * numbers,
            bounds=Bounds([0] * numbers, [inf] * kinds + [least] * len(groups)),
            constraints=LinearConstraint(
                matrix.tocsr(), [*people, *([0] * len(groups))], [*people, *([inf] * len(groups))]
            ),
        )
        if solved.x is None:
            raise Contradiction
        return dict(zip(self._place, map(round, solved.x[:kinds]), strict=True))
