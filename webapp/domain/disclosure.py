"""What a reader of published tables can tell about the figures left out of them.

Whoever knows the sums can think of every table that fits what is shown. A small figure is given away
unless it is nobody in one of those tables and reaches ``least`` in another. Integer programming (HiGHS)
answers that exactly: figures are whole people.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import inf

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from webapp.domain.suppression import Key, Sum, is_small

Table = Mapping[Key, float]


def given_away(
    values: Mapping[Key, int], sums: Sequence[Sum], hidden: Collection[Key], *, least: int
) -> Iterator[Key]:
    """Yield the small figures of which a reader can tell that they are somebody, or that they are few."""
    small = [key for key, value in values.items() if is_small(value, least)]
    unseen = [key for key in small if key in hidden]
    yield from (key for key in small if key not in hidden)
    tables = _Tables(values, sums, hidden)
    yield from _never(unseen, tables.lowest, lambda value: value < 1)
    yield from _never(unseen, lambda keys: tables.highest(keys, least), lambda value: value >= least)


def _never(
    keys: Collection[Key], found: Callable[[Collection[Key]], Table], enough: Callable[[float], bool]
) -> Iterator[Key]:
    """Yield the keys that are enough in no table: many are met by one table, the rest looked for singly."""
    waiting, together = dict.fromkeys(keys), True
    while waiting:
        wanted = list(waiting) if together else [next(iter(waiting))]
        table = found(wanted)
        met = [key for key in waiting if enough(round(table[key]))]
        if not together and wanted[0] not in met:
            yield wanted[0]
            met.append(wanted[0])
        together = together and bool(met)
        for key in met:
            del waiting[key]


class _Tables:
    """All tables of whole people that fit what is shown."""

    def __init__(self, values: Mapping[Key, int], sums: Sequence[Sum], hidden: Collection[Key]) -> None:
        self._place = {key: number for number, key in enumerate(key for key in values if key in hidden)}
        self._terms: list[tuple[int, int, int]] = []
        self._right: list[float] = []
        for one in sums:
            told = 0
            for key, sign in ((one.total, -1), *((part, 1) for part in one.parts)):
                if key in self._place:
                    self._terms.append((len(self._right), self._place[key], sign))
                else:
                    told -= sign * values[key]
            self._right.append(told)

    def lowest(self, keys: Collection[Key]) -> Table:
        """Return a table in which these figures are as few people together as can be."""
        return self._best({self._place[key]: 1 for key in keys})

    def highest(self, keys: Collection[Key], most: int) -> Table:
        """Return a table in which these figures are as many as can be, each looked at up to ``most``."""
        fresh = len(self._place)
        capped = [(self._place[key], fresh + number) for number, key in enumerate(keys)]
        return self._best({cap: -1 for _figure, cap in capped}, capped, most)

    def _best(
        self, price: Mapping[int, int], capped: Sequence[tuple[int, int]] = (), most: float = inf
    ) -> Table:
        """Return the cheapest table; of each pair the second number is at most the first, and ``most``."""
        count, sums = len(self._place) + len(capped), len(self._right)
        terms = [
            *self._terms,
            *((sums + row, figure, 1) for row, (figure, _cap) in enumerate(capped)),
            *((sums + row, cap, -1) for row, (_figure, cap) in enumerate(capped)),
        ]
        places = [row for row, _number, _sign in terms], [number for _row, number, _sign in terms]
        matrix = coo_array(([sign for *_place, sign in terms], places), shape=(sums + len(capped), count))
        solved = milp(
            [price.get(number, 0) for number in range(count)],
            integrality=[1] * count,
            bounds=Bounds([0] * count, [inf] * len(self._place) + [most] * len(capped)),
            constraints=LinearConstraint(
                matrix.tocsr(), [*self._right, *([0] * len(capped))], [*self._right, *([inf] * len(capped))]
            ),
        )
        if solved.x is None:
            raise ArithmeticError(solved.message)
        return dict(zip(self._place, solved.x, strict=False))
