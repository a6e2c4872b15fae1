"""Rows that never change, with everything a search looks at: attributes, vectors, words, skills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic

import numpy as np
import numpy.typing as npt

from matcher.columns import Columns, Floats, Mask
from matcher.documents import Document, Entry, Vector
from matcher.index import Halves, Rows, VectorIndex
from matcher.index.faiss_index import FaissIndex
from matcher.lexical import COLUMNS, Asked, TermMatrix, saturated
from matcher.readings import Ragged, Reading, Readings
from matcher.skills import Vocabulary
from matcher.spill import concatenated

Arrays = Mapping[str, npt.NDArray[Any]]
_PARTS = ("columns", "readings", "words", "skills")

BLOCK = 20_000
"""So many rows are joined at a time: some 70 MB."""


@dataclass(frozen=True)
class Schema(Generic[Document]):
    """How one side is laid out: columns, what is read, the order of stored rows."""

    name: str
    columns: Callable[[Sequence[Document]], Columns]
    read: Callable[[Document], Reading]
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Segment:
    """Rows that never change; ``alive`` tells which still count, ``version`` names their snapshot."""

    columns: Columns
    index: VectorIndex
    readings: Readings
    words: TermMatrix
    skills: TermMatrix
    alive: Mask
    version: str = ""

    @classmethod
    def of(
        cls, schema: Schema[Document], vocabulary: Vocabulary, entries: Sequence[Entry[Document]]
    ) -> Segment:
        """Lay out new documents, each read once."""
        documents = [entry.document for entry in entries]
        readings = [schema.read(document) for document in documents]
        piece = _piece(
            np.stack([entry.vector for entry in entries]).astype(np.float16),
            Readings.of(documents, readings, vocabulary.columns),
        )
        return cls.laid(schema.columns(documents), piece, vocabulary)

    @classmethod
    def laid(cls, columns: Columns, arrays: Arrays, vocabulary: Vocabulary) -> Segment:
        """Turn what was read row by row into what is searched term by term."""
        weights = np.array([skill.weight for skill in vocabulary.skills], dtype=np.float32)
        readings = Readings.read(arrays)
        terms = Ragged.of(arrays["terms-lengths"], {"terms": arrays["terms"]})
        return cls(
            columns,
            FaissIndex(arrays["vectors"]),
            readings,
            TermMatrix.by_row(
                readings.words.starts, readings.words.parts["columns"], arrays["weights"], COLUMNS
            ),
            TermMatrix.by_row(
                terms.starts, terms.parts["terms"], weights[terms.parts["terms"]], len(vocabulary)
            ),
            np.ones(len(columns), dtype=np.bool_),
        )

    @classmethod
    def merged(
        cls, segments: Sequence[Segment], vocabulary: Vocabulary, order: Sequence[str] = ()
    ) -> Segment:
        """Join the living rows of segments, sorted by the given columns and by id, a block at a time."""
        living = [np.flatnonzero(segment.alive) for segment in segments]
        columns = Columns.stacked(
            [segment.columns.taken(rows) for segment, rows in zip(segments, living, strict=True)]
        )
        sorted_rows = np.lexsort([columns["id"], *(columns[name] for name in reversed(order))])
        whose = np.repeat(np.arange(len(segments)), [*map(len, living)])[sorted_rows]
        own = np.concatenate(living)[sorted_rows]
        pieces = (
            _joined(segments, whose[start : start + BLOCK], own[start : start + BLOCK])
            for start in range(0, len(own), BLOCK)
        )
        return cls.laid(columns.taken(sorted_rows), concatenated(pieces), vocabulary)

    @classmethod
    def opened(cls, arrays: Arrays, index: VectorIndex, version: str) -> Segment:
        """Search what ``written`` returned; arrays may be mapped from disk."""
        parts: dict[str, dict[str, npt.NDArray[Any]]] = {part: {} for part in _PARTS}
        for name, array in arrays.items():
            part, _, own = name.partition(".")
            if part in parts:
                parts[part][own] = array
        count = len(index)
        words, skills = (
            TermMatrix.stored(found["values"], found["rows"], found["starts"], count)
            for found in (parts["words"], parts["skills"])
        )
        return cls(
            Columns.read(parts["columns"]),
            index,
            Readings.read(parts["readings"]),
            words,
            skills,
            np.ones(count, dtype=np.bool_),
            version=version,
        )

    def written(self) -> Arrays:
        """Return every array that ``opened`` needs, by name."""
        matrices = {"words": self.words.matrix, "skills": self.skills.matrix}
        parts = {"columns": self.columns.written(), "readings": self.readings.written()} | {
            name: {"values": matrix.data, "rows": matrix.indices, "starts": matrix.indptr}
            for name, matrix in matrices.items()
        }
        arrays = {f"{part}.{name}": array for part, own in parts.items() for name, array in own.items()}
        return arrays | {"vectors": self.index.halves}

    def __len__(self) -> int:
        return len(self.columns)

    def without(self, ids: Rows) -> Segment:
        """Return the same rows, those of the given ids dead."""
        hit = np.isin(self.columns["id"], ids)
        return replace(self, alive=self.alive & ~hit) if hit.any() else self

    def holding(self, columns: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """Count the living documents that say each of some words."""
        return self.words.holding(columns) - self._dead_words[columns]

    def words_in_common(self, asked: Asked, rows: Rows) -> Floats:
        """Score some rows by the words they share with a query, each word of theirs looked at once."""
        table = np.zeros(COLUMNS, dtype=np.float32)
        table[asked.columns] = asked.rarity
        places, bounds = self.readings.words.places(rows)
        parts = self.readings.words.parts
        rarity = table[parts["columns"][places]]
        own, counts = np.repeat(np.arange(len(rows)), np.diff(bounds)), parts["counts"][places]
        lengths = np.bincount(own, counts, len(rows))
        return np.bincount(own, rarity * saturated(counts, lengths[own]), len(rows)).astype(np.float32)

    def skills_in_common(self, columns: Iterable[int], *, share: bool) -> Floats:
        """Score every row by the weight of skills it shares; ``share`` divides by what a row asks."""
        chosen = sorted(columns)
        scores = self.skills.weighed(chosen, np.ones(len(chosen), dtype=np.float32))
        return np.asarray(scores / np.maximum(self.skills.totals, 1) if share else scores, np.float32)

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of some rows."""
        return self.index.vectors(rows)

    @cached_property
    def _dead_words(self) -> npt.NDArray[np.int64]:
        places, _ = self.readings.words.places(np.flatnonzero(~self.alive))
        return np.bincount(self.readings.words.parts["columns"][places], minlength=COLUMNS)


def _joined(segments: Sequence[Segment], whose: Rows, own: Rows) -> Arrays:
    """Take rows of several segments, each by its segment's number and its place there."""
    parts = [(segment, own[whose == number]) for number, segment in enumerate(segments)]
    back = np.argsort(np.argsort(whose, kind="stable"))
    return _piece(
        np.concatenate([segment.index.halves[rows] for segment, rows in parts])[back],
        Readings.stacked([segment.readings.taken(rows) for segment, rows in parts]).taken(back),
    )


def _piece(halves: Halves, readings: Readings) -> Arrays:
    """Return all that is laid out of some rows, none of it depending on other rows."""
    rows, terms = readings.required()
    return {
        "vectors": halves,
        "weights": _word_weights(readings),
        "terms": terms,
        "terms-lengths": np.bincount(rows, minlength=len(readings)),
        **readings.written(),
    }


def _word_weights(readings: Readings) -> Floats:
    words = readings.words
    counts = words.parts["counts"]
    sums = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return saturated(counts, np.repeat(np.diff(sums[words.starts]), words.lengths))
