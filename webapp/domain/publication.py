"""What a published table may show: no cell from which one person could be found."""

from collections.abc import Sequence

LEAST_SHOWN = 5
"""Counts below this are published as ＜5 (UX: small cells)."""


def publishable(counts: Sequence[int]) -> list[int | str]:
    """Return the cells of a column whose sum is published too, small ones hidden.

    A single hidden cell could be had by subtraction, so the next smallest is then hidden with it, as a
    bound that is still true.

    >>> publishable([3, 12, 40])
    ['＜5', '＜15', 40]
    """
    small = [place for place, count in enumerate(counts) if 0 < count < LEAST_SHOWN]
    cells: list[int | str] = list(counts)
    for place in small:
        cells[place] = f"＜{LEAST_SHOWN}"
    others = [place for place, count in enumerate(counts) if count >= LEAST_SHOWN]
    if len(small) == 1 and others:
        partner = min(others, key=counts.__getitem__)
        cells[partner] = f"＜{(counts[partner] // LEAST_SHOWN + 1) * LEAST_SHOWN}"
    return cells
