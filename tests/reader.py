"""A reader of published tables who works out what was left out, with integer programming."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from scipy.optimize import LinearConstraint, milp

from webapp.domain.suppression import Key, Sum, is_small


def given_away(
    values: Mapping[Key, int], sums: Sequence[Sum], hidden: Collection[Key], *, least: int
) -> dict[Key, tuple[int, int]]:
    """Return the small figures that cannot be both 0 and ``least``, with the lowest and highest they can be.

    The highest is looked for up to ``least``. Figures are whole people, so this reader knows at least as
    much as one with linear programming.
    """
    unknown = [key for key in values if key in hidden]
    place = {key: number for number, key in enumerate(unknown)}
    matrix, right = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for number, one in enumerate(sums):
        for key, sign in [(one.total, -1), *((part, 1) for part in one.parts)]:
            if key in place:
                matrix[number, place[key]] += sign
            else:
                right[number] -= sign * values[key]
    told = LinearConstraint(matrix, right, right)

    def furthest(key: Key, sign: int) -> int:
        aim, most = np.zeros(len(unknown)), np.full(len(unknown), np.inf)
        aim[place[key]], most[place[key]] = sign, least
        solved = milp(aim, integrality=np.ones(len(unknown)), bounds=(0, most), constraints=told)
        assert solved.success, solved.message
        return round(float(solved.x[place[key]]))

    small = [key for key, value in values.items() if is_small(value, least)]
    ranges = {
        key: (furthest(key, 1), furthest(key, -1)) if key in place else (values[key], values[key])
        for key in small
    }
    return {key: found for key, found in ranges.items() if found != (0, least)}
