"""A searchable collection of one side: vectors, words, skills and attributes, no documents.

Searches read one immutable state; a change builds the next state and swaps it in, so no search
ever sees half a change. Rows live in segments, each sorted by id; a small new segment is merged
into its neighbour once it has grown to half its size, so a change costs about its own length.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Generic

import numpy as np
from scipy import sparse

from matcher import snapshot
from matcher.documents import Conditions, Document, Entry, Refusal, Vector
from matcher.eligibility import Columns, Mask
from matcher.encoder import as_stored
from matcher.errors import WrongDimension
from matcher.index import Rows, VectorIndex
from matcher.index.faiss_index import FaissFlatIndex
from matcher.lexical import Floats, TermMatrix, bm25, word_matrix
from matcher.skills import Vocabulary
from matcher.steps import step

Refuses = Callable[[Columns, Conditions, date], Mapping[Refusal, Mask]]


@dataclass(frozen=True)
class Schema(Generic[Document]):
    """How one side is laid out: its name, columns, text, asked or offered skills, conditions."""

    name: str
    columns: Callable[[Sequence[Document]], Columns]
    text: Callable[[Document], str]
    skills: Callable[[Document], Iterable[str]]
    refuses: Refuses


@dataclass(frozen=True)
class Segment:
    """Rows that never change, sorted by id; ``alive`` tells which still count."""

    columns: Columns
    index: VectorIndex
    words: TermMatrix
    skills: TermMatrix
    alive: Mask

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(frozen=True)
class State:
    """Everything a search needs, as it was after one change."""

    segments: tuple[Segment, ...] = ()
    watermark: int = 0

    @cached_property
    def columns(self) -> Columns:
        """Stack the attribute rows of all segments."""
        return np.concatenate([segment.columns for segment in self.segments])

    @cached_property
    def alive(self) -> Mask:
        """Tell which rows of all segments count."""
        return np.concatenate([segment.alive for segment in self.segments])

    @step("dense")
    def nearest(self, query: Vector, allowed: Mask, top: int) -> Rows:
        """Return the allowed rows whose vectors are nearest."""
        scores = np.full(len(allowed), -np.inf, dtype=np.float32)
        for start, segment in self._placed():
            mask = allowed[start : start + len(segment)]
            if mask.any():
                rows, found = segment.index.search(query, top, mask)
                scores[rows + start] = found
        return self.best(scores, np.isfinite(scores), top)

    @step("BM25")
    def words_in_common(self, query: str) -> Floats:
        """Score every row by the words it shares with a text (BM25); nothing in common is 0."""
        return np.concatenate(bm25([(segment.words, segment.alive) for segment in self.segments], query))

    @step("skills")
    def skills_in_common(self, wanted: Iterable[int], *, share: bool) -> Floats:
        """Score every row by the weight of skills it shares; ``share`` divides by what a row asks."""
        columns = sorted(wanted)
        return np.concatenate([_overlap(segment.skills, columns, share=share) for segment in self.segments])

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows, in their order."""
        found = np.zeros((len(rows), self.segments[0].index.vectors(rows[:0]).shape[1]), dtype=np.float32)
        for start, segment in self._placed():
            here = (rows >= start) & (rows < start + len(segment))
            if here.any():
                found[here] = segment.index.vectors(rows[here] - start)
        return found

    def best(self, scores: Floats, allowed: Mask, top: int) -> Rows:
        """Order allowed rows by score, then by id, so that equal scores keep one order."""
        rows = np.flatnonzero(allowed)
        if len(rows) > top:
            edge = np.partition(scores[rows], len(rows) - top)[len(rows) - top]
            rows = rows[scores[rows] >= edge]
        return rows[np.lexsort((self.columns["id"][rows], -scores[rows]))][:top]

    def _placed(self) -> Iterable[tuple[int, Segment]]:
        start = 0
        for segment in self.segments:
            yield start, segment
            start += len(segment)


