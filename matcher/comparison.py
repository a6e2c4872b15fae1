"""What a collection holds of documents, and beside what it should hold: as arrays, some documents at a time.

A text is not read again: its mark tells whether it is the one that was read, and that one was encoded too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Generic

import numpy as np
import numpy.typing as npt

from matcher.collection import Collection, State
from matcher.columns import Columns, Mask, Sets
from matcher.documents import Document, Vector
from matcher.index import Rows
from matcher.readings import Reading, mark
from matcher.segments import Schema
from matcher.skills import Vocabulary


class Part(Enum):
    """What is held of a document."""

    VECTOR = auto()
    ATTRIBUTES = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Held(Generic[Document]):
    """The living rows of a state by id: ``ids`` rise, and a row's place is that of its id."""

    schema: Schema[Document]
    state: State
    rows: Rows
    ids: Rows

    @classmethod
    def of(cls, collection: Collection[Document]) -> Held[Document]:
        """Look at what a collection holds now."""
        state = collection.state
        rows = np.flatnonzero(state.alive) if len(state) else np.empty(0, np.int64)
        ids = state.ids[rows] if len(state) else rows
        order = np.argsort(ids)
        return cls(collection.schema, state, rows[order], ids[order])

    def places(self, ids: Sequence[int]) -> Rows:
        """Return the place of each id: -1 where it is not held."""
        if not len(self.ids):
            return np.full(len(ids), -1)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[places] == ids, places, -1)

    def read(self, document: Document, vocabulary: Vocabulary) -> tuple[Vector, Reading] | None:
        """Return the vector and the reading of a document that is held as it is now."""
        (place,) = self.places([document.id])
        if place < 0:
            return None
        (reading,) = self.state.readings([int(self.rows[place])], [document], vocabulary)
        return None if reading is None else (self.state.vectors(self.rows[place : place + 1])[0], reading)

    def unlike(
        self, places: Rows, documents: Sequence[Document], vectors: Vector
    ) -> Iterator[tuple[Part, Mask]]:
        """Tell for each part which of the rows at some places are not what documents and vectors say."""
        rows = self.rows[places]
        yield Part.VECTOR, (self.state.vectors(rows) != vectors).any(axis=1)
        held, given = self._columns.taken(rows), self.schema.columns(documents)
        differing = [held[name] != given[name] for name in given.arrays]
        differing += [_written(held.sets[name]) != _written(given.sets[name]) for name in given.sets]
        yield Part.ATTRIBUTES, np.any(differing, axis=0)
        marks = np.fromiter(map(mark, documents), np.uint32, len(documents))
        yield Part.TEXT, self._marks[rows] != marks

    @cached_property
    def _columns(self) -> Columns:
        return Columns.stacked([segment.columns for segment in self.state.segments])

    @cached_property
    def _marks(self) -> npt.NDArray[np.uint32]:
        return np.concatenate([segment.readings.marks for segment in self.state.segments])


def _written(sets: Sets) -> npt.NDArray[np.bytes_]:
    return sets.distinct[sets.which]
