"""Reading order on a page: runs of text with their places become lines a person would read.

Two columns are never interleaved, and a table's label stays beside its value. The page is cut into bands of
rows that share a vertical gutter; a band is read as columns only if both sides have lines of their own
(a date set flush right, or a label before its value, never stands alone).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.reading.headings import is_heading

_SAME_ROW = 0.35
_GUTTER = 1.0
_OWN_ROWS = 2
_CELL_GAP = 1.2
_WORD_GAP = 0.25

Interval = tuple[float, float]


@dataclass(frozen=True)
class Run:
    """Characters set one after the other on one line."""

    text: str
    left: float
    right: float
    middle: float
    height: float


Row = list[Run]


def reading_order(runs: Iterable[Run]) -> list[str]:
    """Return the page's lines in the order a person reads them."""
    lines: list[str] = []
    rows = _rows(runs)
    while rows:
        band, gutter = _band(rows)
        rows = rows[len(band) :]
        lines += _columns(band, gutter) if gutter is not None else [_line(row) for row in band]
    return lines


def _rows(runs: Iterable[Run]) -> list[Row]:
    """Group runs whose middles meet into rows, top first, each from left to right."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: (-run.middle, run.left)):
        last = rows[-1][0] if rows else None
        if last and abs(last.middle - run.middle) < _SAME_ROW * min(last.height, run.height):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _band(rows: Sequence[Row]) -> tuple[Sequence[Row], float | None]:
    """Return the longest leading rows that share gutters, and where they part if they are columns."""
    edges = (min(row[0].left for row in rows), max(run.right for row in rows for run in row))
    shared = _free(rows[0], edges)
    count = 1
    for row in rows[1:]:
        narrowed = _common(shared, _free(row, edges), _GUTTER * row[0].height)
        if not narrowed:
            break
        shared, count = narrowed, count + 1
    band = rows[:count]
    middles = [(left + right) / 2 for left, right in shared]
    return band, next((middle for middle in middles if _is_gutter(band, middle)), None)


def _free(row: Row, edges: Interval) -> list[Interval]:
    """Return the stretches of a row without text, from one margin of the page to the other."""
    stops = [edges[0], *(edge for run in row for edge in (run.left, run.right)), edges[1]]
    return [(left, right) for left, right in zip(stops[::2], stops[1::2], strict=True) if right > left]


def _common(ours: list[Interval], theirs: list[Interval], width: float) -> list[Interval]:
    """Return where two lists of stretches overlap by at least ``width``."""
    both = ((max(a, c), min(b, d)) for a, b in ours for c, d in theirs)
    return [(left, right) for left, right in both if right - left >= width]


def _is_gutter(band: Sequence[Row], middle: float) -> bool:
    """Say whether the text on both sides of ``middle`` reads as two columns."""
    left, right = _sides(band, middle)
    only_left = sum(bool(a) and not b for a, b in zip(left, right, strict=True))
    only_right = sum(bool(b) and not a for a, b in zip(left, right, strict=True))
    if only_left >= _OWN_ROWS and only_right >= _OWN_ROWS:
        return True
    return any(_has_heading(row) for row in left) and any(_has_heading(row) for row in right)


def _has_heading(row: Row) -> bool:
    return any(is_heading(run.text) for run in row)


def _sides(band: Sequence[Row], middle: float) -> tuple[list[Row], list[Row]]:
    """Split each row at ``middle``."""
    left = [[run for run in row if run.right <= middle] for row in band]
    right = [[run for run in row if run.right > middle] for row in band]
    return left, right


def _columns(band: Sequence[Row], gutter: float) -> list[str]:
    """Read the rows above the second column first, then the left column, then the right one."""
    left, right = _sides(band, gutter)
    start = max(next(i for i, row in enumerate(side) if row) for side in (left, right))
    lines = [_line(row) for row in band[:start]]
    for side in (left, right):
        lines += reading_order(run for row in side[start:] for run in row)
    return lines


def _line(row: Row) -> str:
    """Write a row as text; a wide gap between two runs is a cell's border."""
    parts = [row[0].text]
    for before, run in pairwise(row):
        gap = (run.left - before.right) / run.height
        parts.append(("  " if gap > _CELL_GAP else " " if gap > _WORD_GAP else "") + run.text)
    return "".join(parts)
