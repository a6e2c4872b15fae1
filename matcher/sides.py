"""Both sides of a comparison, each read once: vectors, words and skills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from matcher.documents import PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder, SentenceEncoder
from matcher.evidence import Evidence, Reader
from matcher.lexical import words
from matcher.rarity import Phrase, Rarity, WeighedText
from matcher.readings import Reading
from matcher.skills import Vocabulary
from matcher.text import posting_text, resume_text
from matcher.tokens import folded

_KEPT = 4_000
"""So many postings that no collection holds readings of are remembered, at about 20 KB each."""


@dataclass(frozen=True)
class Wish:
    """A kind of work a graduate looks for; ``vector`` is there where the encoder is quick."""

    name: str
    words: Phrase
    vector: Vector | None


@dataclass(frozen=True)
class Person:
    """A resume, read."""

    resume: ResumeDocument
    vector: Vector
    wishes: tuple[Wish, ...]
    words: WeighedText
    shown: Mapping[str, Evidence]

    @cached_property
    def text(self) -> str:
        """Return the text that stands for the resume, folded."""
        return folded(resume_text(self.resume))


@dataclass(frozen=True)
class Offer:
    """A posting, read: ``title`` is the vector of its title where the encoder is quick."""

    posting: PostingDocument
    title: Vector | None
    words: WeighedText
    asked: Mapping[str, Evidence]

    @cached_property
    def text(self) -> str:
        """Return the text that stands for the posting, folded."""
        return folded(posting_text(self.posting))

    @cached_property
    def heading(self) -> str:
        """Return the title, folded."""
        return folded(self.posting.title)


class Sides:
    """Reads resumes and postings, or takes over what a collection has read in them."""

    def __init__(self, vocabulary: Vocabulary, encoder: Encoder, rarity: Rarity, titles: Rarity) -> None:
        """Weigh words by how rare they are in texts, those of wishes by how rare they are in ``titles``."""
        self._encoder = encoder
        self._quick = not isinstance(encoder, SentenceEncoder)
        self._rarity, self._titles = rarity, titles
        self.reader = Reader(vocabulary)
        self.offer = lru_cache(_KEPT)(self._offer)

    def read_resume(self, resume: ResumeDocument) -> Reading:
        """Read a resume."""
        return Reading(self._rarity.read(resume_text(resume)), self.reader.shown(resume))

    def read_posting(self, posting: PostingDocument) -> Reading:
        """Read a posting."""
        return Reading(self._rarity.read(posting_text(posting)), self.reader.asked(posting))

    def person(self, resume: ResumeDocument, vector: Vector, reading: Reading | None = None) -> Person:
        """Take a resume that this vector stands for, read already or not."""
        return next(self.people([resume], [vector], [reading]))

    def people(
        self,
        resumes: Sequence[ResumeDocument],
        vectors: Iterable[Vector],
        readings: Iterable[Reading | None],
    ) -> Iterator[Person]:
        """Take resumes with what stands for them, each read already or not."""
        names = [[name for name in resume.wanted if name.strip()] for resume in resumes]
        distinct = [*dict.fromkeys(chain.from_iterable(names))]
        wishes = {
            name: Wish(name, self._titles.phrase(words(name)), vector)
            for name, vector in zip(distinct, self._vectors(distinct), strict=True)
        }
        for resume, own, vector, reading in zip(resumes, names, vectors, readings, strict=True):
            read = reading or self.read_resume(resume)
            yield Person(resume, vector, tuple(wishes[name] for name in own), read.words, read.skills)

    def offers(
        self, postings: Sequence[PostingDocument], readings: Sequence[Reading | None]
    ) -> Iterator[Offer]:
        """Take postings, each read already or not."""
        titles = self._vectors([posting.title for posting in postings])
        for posting, reading, title in zip(postings, readings, titles, strict=True):
            if reading is None:
                yield self.offer(posting)
            else:
                yield Offer(posting, title, reading.words, reading.skills)

    def _offer(self, posting: PostingDocument) -> Offer:
        return next(self.offers([posting], [self.read_posting(posting)]))

    def _vectors(self, names: Sequence[str]) -> Sequence[Vector | None]:
        if not self._quick or not names:
            return [None] * len(names)
        return [*self._encoder.encode(names)]
