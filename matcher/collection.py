"""A searchable collection of one side: vectors, words, skills and attributes, no documents.

Searches read one immutable state; a change builds the next state and swaps it in, so no search
ever sees half a change. Rows live in segments; a small new segment is merged into its neighbour once
it has grown to half its size, so a change costs about its own length. The first is usually a snapshot,
mapped from disk and shared with the other processes of the machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic

import numpy as np
import numpy.typing as npt

from matcher import snapshot
from matcher.columns import Floats, Mask
from matcher.documents import Document, Entry, PostingDocument, ResumeDocument, Vector
from matcher.errors import WrongDimension
from matcher.index import Rows, VectorIndex
from matcher.index.faiss_index import FaissIndex
from matcher.index.milvus_index import MilvusService
from matcher.lexical import Asked
from matcher.readings import Reading
from matcher.rules import Rule
from matcher.segments import Schema, Segment
from matcher.skills import Vocabulary
from matcher.steps import step

__all__ = ["Collection", "Schema", "State"]

MOST_WEIGHTS = 2_000_000
"""So many stored weights a search for words looks through; its commonest words wait for the finer look."""
FEW_ROWS = 2_000
LARGE, LITTLE = 20_000, 200
"""Of a large collection no new snapshot is written for changes of less than one row in so many."""
_LISTS = "lists.faiss"


@dataclass(frozen=True)
class State:
    """Everything a search needs, as it was after one change."""

    segments: tuple[Segment, ...] = ()
    watermark: int = 0

    def __len__(self) -> int:
        return sum(map(len, self.segments))

    def column(self, name: str) -> npt.NDArray[Any]:
        """Stack an attribute of all segments."""
        return np.concatenate([segment.columns[name] for segment in self.segments])

    @cached_property
    def ids(self) -> Rows:
        """Return the id of each row."""
        return np.asarray(self.column("id"), dtype=np.int64)

    @cached_property
    def alive(self) -> Mask:
        """Tell which rows of all segments count."""
        return np.concatenate([segment.alive for segment in self.segments])

    @step("dense")
    def nearest(self, query: Vector, allowed: Mask, top: int, rules: Sequence[Rule] = ()) -> Rows:
        """Return the allowed rows whose vectors are nearest; ``rules`` are those that allow them."""
        found = [
            (rows + start, scores)
            for start, segment in self._placed()
            for here in [allowed[start : start + len(segment)]]
            for rows, scores in [segment.index.search(query, top, here, rules)]
        ]
        rows, scores = (np.concatenate(part) for part in zip(*found, strict=True))
        return self._ordered(rows, scores)[:top]

    @step("BM25")
    def words_in_common(self, query: str, allowed: Mask) -> Floats:
        """Score rows by the words they share with a text (BM25); those not allowed need no score."""
        asked = self._asked(query)
        if np.count_nonzero(allowed) <= FEW_ROWS:
            scores, rows = np.zeros(len(allowed), dtype=np.float32), np.flatnonzero(allowed)
            scores[rows] = self._common_words(asked, rows)
            return scores
        telling = asked.most_telling(MOST_WEIGHTS)
        columns = telling.columns.tolist()
        return np.concatenate([segment.words.weighed(columns, telling.rarity) for segment in self.segments])

    @step("BM25")
    def words_of(self, rows: Rows, query: str) -> Floats:
        """Score some rows by all the words they share with a text."""
        return self._common_words(self._asked(query), rows)

    @step("skills")
    def skills_in_common(self, wanted: Iterable[int], *, share: bool) -> Floats:
        """Score every row by the weight of skills it shares; ``share`` divides by what a row asks."""
        columns = sorted(wanted)
        return np.concatenate([segment.skills_in_common(columns, share=share) for segment in self.segments])

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of the given rows, in their order."""
        found = np.zeros((len(rows), self.segments[0].index.dimension), dtype=np.float32)
        for here, own, segment in self._apart(rows):
            found[here] = segment.index.vectors(own)
        return found

    @step("readings")
    def readings(
        self,
        rows: Sequence[int],
        documents: Sequence[PostingDocument] | Sequence[ResumeDocument],
        vocabulary: Vocabulary,
    ) -> list[Reading | None]:
        """Return what was read in the documents of rows; nothing where a text has changed since."""
        placed = [*self._placed()]
        own = np.searchsorted([start for start, _ in placed], rows, side="right") - 1
        found = []
        for which, row, document in zip(own.tolist(), rows, documents, strict=True):
            start, segment = placed[which]
            found.append(segment.readings.reading(row - start, document, vocabulary))
        return found

    def best(self, scores: Floats, allowed: Mask, top: int) -> Rows:
        """Order allowed rows by score, then by id, so that equal scores keep one order."""
        rows = np.flatnonzero(allowed)
        found = scores[rows]
        if len(rows) > top:
            near = found >= np.partition(found, len(rows) - top)[len(rows) - top]
            rows, found = rows[near], found[near]
        return self._ordered(rows, found)[:top]

    def _ordered(self, rows: Rows, scores: Floats) -> Rows:
        return rows[np.lexsort((self.ids[rows], -scores))]

    def _asked(self, query: str) -> Asked:
        def holding(columns: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
            return np.asarray(np.sum([segment.holding(columns) for segment in self.segments], axis=0))

        return Asked.of(query, int(np.count_nonzero(self.alive)), holding)

    def _common_words(self, asked: Asked, rows: Rows) -> Floats:
        scores = np.zeros(len(rows), dtype=np.float32)
        for here, own, segment in self._apart(rows):
            scores[here] = segment.words_in_common(asked, own)
        return scores

    def _apart(self, rows: Rows) -> Iterable[tuple[Mask, Rows, Segment]]:
        """Yield for each segment which of the rows are its own, and their places in it."""
        for start, segment in self._placed():
            here = (rows >= start) & (rows < start + len(segment))
            if here.any():
                yield here, rows[here] - start, segment

    def _placed(self) -> Iterable[tuple[int, Segment]]:
        start = 0
        for segment in self.segments:
            yield start, segment
            start += len(segment)


class Collection(Generic[Document]):
    """Resumes or postings that can be searched while they change."""

    def __init__(
        self,
        schema: Schema[Document],
        vocabulary: Vocabulary,
        identity: snapshot.Identity,
        service: MilvusService | None = None,
    ) -> None:
        self.schema: Schema[Document] = schema
        self._service = service
        self._vocabulary = vocabulary
        self._identity = identity
        self._writing = threading.Lock()
        self.state = State()

    @property
    def watermark(self) -> int:
        """Return the last change that is contained."""
        return self.state.watermark

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(segment.alive)) for segment in self.state.segments)

    def __contains__(self, id: int) -> bool:
        return any((s.columns["id"][s.alive] == id).any() for s in self.state.segments)

    def apply(self, upserts: Sequence[Entry[Document]], deleted: Iterable[int], watermark: int) -> None:
        """Add or replace entries, remove ids, and note the change they bring us to."""
        latest = {entry.document.id: entry for entry in upserts}
        self.take(self.read([latest[id] for id in sorted(latest)]), {*deleted} | latest.keys(), watermark)

    def read(self, entries: Sequence[Entry[Document]]) -> list[Segment]:
        """Read new documents into what is searched, without taking it in: any process can."""
        if not entries:
            return []
        dimension = len(entries[0].vector)
        if dimension != self._identity.dimension:
            raise WrongDimension(expected=self._identity.dimension, found=dimension)
        return [Segment.of(self.schema, self._vocabulary, entries)]

    def take(self, fresh: Sequence[Segment], replaced: Iterable[int], watermark: int) -> None:
        """Take in what was read, in place of all there is of the ids given."""
        gone = np.array(sorted(replaced), dtype=np.int64)
        with self._writing:
            kept: list[Segment] = [segment.without(gone) for segment in self.state.segments]
            self.state = State(self._tidied([*kept, *fresh]), watermark)

    def save(self, folder: Path) -> None:
        """Write everything to disk for the next process, unless what is there needs hardly an addition."""
        state = self.state
        if self._hardly_changed(state):
            self._mirror(state.segments[0], state.segments[0].version)
            return
        living = int(np.count_nonzero(state.alive)) if state.segments else 0
        segment = Segment.merged(state.segments, self._vocabulary, self.schema.order) if living else None
        with snapshot.draft(folder, self._identity, count=living, watermark=state.watermark) as draft:
            for name, array in (segment.written() if segment else {}).items():
                draft.add(name, array)
            if segment:
                segment.index.make_lists(draft.path(_LISTS))
                self._mirror(segment, draft.version)

    def load(self, folder: Path) -> None:
        """Replace the content by a snapshot, refused by name where it is not ours."""
        found = snapshot.load(folder, self._identity)
        segments = (Segment.opened(found.arrays, self._index(found), found.version),) if found.count else ()
        with self._writing:
            self.state = State(segments, found.watermark)

    def clear(self) -> None:
        """Forget everything, half a snapshot included."""
        with self._writing:
            self.state = State()

    def _mirror(self, segment: Segment, version: str) -> None:
        if self._service:
            self._service.write(self.schema.name, version, segment.columns, segment.index.halves)

    def _index(self, found: snapshot.Snapshot) -> VectorIndex:
        local = FaissIndex.open(found.arrays["vectors"], found.files.get(_LISTS))
        return self._service.open(self.schema.name, found.version, local) if self._service else local

    def _tidied(self, segments: Sequence[Segment]) -> tuple[Segment, ...]:
        kept = [segment for segment in segments if segment.alive.any()]
        while len(kept) > 1 and len(kept[-1]) * 2 >= len(kept[-2]):
            kept[-2:] = [Segment.merged(kept[-2:], self._vocabulary)]
        return tuple(kept)

    @staticmethod
    def _hardly_changed(state: State) -> bool:
        if len(state) < LARGE or not state.segments[0].version:
            return False
        base = state.segments[0]
        changed = len(state) - len(base) + np.count_nonzero(~base.alive)
        return bool(changed * LITTLE < len(base))
