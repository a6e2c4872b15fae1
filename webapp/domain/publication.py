"""What a published column may show: no cell from which one person could be found."""

from collections.abc import Sequence

from webapp.domain.suppression import Key, Sum, suppress

LEAST_SHOWN = 5
"""Counts below this are not published (UX: small cells)."""
HIDDEN = "＊"
"""Stands where a figure was left out, small or not: two signs would tell the small ones from the others."""


def publishable(counts: Sequence[int]) -> list[int | str]:
    """Return the cells of a column whose sum is published too, small ones hidden.

    So that none can be had by subtraction, others are hidden with them.

    >>> publishable([3, 12, 40])
    ['＊', '＊', 40]
    """
    values: dict[Key, int] = {**dict(enumerate(counts)), "all": sum(counts)}
    hidden = suppress(values, [Sum("all", tuple(range(len(counts))))], least=LEAST_SHOWN)
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)]
