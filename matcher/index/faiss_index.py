"""Exact inner-product search by FAISS; the only place that imports it."""

from __future__ import annotations

import faiss
import numpy as np

from matcher.documents import Vector
from matcher.index import Mask, Rows
from matcher.index.planner import Plan, plan


class FaissFlatIndex:
    """A flat index over rows that never change."""

    def __init__(self, vectors: Vector) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vector, top: int, allowed: Mask) -> tuple[Rows, Vector]:
        """Return the best allowed rows, best first, with their inner products."""
        passing = np.flatnonzero(allowed)
        if plan(len(passing), len(self)) is Plan.GATHER:
            return self._gather(query, top, passing)
        bitmap = np.packbits(allowed, bitorder="little")  # FAISS keeps only the pointer
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type] # stubs lag behind
        chosen = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # the same
        scores, rows = self._index.search(query[None, :], min(top, len(passing)), params=chosen)
        return rows[0], scores[0]

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)

    def _gather(self, query: Vector, top: int, passing: Rows) -> tuple[Rows, Vector]:
        scores = self.vectors(passing) @ query
        best = np.argsort(-scores, kind="stable")[:top]
        return passing[best], scores[best]
