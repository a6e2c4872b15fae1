"""Inner-product search over half-precision rows by FAISS; the only place that imports it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from matcher.documents import Vector
from matcher.index import Mask, Rows
from matcher.index.planner import LISTS_FROM, Plan, lists_for, plan, rows_seen
from matcher.rules import Rule

faiss: Any = _faiss
"""Its stubs lag behind."""

Halves = npt.NDArray[np.float16]

CHUNK = 2048
"""So many gathered rows stay in a processor's cache while they are multiplied."""
WIDER = 2
"""Eight-bit codes propose so many times what is asked; full precision chooses among them."""
TRAINED_ON, ROUNDS = 64, 10

_OWN = threading.local()


class FaissIndex:
    """Rows that never change, searched as is cheapest (see ``planner``).

    The vectors may be memory-mapped, as may the lists: processes then share one copy.
    """

    def __init__(self, vectors: Halves, lists: Any = None) -> None:
        self.halves = vectors
        self._lists = lists

    @classmethod
    def open(cls, vectors: Halves, lists: Path | None) -> FaissIndex:
        """Search stored vectors, by their stored lists where there are any."""
        return cls(vectors, lists and faiss.read_index(str(lists), faiss.IO_FLAG_MMAP_IFC))

    def __len__(self) -> int:
        return len(self.halves)

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""
        return int(self.halves.shape[1])

    def search(
        self, query: Vector, top: int, allowed: Mask, rules: Sequence[Rule] = ()
    ) -> tuple[Rows, Vector]:
        """Return the best allowed rows, best first, with their inner products."""
        del rules  # the mask says it all
        passing = int(np.count_nonzero(allowed))
        match plan(passing, len(self), listed=self._lists is not None):
            case Plan.GATHER:
                return self.ordered(query, top, np.flatnonzero(allowed))
            case Plan.FLAT:
                chosen = faiss.SearchParameters(sel=_selector(allowed)) if passing < len(self) else None
                return _best_first(*_found(self._flat, query, min(top, passing), chosen))
            case Plan.LISTS:
                return self.ordered(query, top, self._by_lists(query, WIDER * top, allowed, passing))

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows."""
        return self.halves[rows].astype(np.float32)

    def make_lists(self, path: Path) -> bool:
        """Write lists of near vectors, if there are enough to need them: half a minute a million."""
        if len(self) < LISTS_FROM:
            return False
        lists = faiss.index_factory(
            self.dimension, f"IVF{lists_for(len(self))},SQ8", faiss.METRIC_INNER_PRODUCT
        )
        lists.cp.niter = ROUNDS
        drawn = np.random.default_rng(len(self)).permutation(len(self))[: TRAINED_ON * lists.nlist]
        lists.train(self.vectors(np.sort(drawn)))
        for start in range(0, len(self), LISTS_FROM):
            lists.add(self.halves[start : start + LISTS_FROM].astype(np.float32))
        faiss.write_index(lists, str(path))
        return True

    def ordered(self, query: Vector, top: int, rows: Rows) -> tuple[Rows, Vector]:
        """Return the best of some rows: copied chunk by chunk to where FAISS multiplies halves.

        A row's product is the same to the last bit as in a scan, so no score depends on the plan.
        """
        index, place = _desk(self.dimension)
        codes = self.halves.view(np.dtype((np.void, 2 * self.dimension))).ravel()
        kept = []
        for start in range(0, max(1, len(rows)), CHUNK):
            chunk = rows[start : start + CHUNK]
            codes.take(chunk, out=place[: len(chunk)], mode="clip")
            index.ntotal = len(chunk)
            near, scores = _found(index, query, min(top, len(chunk)))
            kept.append((chunk[near], scores))
        found, scores = (np.concatenate(part) for part in zip(*kept, strict=True))
        best, scores = _best_first(found, scores)
        return best[:top], scores[:top]

    def _by_lists(self, query: Vector, top: int, allowed: Mask, passing: int) -> Rows:
        lists = self._lists
        chosen = faiss.SearchParametersIVF(
            sel=_selector(allowed),
            nprobe=lists.nlist,
            max_codes=rows_seen(passing, len(self)),
            ensure_topk_full=True,
        )
        return _found(lists, query, top, chosen)[0]

    @cached_property
    def _flat(self) -> Any:
        index = _halves_index(self.dimension)
        index.add_sa_codes(self.halves.view(np.uint8))
        return index


def _halves_index(dimension: int) -> Any:
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True  # halves are stored as they are: there is nothing to learn
    return index


def _desk(dimension: int) -> tuple[Any, npt.NDArray[np.void]]:
    """Return this thread's index of one chunk, and its codes to be written over."""
    desks = _OWN.__dict__.setdefault("desks", {})
    if dimension not in desks:
        index = _halves_index(dimension)
        index.add_sa_codes(np.zeros((CHUNK, 2 * dimension), dtype=np.uint8))
        codes = faiss.rev_swig_ptr(index.codes.data(), CHUNK * 2 * dimension)
        desks[dimension] = index, codes.view(np.dtype((np.void, 2 * dimension)))
    return desks[dimension]  # type: ignore[no-any-return]


def _found(index: Any, query: Vector, top: int, chosen: Any = None) -> tuple[Rows, Vector]:
    if top < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
    scores, rows = index.search(query[None, :], top, params=chosen)
    there = np.count_nonzero(rows[0] >= 0)  # what is missing stands last
    return rows[0, :there], scores[0, :there]


def _best_first(rows: Rows, scores: Vector) -> tuple[Rows, Vector]:
    """Order by score, equal scores by row."""
    order = np.lexsort((rows, -scores))
    return rows[order], scores[order]


def _selector(allowed: Mask) -> Any:
    bits = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(bits)
    selector.bits_kept = bits  # FAISS keeps only the pointer
    return selector
