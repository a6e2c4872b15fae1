"""Both sides of a comparison, each read once: vectors, words and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from matcher.documents import PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder, SentenceEncoder
from matcher.evidence import Evidence, Reader
from matcher.lexical import words
from matcher.rarity import Rarity, WeighedText, folded
from matcher.skills import Vocabulary
from matcher.text import posting_text, resume_text

_KEPT = 10_000


@dataclass(frozen=True)
class Wish:
    """A kind of work a graduate looks for; ``vector`` is there where the encoder is quick."""

    name: str
    words: frozenset[str]
    vector: Vector | None


@dataclass(frozen=True)
class Person:
    """A resume, read."""

    resume: ResumeDocument
    vector: Vector
    wishes: tuple[Wish, ...]
    text: str
    words: WeighedText
    shown: Mapping[str, Evidence]


@dataclass(frozen=True)
class Offer:
    """A posting, read: ``title`` is the vector of its title where the encoder is quick."""

    posting: PostingDocument
    title: Vector | None
    text: str
    words: WeighedText
    asked: Mapping[str, Evidence]


class Sides:
    """Reads resumes and postings; a posting that was read lately is not read again."""

    def __init__(self, vocabulary: Vocabulary, encoder: Encoder, rarity: Rarity) -> None:
        self._encoder = encoder
        self._quick = not isinstance(encoder, SentenceEncoder)
        self._rarity = rarity
        self.reader = Reader(vocabulary)
        self.offer = lru_cache(_KEPT)(self._offer)

    def person(self, resume: ResumeDocument, vector: Vector) -> Person:
        """Read a resume that this vector stands for."""
        text = resume_text(resume)
        names = [name for name in resume.wanted if name.strip()]
        vectors = self._encoder.encode(names) if names and self._quick else [None] * len(names)
        return Person(
            resume,
            vector,
            tuple(Wish(name, frozenset(words(name)), v) for name, v in zip(names, vectors, strict=True)),
            folded(text),
            self._rarity.read(text),
            self.reader.shown(resume),
        )

    def _offer(self, posting: PostingDocument) -> Offer:
        text = posting_text(posting)
        return Offer(
            posting,
            self._encoder.encode([posting.title])[0] if self._quick else None,
            folded(text),
            self._rarity.read(text),
            self.reader.asked(posting),
        )