class Collection(Generic[Document]):
    """Resumes or postings that can be searched while they change."""

    def __init__(self, schema: Schema[Document], vocabulary: Vocabulary, identity: snapshot.Identity) -> None:
        self.schema: Schema[Document] = schema
        self._vocabulary = vocabulary
        self._identity = identity
        self._writing = threading.Lock()
        self.state = State()

    @property
    def watermark(self) -> int:
        """Return the last change that is contained."""
        return self.state.watermark

    def __len__(self) -> int:
        return sum(int(segment.alive.sum()) for segment in self.state.segments)

    def __contains__(self, id: int) -> bool:
        return any((s.columns["id"][s.alive] == id).any() for s in self.state.segments)

    def apply(self, upserts: Sequence[Entry[Document]], deleted: Iterable[int], watermark: int) -> None:
        """Add or replace entries, remove ids, and note the change they bring us to."""
        latest = {entry.document.id: entry for entry in upserts}
        gone = np.array(sorted({*deleted} | latest.keys()), dtype=np.int64)
        fresh: list[Segment] = self._segment([latest[id] for id in sorted(latest)])
        with self._writing:
            kept: list[Segment] = [_without(segment, gone) for segment in self.state.segments]
            self.state = State(_tidied(kept + fresh), watermark)

    def save(self, folder: Path) -> None:
        """Write everything to disk for the next process."""
        state = self.state
        segments = [_merged(state.segments)] if len(self) else []
        arrays = _arrays(segments[0]) if segments else {}
        snapshot.save(
            folder,
            self._identity,
            snapshot.Snapshot(arrays, len(segments[0]) if segments else 0, state.watermark),
        )

    def load(self, folder: Path) -> None:
        """Replace the content by a snapshot, refused by name where it is not ours."""
        found = snapshot.load(folder, self._identity)
        segments = (_from_arrays(found.arrays),) if found.count else ()
        with self._writing:
            self.state = State(segments, found.watermark)

    def clear(self) -> None:
        """Forget everything, half a snapshot included."""
        with self._writing:
            self.state = State()

    def _segment(self, entries: Sequence[Entry[Document]]) -> list[Segment]:
        if not entries:
            return []
        vectors = as_stored(np.stack([entry.vector for entry in entries]))
        if vectors.shape[1] != self._identity.dimension:
            raise WrongDimension(expected=self._identity.dimension, found=vectors.shape[1])
        documents = [entry.document for entry in entries]
        return [
            Segment(
                columns=self.schema.columns(documents),
                index=FaissFlatIndex(vectors),
                words=word_matrix([self.schema.text(document) for document in documents]),
                skills=TermMatrix.of([self._skills(d) for d in documents], len(self._vocabulary)),
                alive=np.ones(len(documents), dtype=np.bool_),
            )
        ]

    def _skills(self, document: Document) -> dict[int, float]:
        columns = self._vocabulary.columns
        return {
            columns[term]: self._vocabulary.weight(term)
            for term in self.schema.skills(document)
            if term in columns
        }


def _overlap(skills: TermMatrix, columns: Sequence[int], *, share: bool) -> Floats:
    scores = skills.overlap(columns)
    return np.asarray(scores / np.maximum(skills.totals, 1) if share else scores, np.float32)


def _without(segment: Segment, gone: Rows) -> Segment:
    hit = np.isin(segment.columns["id"], gone)
    return replace(segment, alive=segment.alive & ~hit) if hit.any() else segment


def _tidied(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    kept = [segment for segment in segments if segment.alive.any()]
    while len(kept) > 1 and len(kept[-1]) * 2 >= len(kept[-2]):
        kept[-2:] = [_merged(kept[-2:])]
    return tuple(kept)


def _merged(segments: Sequence[Segment]) -> Segment:
    """Join the living rows of segments, again sorted by id."""
    living = [np.flatnonzero(segment.alive) for segment in segments]
    columns = np.concatenate([s.columns[rows] for s, rows in zip(segments, living, strict=True)])
    vectors = np.concatenate(
        [segment.index.vectors(rows) for segment, rows in zip(segments, living, strict=True)]
    )
    order = np.argsort(columns["id"])
    words = TermMatrix.merged([(s.words, r) for s, r in zip(segments, living, strict=True)])
    skills = TermMatrix.merged([(s.skills, r) for s, r in zip(segments, living, strict=True)])
    return Segment(
        columns=columns[order],
        index=FaissFlatIndex(vectors[order]),
        words=TermMatrix.merged([(words, order)]),
        skills=TermMatrix.merged([(skills, order)]),
        alive=np.ones(len(columns), dtype=np.bool_),
    )


def _arrays(segment: Segment) -> snapshot.Arrays:
    arrays = {
        "columns": segment.columns,
        "vectors": segment.index.vectors(np.arange(len(segment))).astype(np.float16),
    }
    for name, part in (("words", segment.words), ("skills", segment.skills)):
        matrix = part.matrix
        arrays |= {
            f"{name}-values": matrix.data,
            f"{name}-rows": matrix.indices,
            f"{name}-starts": matrix.indptr,
        }
    return arrays


def _from_arrays(arrays: snapshot.Arrays) -> Segment:
    columns = arrays["columns"]
    matrices = []
    for name in ("words", "skills"):
        starts = arrays[f"{name}-starts"]
        content = (arrays[f"{name}-values"], arrays[f"{name}-rows"], starts)
        matrices.append(sparse.csc_array(content, shape=(len(columns), len(starts) - 1)))
    return Segment(
        columns=columns,
        index=FaissFlatIndex(arrays["vectors"].astype(np.float32)),
        words=TermMatrix(matrices[0]),
        skills=TermMatrix(matrices[1]),
        alive=np.ones(len(columns), dtype=np.bool_),
    )
