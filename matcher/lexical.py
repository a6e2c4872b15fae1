"""Words of documents as sparse columns: BM25 and weighted overlap under a mask.

Okapi BM25 (Robertson & Zaragoza 2009) with a fixed pivot instead of the collection's mean length
and document frequencies counted over living rows at search time. So a document's stored weights
never depend on its neighbours: adding or removing one is exact, in any order, across segments.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from sys import intern

import numpy as np
import numpy.typing as npt
import rjieba
from scipy import sparse

COLUMNS = 1 << 18
SATURATION = 1.2
LENGTH_WEIGHT = 0.75
PIVOT = 200.0
MANY_WORDS, COMMON = 32, 0.2
"""In a text of many words, those that every fifth document holds tell next to nothing and cost most."""

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@lru_cache(512)
def words(text: str) -> tuple[str, ...]:
    """Cut a text into the words under which it can be found, in any script; equal words are one object."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return tuple(intern(word) for word in rjieba.cut_for_search(folded) if any(map(str.isalnum, word)))


@dataclass(frozen=True)
class TermMatrix:
    """Weights of terms (columns) in documents (rows), read by column."""

    matrix: sparse.csc_array

    @classmethod
    def of(cls, rows: Sequence[Mapping[int, float]], columns: int) -> TermMatrix:
        """Build from one mapping of column to weight a row."""
        lengths = [len(row) for row in rows]
        indices = np.fromiter((c for row in rows for c in row), np.int32, sum(lengths))
        values = np.fromiter((v for row in rows for v in row.values()), np.float32, sum(lengths))
        indptr = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        shape = (len(rows), columns)
        return cls(sparse.csr_array((values, indices, indptr), shape=shape).tocsc())

    @classmethod
    def merged(cls, parts: Iterable[tuple[TermMatrix, npt.NDArray[np.int64]]]) -> TermMatrix:
        """Stack the chosen rows of several matrices."""
        chosen = [part.matrix.tocsr()[rows] for part, rows in parts]
        return cls(sparse.vstack(chosen, format="csc"))

    def column(self, which: int) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the rows that hold a term and its weights there."""
        start, end = self.matrix.indptr[which], self.matrix.indptr[which + 1]
        return self.matrix.indices[start:end], self.matrix.data[start:end]

    @cached_property
    def totals(self) -> Floats:
        """Each row's sum of weights."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.float32).ravel()

    def overlap(self, columns: Iterable[int]) -> Floats:
        """Sum each row's weights over the given terms."""
        scores = np.zeros(self.matrix.shape[0], dtype=np.float32)
        for column in sorted(columns):
            rows, weights = self.column(column)
            scores[rows] += weights
        return scores


def word_matrix(texts: Sequence[str]) -> TermMatrix:
    """Index texts by word with saturated, length-normalised frequencies."""
    return TermMatrix.of([_saturated(words(text)) for text in texts], COLUMNS)


def bm25(parts: Sequence[tuple[TermMatrix, Mask]], query: str) -> list[Floats]:
    """Score every row of every part against a query; dead rows count for nothing."""
    wanted = sorted({column_of(word) for word in words(query)})
    scores = [np.zeros(len(alive), dtype=np.float32) for _, alive in parts]
    population = sum(int(alive.sum()) for _, alive in parts)
    most = population * (COMMON if len(wanted) > MANY_WORDS else 1)
    for column in wanted:
        hits = [matrix.column(column) for matrix, _ in parts]
        holding = sum(int(alive[rows].sum()) for (rows, _), (_, alive) in zip(hits, parts, strict=True))
        if holding > most:
            continue
        rarity = np.log1p((population - holding + 0.5) / (holding + 0.5))
        for total, (rows, weights) in zip(scores, hits, strict=True):
            total[rows] += np.float32(rarity) * weights
    return scores


def _saturated(found: Sequence[str]) -> dict[int, float]:
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * len(found) / PIVOT)
    counts = Counter(column_of(word) for word in found)
    return {col: n * (SATURATION + 1) / (n + norm) for col, n in counts.items()}


def column_of(word: str) -> int:
    """Return the column that stands for a word."""
    return zlib.crc32(word.encode()) & (COLUMNS - 1)
