"""Words of documents as sparse columns: BM25 and weighted overlap under a mask.

Okapi BM25 (Robertson & Zaragoza 2009) with a fixed pivot instead of the collection's mean length
and document frequencies counted over living rows at search time. So a document's stored weights
never depend on its neighbours: adding or removing one is exact, in any order, across segments.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from sys import intern
from typing import Any

import numpy as np
import numpy.typing as npt
import rjieba
from scipy import sparse

from matcher.columns import Floats
from matcher.spill import spilled
from matcher.tokens import folded

COLUMNS = 1 << 18
SATURATION = 1.2
LENGTH_WEIGHT = 0.75
PIVOT = 200.0
MANY_WORDS, COMMON = 32, 0.2
"""In a text of many words, those that every fifth document holds tell next to nothing and cost most."""

Array = npt.NDArray[Any]


@lru_cache(512)
def words(text: str) -> tuple[str, ...]:
    """Cut a text into the words under which it can be found, in any script; equal words are one object."""
    return tuple(filter(None, map(_telling, rjieba.cut_for_search(folded(text)))))


@lru_cache(1 << 16)
def _telling(word: str) -> str:
    """Return a word that says something; nothing in place of a mark or a blank."""
    return intern(word) if any(map(str.isalnum, word)) else ""


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
        return cls.by_row(np.cumsum([0, *lengths]), indices, values, columns)

    @classmethod
    def by_row(cls, starts: Array, indices: Array, values: Floats, columns: int) -> TermMatrix:
        """Build from the columns and weights of all rows, end to end."""
        shape = (len(starts) - 1, columns)
        found = sparse.csr_array((values, indices, starts.astype(np.int32)), shape=shape).tocsc()
        return cls.stored(spilled(found.data), spilled(found.indices), found.indptr, len(starts) - 1)

    @classmethod
    def stored(cls, values: Floats, rows: Array, starts: Array, count: int) -> TermMatrix:
        """Take over what lies column by column, as it is."""
        return cls(sparse.csc_array((values, rows, starts), shape=(count, len(starts) - 1), copy=False))

    def column(self, which: int) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the rows that hold a term and its weights there."""
        start, end = self.matrix.indptr[which], self.matrix.indptr[which + 1]
        return self.matrix.indices[start:end], self.matrix.data[start:end]

    def holding(self, columns: Array) -> npt.NDArray[np.int64]:
        """Count the rows that hold each of some terms."""
        return np.asarray(self.matrix.indptr[columns + 1] - self.matrix.indptr[columns], dtype=np.int64)

    @cached_property
    def totals(self) -> Floats:
        """Each row's sum of weights."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.float32).ravel()

    def weighed(self, columns: Sequence[int], weights: Floats) -> Floats:
        """Sum each row's weights over some terms, times what each of these counts."""
        found = [self.column(column) for column in columns]
        if not found:
            return np.zeros(self.matrix.shape[0], dtype=np.float32)
        rows, values = (np.concatenate(part) for part in zip(*found, strict=True))
        starts = np.cumsum([0, *(len(rows) for rows, _ in found)], dtype=np.int32)
        return np.asarray(TermMatrix.stored(values, rows, starts, self.matrix.shape[0]).matrix @ weights)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a query by column, the rarest first: how telling each is, how many documents hold it."""

    columns: npt.NDArray[np.int32]
    rarity: Floats
    holding: npt.NDArray[np.int64]

    @classmethod
    def of(cls, query: str, population: int, holding: Callable[[Array], npt.NDArray[np.int64]]) -> Asked:
        """Weigh a query's words by the living documents that hold them."""
        columns = np.array(sorted({column_of(word) for word in words(query)}), dtype=np.int32)
        held = holding(columns)
        most = population * (COMMON if len(columns) > MANY_WORDS else 1)
        order = np.argsort(held, kind="stable")
        order = order[(held[order] > 0) & (held[order] <= most)]
        rarity = np.log1p((population - held[order] + 0.5) / (held[order] + 0.5))
        return cls(columns[order], rarity.astype(np.float32), held[order])

    def most_telling(self, weights: int) -> Asked:
        """Return the rarest words that so many stored weights speak of; at least one."""
        few = max(1, int(np.searchsorted(np.cumsum(self.holding), weights, side="right")))
        return Asked(self.columns[:few], self.rarity[:few], self.holding[:few])


def word_matrix(texts: Sequence[str]) -> TermMatrix:
    """Index texts by word with saturated, length-normalised frequencies."""
    found = [Counter(map(column_of, words(text))) for text in texts]
    counts = np.fromiter((n for row in found for n in row.values()), np.float32)
    lengths = np.repeat([row.total() for row in found], [*map(len, found)])
    columns = np.fromiter((column for row in found for column in row), np.int32)
    starts = np.cumsum([0, *map(len, found)])
    return TermMatrix.by_row(starts, columns, saturated(counts, lengths), COLUMNS)


def bm25(matrix: TermMatrix, query: str) -> Floats:
    """Score every row against a query."""
    asked = Asked.of(query, matrix.matrix.shape[0], matrix.holding)
    return matrix.weighed(asked.columns.tolist(), asked.rarity)


def saturated(counts: Array, lengths: Array) -> Floats:
    """Weigh how often a word is said in a text of so many words: each time adds less."""
    said = counts.astype(np.float32)
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths.astype(np.float32) / PIVOT)
    return np.asarray(said * np.float32(SATURATION + 1) / (said + norm), dtype=np.float32)


def column_of(word: str) -> int:
    """Return the column that stands for a word."""
    return zlib.crc32(word.encode()) & (COLUMNS - 1)
