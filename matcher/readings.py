"""What was read in documents, kept beside their vectors, so that no search reads a text twice.

Everything lies end to end in flat arrays that a process may map from disk: a document's words with their
counts and weights, and what it says of each skill. ``mark`` names the very text that was read; where a
document has changed since, it is read anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.documents import PostingDocument, ResumeDocument, Span
from matcher.evidence import Evidence, Source
from matcher.rarity import WeighedText
from matcher.skills import Vocabulary

READ_VERSION = "2"
"""Name of how documents are read: whatever changes words' weights or what is said of skills changes it."""

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]

_FIELDS = ("text", "requirements", "duties", "skills")
_REQUIRED, _PLUS = 1, 2
_NOWHERE = 1 << 30
_SAID = np.dtype(
    [
        ("term", np.int32),
        ("strength", np.float64),
        ("how", np.uint8),
        ("field", np.uint8),
        ("start", np.int32),
        ("end", np.int32),
    ]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One document, read: its words, and what it shows or asks skill by skill."""

    words: WeighedText
    skills: Mapping[str, Evidence]


@dataclass(frozen=True)
class Ragged:
    """Rows of any length end to end: row r is ``[starts[r]:starts[r + 1]]`` of every part."""

    starts: npt.NDArray[np.int64]
    parts: Mapping[str, Array]

    @classmethod
    def of(cls, lengths: npt.ArrayLike, parts: Mapping[str, Array]) -> Ragged:
        """Lay rows of known lengths end to end."""
        return cls(np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))), parts)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Return the length of each row."""
        return np.diff(self.starts)

    def places(self, rows: Rows) -> tuple[Rows, npt.NDArray[np.int64]]:
        """Return where all that belongs to some rows lies, and the bounds of each row among it."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        bounds = np.concatenate(([0], np.cumsum(lengths)))
        return np.repeat(self.starts[rows] - bounds[:-1], lengths) + np.arange(bounds[-1]), bounds

    def taken(self, rows: Rows) -> Ragged:
        """Return some rows."""
        places, bounds = self.places(rows)
        return Ragged(bounds, {name: part[places] for name, part in self.parts.items()})

    @classmethod
    def stacked(cls, many: Sequence[Ragged]) -> Ragged:
        """Return the rows of several, one after another."""
        return cls.of(
            np.concatenate([one.lengths for one in many]),
            {name: np.concatenate([one.parts[name] for one in many]) for name in many[0].parts},
        )


@dataclass(frozen=True)
class Readings:
    """What was read in many documents, by row."""

    marks: npt.NDArray[np.uint32]
    words: Ragged
    said: Ragged

    @classmethod
    def of(
        cls,
        documents: Sequence[PostingDocument | ResumeDocument],
        readings: Sequence[Reading],
        numbers: Mapping[str, int],
    ) -> Readings:
        """Lay readings out; ``numbers`` are those of the vocabulary's terms."""
        words = [reading.words for reading in readings]
        said = [[*_said(d, r.skills, numbers)] for d, r in zip(documents, readings, strict=True)]
        return cls(
            np.array([mark(document) for document in documents], dtype=np.uint32),
            Ragged.of(
                [len(one.columns) for one in words],
                {
                    "columns": np.concatenate([one.columns for one in words]),
                    "roots": np.concatenate([one.roots for one in words]),
                    "counts": np.concatenate([one.counts for one in words]),
                },
            ),
            Ragged.of(
                [*map(len, said)], {"said": np.array([one for row in said for one in row], dtype=_SAID)}
            ),
        )

    def __len__(self) -> int:
        return len(self.marks)

    def reading(
        self, row: int, document: PostingDocument | ResumeDocument, vocabulary: Vocabulary
    ) -> Reading | None:
        """Return what was read in a document; nothing where it is not the same text any more."""
        if self.marks[row] != mark(document):
            return None
        start, end = self.words.starts[row : row + 2]
        parts = self.words.parts
        words = WeighedText(
            parts["columns"][start:end], parts["roots"][start:end], parts["counts"][start:end]
        )
        start, end = self.said.starts[row : row + 2]
        heard = _Heard(document, self.said.parts["said"][start:end], vocabulary)
        return Reading(words, dict(heard) if isinstance(document, PostingDocument) else heard)

    def required(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Return each row's required terms of the vocabulary, once each: rows and numbers of terms."""
        said = self.said.parts["said"]
        rows = np.repeat(np.arange(len(self)), self.said.lengths)
        chosen = (said["term"] >= 0) & ((said["how"] & _REQUIRED) > 0)
        first = np.ones(len(said), dtype=np.bool_)
        first[1:] = (said["term"][1:] != said["term"][:-1]) | (rows[1:] != rows[:-1])
        return rows[chosen & first], said["term"][chosen & first]

    def taken(self, rows: Rows) -> Readings:
        """Return some rows."""
        return Readings(self.marks[rows], self.words.taken(rows), self.said.taken(rows))

    @classmethod
    def stacked(cls, parts: Sequence[Readings]) -> Readings:
        """Return the rows of several, one after another."""
        return cls(
            np.concatenate([part.marks for part in parts]),
            Ragged.stacked([part.words for part in parts]),
            Ragged.stacked([part.said for part in parts]),
        )

    def written(self) -> dict[str, Array]:
        """Return what ``read`` makes readings from, array by array."""
        return {
            "marks": self.marks,
            "words-lengths": self.words.lengths,
            **self.words.parts,
            "said-lengths": self.said.lengths,
            **self.said.parts,
        }

    @classmethod
    def read(cls, written: Mapping[str, Array]) -> Readings:
        """Make readings of what ``written`` returned."""
        words = {name: written[name] for name in ("columns", "roots", "counts")}
        return cls(
            written["marks"],
            Ragged.of(written["words-lengths"], words),
            Ragged.of(written["said-lengths"], {"said": written["said"]}),
        )


def mark(document: PostingDocument | ResumeDocument) -> int:
    """Name the text of a document that is read: another text has, but for one in billions, another mark."""
    if isinstance(document, PostingDocument):
        parts = (
            document.title,
            document.duties,
            document.requirements,
            *document.skills,
            "",
            *document.majors,
        )
    else:
        parts = (document.major, document.text, *document.skills, "", *document.wanted)
    return zlib.crc32("\x1f".join(parts).encode("utf-8", "surrogatepass"))


def _said(
    document: PostingDocument | ResumeDocument, skills: Mapping[str, Evidence], numbers: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    """Flatten what is said of skills; a term of no vocabulary is one of the document's own list."""
    listed = _listed(document)
    for term, evidence in skills.items():
        number = numbers[term] if term in numbers else -1 - listed.index(term)
        how = _REQUIRED * evidence.required + _PLUS * evidence.plus
        for span in evidence.spans:
            yield number, evidence.strength, how, _FIELDS.index(span.field), span.start, span.end


class _Heard(Mapping[str, Evidence]):
    """What a document says of skills, put into words only where it is asked for."""

    def __init__(
        self, document: PostingDocument | ResumeDocument, said: Array, vocabulary: Vocabulary
    ) -> None:
        self._document = document
        self._said = said
        self._vocabulary = vocabulary
        self._numbers: list[int] = said["term"].tolist()

    def __getitem__(self, term: str) -> Evidence:
        found: Evidence | None = self.get(term)
        if found is None:
            raise KeyError(term)
        return found

    def get(self, term: str, default: Any = None) -> Any:
        """Return what is said of a skill, without the detour by an error where nothing is."""
        number = self._number(term)
        if number not in self._numbers:
            return default
        first = self._numbers.index(number)
        said = self._said[first : first + self._numbers.count(number)].tolist()
        source: Source = "posting" if isinstance(self._document, PostingDocument) else "resume"
        spans = tuple(Span(source, _FIELDS[field], start, end) for *_, field, start, end in said)
        _, strength, how, *_ = said[0]
        return Evidence(strength, spans, bool(how & _REQUIRED), bool(how & _PLUS))

    def __iter__(self) -> Iterator[str]:
        names, own = self._vocabulary.names, _listed(self._document)
        return (names[one] if one >= 0 else own[-1 - one] for one in dict.fromkeys(self._numbers))

    def __len__(self) -> int:
        return len(dict.fromkeys(self._numbers))

    def _number(self, term: str) -> int:
        number = self._vocabulary.columns.get(term, _NOWHERE)
        own = _listed(self._document) if number == _NOWHERE else []
        return -1 - own.index(term) if term in own else number


def _listed(document: PostingDocument | ResumeDocument) -> list[str]:
    return [name.strip() for name in document.skills]
