"""A table's row as lines: labels beside their values, headings above what they head."""

import re
from collections.abc import Iterator, Sequence

from webapp.reading.headings import is_heading

_SPREAD_LABEL = re.compile(r"(?<=^[一-鿿])\s+(?=[一-鿿]$)")


def row_lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a row of short cells as one line; cells of several lines come one after the other."""
    filled = [[line.strip() for line in cell] for cell in cells if cell]
    if len(filled) > 1 and len(filled[0]) == 1 and is_heading(filled[0][0]):
        yield filled[0][0]
        filled = filled[1:]
    if all(len(cell) == 1 for cell in filled):
        yield "  ".join(_label(cell[0]) for cell in filled)
    else:
        yield from _stacked(filled)


def _stacked(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield cells of several lines; a one-line cell before them stays beside their first line."""
    pending = ""
    for cell in cells:
        if len(cell) == 1:
            pending += _label(cell[0]) + "  "
        else:
            yield pending + cell[0]
            yield from cell[1:]
            pending = ""
    if pending:
        yield pending.strip()


def _label(text: str) -> str:
    """Return a cell's text with the spaces inside a spread label taken out: "姓 名"."""
    return _SPREAD_LABEL.sub("", text)
