"""Inner-product search over half-precision rows by FAISS; the only place that imports it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from matcher.documents import Vector
from matcher.index import Halves, Mask, Rows
from matcher.index.planner import LISTS_FROM, Plan, lists_for, plan, rows_seen
from matcher.rules import Rule

faiss: Any = _faiss
"""Its stubs lag behind."""

Codes = npt.NDArray[np.void]
"""Halves as FAISS takes them, a row a number."""

CHUNK = 1024
"""So many gathered rows stay in a processor's cache while they are multiplied."""
WIDER = 2
"""Eight-bit codes propose so many times what is asked; full precision chooses among them."""
TRAINED_ON, ROUNDS = 64, 10

_OWN = threading.local()
_at = faiss.swig_ptr


class FaissIndex:
    """Rows that never change, searched as is cheapest (see ``planner``).

    The vectors may be memory-mapped, as may the lists: processes then share one copy.
    """

    def __init__(self, vectors: Halves, lists: Any = None) -> None:
        self.halves = vectors
        self._lists = lists
        self._codes: Codes = vectors.view(np.dtype((np.void, 2 * self.dimension))).ravel()

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
        cheapest = plan(passing, len(self), listed=self._lists is not None)
        if cheapest is Plan.GATHER:
            return self.ordered(query, top, np.flatnonzero(allowed))
        chosen = _selector(allowed) if passing < len(self) else None
        if cheapest is Plan.FLAT:
            return _desk(self.dimension).best(query, min(top, passing), [(self._codes, self._rows)], chosen)
        seen = rows_seen(passing, len(self))
        return self.ordered(query, top, self._by_lists(query, WIDER * top, chosen, seen))

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
        desk = _desk(self.dimension)
        return desk.best(query, min(top, len(rows)), desk.copied(self._codes, rows))

    def _by_lists(self, query: Vector, top: int, chosen: Any, seen: int) -> Rows:
        visits = faiss.SearchParametersIVF(
            sel=chosen, nprobe=self._lists.nlist, max_codes=seen, ensure_topk_full=True
        )
        rows: Rows = self._lists.search(query[None, :], top, params=visits)[1][0]
        return rows[rows >= 0]

    @cached_property
    def _rows(self) -> Rows:
        return np.arange(len(self))


class _Desk:
    """Where one thread multiplies: scanners of halves, and a place for rows that are copied together."""

    def __init__(self, dimension: int) -> None:
        halves = faiss.ScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16)
        self._scanner, self._choosing = (
            halves.select_InvertedListScanner(faiss.METRIC_INNER_PRODUCT, None, False, chosen, False)
            for chosen in (None, faiss.IDSelectorAll())
        )
        self._place = np.empty(CHUNK, dtype=np.dtype((np.void, 2 * dimension)))

    def copied(self, codes: Codes, rows: Rows) -> Iterator[tuple[Codes, Rows]]:
        """Yield some rows' codes chunk by chunk, one in the place of another."""
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            yield codes.take(chunk, out=self._place[: len(chunk)], mode="clip"), chunk

    def best(
        self, query: Vector, top: int, parts: Iterable[tuple[Codes, Rows]], chosen: Any = None
    ) -> tuple[Rows, Vector]:
        """Return the best of all parts, best first, equal scores by row."""
        query = np.ascontiguousarray(query, dtype=np.float32)
        rows, scores = np.zeros(top, dtype=np.int64), np.full(top, -np.inf, dtype=np.float32)
        kept, scanner = (_at(scores), _at(rows), top), self._scanner
        if chosen is not None:
            scanner = self._choosing
            scanner.sel = chosen
        scanner.set_query(_at(query))
        for codes, numbers in parts if top else ():
            scanner.scan_codes(len(numbers), _at(codes.view(np.uint8)), _at(numbers), *kept)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


def _desk(dimension: int) -> _Desk:
    """Return this thread's own, kept because Python frees no scanner."""
    desks: dict[int, _Desk] = _OWN.__dict__.setdefault("desks", {})
    if dimension not in desks:
        desks[dimension] = _Desk(dimension)
    return desks[dimension]


def _selector(allowed: Mask) -> Any:
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
