"""Pages with drawn lines: what stands in a table's cell is read together, whatever its height."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.reading.cells import row_lines
from webapp.reading.layout import Run, reading_order


@dataclass(frozen=True)
class Rule:
    """A straight line: ``at`` its place across, from ``start`` to ``end`` along."""

    at: float
    start: float
    end: float


def page_lines(runs: Sequence[Run], horizontal: Iterable[Rule], vertical: Sequence[Rule]) -> Iterator[str]:
    """Yield a page's lines in reading order, cell by cell where lines are drawn between cells."""
    edges = sorted({float("inf"), float("-inf"), *(rule.at for rule in horizontal)}, reverse=True)
    loose: list[Run] = []
    for top, bottom in pairwise(edges):
        band = [run for run in runs if bottom <= run.middle < top]
        cells = _cells(band, vertical)
        if len(cells) > 1:
            yield from reading_order(loose)
            yield from row_lines([reading_order(cell) for cell in cells])
            loose = []
        else:
            loose += band
    yield from reading_order(loose)


def _cells(band: Sequence[Run], vertical: Sequence[Rule]) -> list[list[Run]]:
    """Part a band's runs at the upright lines drawn beside all of them; empty cells say nothing."""
    if not band:
        return []
    low, high = min(run.middle for run in band), max(run.middle for run in band)
    walls = sorted({rule.at for rule in vertical if rule.start <= low and high <= rule.end})
    edges = [float("-inf"), *walls, float("inf")]
    cells = (
        [run for run in band if left <= (run.left + run.right) / 2 < right] for left, right in pairwise(edges)
    )
    return [cell for cell in cells if cell]
