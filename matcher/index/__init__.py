"""Nearest vectors by inner product, under a filter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.documents import Vector
from matcher.rules import Rule

Halves = npt.NDArray[np.float16]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class VectorIndex(Protocol):
    """Vectors by row number, searched as is cheapest where they are; the rows never change."""

    def __len__(self) -> int:
        """Count the vectors."""

    @property
    def halves(self) -> Halves:
        """Return the stored vectors."""

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""

    def search(
        self, query: Vector, top: int, allowed: Mask, rules: Sequence[Rule] = ()
    ) -> tuple[Rows, Vector]:
        """Return the best allowed rows, best first, with their inner products.

        ``rules`` say what the mask says of rows that count, for an index that filters elsewhere.
        """

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""

    def make_lists(self, path: Path) -> bool:
        """Write lists of near vectors, if there are enough to need them."""
