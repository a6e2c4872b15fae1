"""The telling words both texts say, those first without which the pair would fit least.

A static encoder's vector is the direction of a sum over words, so subtracting one gives the cosine that the
texts would have without it; the share of telling words in common is known as exactly. What a word's loss
would cost in the weights of the ranking decides whether it is cited.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from matcher.columns import Floats
from matcher.documents import PostingDocument, ResumeDocument, Span, Vector
from matcher.encoder import Encoder
from matcher.ranking_model import RankingModel
from matcher.rarity import Rarity
from matcher.scoring import MUCH_IN_COMMON, Pair, much
from matcher.text import read_text

CITED = 3
_READ, _WORDS = 64, 1 << 13
LEAST_LOSS = 0.01
"""A word is cited if the log-odds of the fit would fall at least so far without it."""
_TELLING = re.compile(r"[^\W\d_]{2,}")
_FIELDS = {"resume": ("text",), "posting": ("title", "duties", "requirements")}

Source = Literal["resume", "posting"]


@runtime_checkable
class SummingEncoder(Protocol):
    """An encoder whose vectors are the directions of sums over words."""

    def sums(self, texts: Sequence[str]) -> Vector:
        """Return the sum of the word vectors of each text."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, read: loads of its words and their total, the sum of the words' vectors and its direction."""

    loads: Mapping[str, float]
    total: float
    whole: Vector
    towards: Vector


@dataclass(frozen=True, slots=True)
class _Side:
    """One text of a pair beside the other; ``shared`` sums the roots of both loads of the words both say."""

    source: Source
    document: ResumeDocument | PostingDocument
    own: _Text
    other: _Text
    shared: float


class Likeness:
    """Finds the words that make texts alike; a text held against many is read once."""

    def __init__(self, encoder: Encoder, rarity: Rarity) -> None:
        self._adding = encoder.sums if isinstance(encoder, SummingEncoder) else None
        self._dimension = encoder.dimension
        self.rarity = rarity
        self._read = lru_cache(_READ)(self._read_text)
        self._word = lru_cache(_WORDS)(lambda word: self._sums([word])[0])

    def cited(self, pair: Pair) -> tuple[Span, ...]:
        """Cite words of either text that make it like the other; none where one of them has none."""
        one, other = self._read(pair.person.text), self._read(pair.offer.text)
        both = [word for word in one.loads if word in other.loads]
        telling = [word for word in both if word not in pair.model.common_words and _TELLING.fullmatch(word)]
        if not telling:
            return ()
        shared = math.fsum(math.sqrt(one.loads[word] * other.loads[word]) for word in both)
        sums = {word: self._word(word) for word in telling}
        found = [
            self._cited(side, sums, pair.model)
            for side in (
                _Side("resume", pair.resume, one, other, shared),
                _Side("posting", pair.posting, other, one, shared),
            )
        ]
        return tuple(span for spans in found for span in spans) if all(found) else ()

    def _read_text(self, text: str) -> _Text:
        loads, whole = self.rarity.loads(text), self._sums([text])[0]
        return _Text(loads, math.fsum(loads.values()), whole, whole / (np.linalg.norm(whole) or 1.0))

    def _cited(self, side: _Side, telling: Mapping[str, Vector], model: RankingModel) -> list[Span]:
        places = _places(side, telling)
        if not places:
            return []
        words = list(places)
        losses = model.weights.get("words", 0.0) * self._words_lost(side, words)
        sums = np.stack([telling[word] for word in words])
        losses += model.weights.get("meaning", 0.0) * _meaning_lost(side, sums)
        chosen: dict[str, Span] = {}
        for loss, word in sorted(zip((-losses).tolist(), words, strict=True)):
            apart = not any(word in other or other in word for other in chosen)
            if -loss >= LEAST_LOSS and apart and len(chosen) < CITED:
                chosen[word] = places[word]
        return list(chosen.values())

    def _words_lost(self, side: _Side, words: Sequence[str]) -> Floats:
        """Return by how much the share of words in common falls if each, with its parts, is said less."""
        own, other = side.own.loads, side.other.loads
        total, theirs = side.own.total, side.other.total
        now, lost = much(side.shared / math.sqrt(total * theirs), MUCH_IN_COMMON), []
        for word in words:
            parts = own.keys() & _parts(word)
            less = {part: self.rarity.said_once_less(part, own[part]) for part in parts}
            rest = total - math.fsum(own[part] - less[part] for part in parts)
            gone = (
                (math.sqrt(own[part]) - math.sqrt(less[part])) * math.sqrt(other[part])
                for part in parts
                if part in other
            )
            then = (side.shared - math.fsum(gone)) / math.sqrt(rest * theirs) if rest > 0 else 0.0
            lost.append(now - much(then, MUCH_IN_COMMON))
        return np.array(lost)

    def _sums(self, texts: Sequence[str]) -> Vector:
        """Return sums of word vectors; zeros, which lose nothing, where the encoder adds nothing up."""
        if self._adding:
            return self._adding(texts)
        return np.zeros((len(texts), self._dimension), dtype=np.float32)


def _places(side: _Side, telling: Iterable[str]) -> dict[str, Span]:
    """Find where a text first says each of the telling words that the other says too."""
    found: dict[str, Span] = {}
    for field in _FIELDS[side.source]:
        plain = read_text(side.document, field).lower()
        for word in telling:
            if word not in found and (start := plain.find(word)) >= 0:
                found[word] = Span(side.source, field, start, start + len(word))
    return found


def _parts(word: str) -> set[str]:
    return {word[start:end] for start, end in combinations(range(len(word) + 1), 2)}


def _meaning_lost(side: _Side, words: Vector) -> Floats:
    """Return by how much the cosine of the whole texts falls without each word."""
    whole, towards = side.own.whole, side.other.towards
    rest = whole - words
    lengths = np.linalg.norm(rest, axis=1)
    now = whole @ towards / (np.linalg.norm(whole) or 1.0)
    return np.asarray(now - rest @ towards / np.where(lengths > 0, lengths, 1.0))
