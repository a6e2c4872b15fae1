"""A schematic map of the city: one tile a unit, shaded by its figure; ``macros/map.html`` draws it.

Tiles say where a unit lies roughly, not how large it is: a small district in the centre is as easy to
read and to touch as a large one outside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from webapp.domain.programme import Tile

WIDTH, HEIGHT, GAP = 120, 84, 10
LEVELS = 4
WIDE_SIGN = "\u2e7f"
"""Signs beyond this are twice as wide as Latin letters."""
MARGIN, LETTER = 9, 7
"""Room left beside a name, and the width of a Latin letter."""
BRACKETS = re.compile(r"（.*|\s\(.*")
"""What stands in brackets behind a name finds no room in a tile."""


@dataclass(frozen=True)
class Place:
    """One unit on the map.

    ``figure`` and ``share`` are said already; ``level`` is the shade from 0 to ``LEVELS``, None where the
    figure is hidden; ``zone`` marks a functional zone.
    """

    name: str
    figure: str
    share: str | None
    level: int | None
    zone: bool
    tile: Tile
    url: str | None = None

    @property
    def x(self) -> int:
        """Return the left edge."""
        return self.tile.column * (WIDTH + GAP)

    @property
    def y(self) -> int:
        """Return the upper edge."""
        return self.tile.row * (HEIGHT + GAP)

    @property
    def width(self) -> int:
        """Return how wide the tile is."""
        return self.tile.width * (WIDTH + GAP) - GAP

    @property
    def lines(self) -> Sequence[str]:
        """Return the name without its brackets on at most two lines."""
        short = BRACKETS.sub("", self.name)
        letters = (self.width - 2 * MARGIN) // LETTER
        wide = any(sign > WIDE_SIGN for sign in short)
        return wrap(short, letters // 2 if wide else letters, max_lines=2, placeholder="…")


def level_of(value: int, largest: int) -> int:
    """Return the shade of a figure: 0 for nobody, else its quarter of the largest."""
    return -(-value * LEVELS // largest) if largest else 0


def bounds(largest: int) -> Sequence[tuple[int, int]]:
    """Return the least and the largest figure of each shade from 1 up, shades without any left out."""
    edges = [largest * level // LEVELS for level in range(LEVELS + 1)]
    return [(low + 1, high) for low, high in pairwise(edges) if low < high]
