"""Nearest vectors by inner product, under a filter."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.documents import Vector

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class VectorIndex(Protocol):
    """Vectors by row number; what comes after them is the caller's business."""

    def __len__(self) -> int:
        """Count the vectors."""

    def search(self, query: Vector, top: int, allowed: Mask) -> tuple[Rows, Vector]:
        """Return the best allowed rows, best first, with their inner products."""

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""
