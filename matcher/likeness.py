"""The telling words both texts say, those first without which the pair would fit least.

A static encoder's vector is the direction of a sum over words, so subtracting one gives the cosine that the
texts would have without it; the share of telling words in common is known as exactly. What a word's loss
would cost in the weights of the ranking decides whether it is cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from matcher.documents import PostingDocument, ResumeDocument, Span, Vector
from matcher.encoder import Encoder
from matcher.ranking_model import RankingModel
from matcher.rarity import WeighedText
from matcher.scoring import MUCH_IN_COMMON, Pair, much
from matcher.text import prepared, read_text

CITED = 3
LEAST_LOSS = 0.01
"""A word is cited if the log-odds of the fit would fall at least so far without it."""
_TELLING = re.compile(r"[^\W\d_]{2,}")
_FIELDS = {"resume": ("text",), "posting": ("title", "duties", "requirements")}

Source = Literal["resume", "posting"]
Floats = npt.NDArray[np.floating]


@runtime_checkable
class SummingEncoder(Protocol):
    """An encoder whose vectors are the directions of sums over words."""

    def sums(self, texts: Sequence[str]) -> Vector:
        """Return the sum of the word vectors of each text."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One text of a pair beside the other: words, and the sums of their vectors."""

    source: Source
    document: ResumeDocument | PostingDocument
    own: WeighedText
    other: WeighedText
    whole: Vector
    opposite: Vector


def alike(encoder: Encoder, pair: Pair) -> tuple[Span, ...]:
    """Cite words of either text that make it like the other; none where one of them has none."""
    resume, posting = pair.person.words, pair.offer.words
    one, other = _sums(encoder, [prepared(pair.resume), prepared(pair.posting)])
    own = _Side("resume", pair.resume, resume, posting, one, other)
    theirs = _Side("posting", pair.posting, posting, resume, other, one)
    cited = [_cited(encoder, side, pair.model) for side in (own, theirs)]
    return tuple(span for spans in cited for span in spans) if all(cited) else ()


def _cited(encoder: Encoder, side: _Side, model: RankingModel) -> list[Span]:
    places = _places(side, model)
    words = list(places)
    losses = model.weights.get("words", 0.0) * _words_lost(side, words)
    losses += model.weights.get("meaning", 0.0) * _meaning_lost(side, _sums(encoder, words))
    chosen: dict[str, Span] = {}
    for loss, word in sorted(zip((-losses).tolist(), words, strict=True)):
        apart = not any(word in other or other in word for other in chosen)
        if -loss >= LEAST_LOSS and apart and len(chosen) < CITED:
            chosen[word] = places[word]
    return list(chosen.values())


def _sums(encoder: Encoder, texts: Sequence[str]) -> Vector:
    """Return sums of word vectors; zeros, which lose nothing, where the encoder adds nothing up."""
    if isinstance(encoder, SummingEncoder):
        return encoder.sums(texts)
    return np.zeros((len(texts), encoder.dimension), dtype=np.float32)


def _places(side: _Side, model: RankingModel) -> dict[str, Span]:
    """Find where a text first says each of the telling words that the other says too."""
    found: dict[str, Span] = {}
    for field in _FIELDS[side.source]:
        plain = read_text(side.document, field).lower()
        for word in side.own.loads.keys() & side.other.loads.keys() - model.common_words.keys():
            if word in found or not _TELLING.fullmatch(word):
                continue
            start = plain.find(word)
            if start >= 0:
                found[word] = Span(side.source, field, start, start + len(word))
    return found


def _words_lost(side: _Side, words: Sequence[str]) -> Floats:
    now = much(side.own.in_common(side.other), MUCH_IN_COMMON)
    without = [much(side.own.in_common_without(word, side.other), MUCH_IN_COMMON) for word in words]
    return now - np.array(without)


def _meaning_lost(side: _Side, words: Vector) -> Floats:
    """Return by how much the cosine of the whole texts falls without each word."""
    towards = side.opposite / (np.linalg.norm(side.opposite) or 1.0)
    rest = side.whole - words
    lengths = np.linalg.norm(rest, axis=1)
    now = side.whole @ towards / (np.linalg.norm(side.whole) or 1.0)
    return np.asarray(now - rest @ towards / np.where(lengths > 0, lengths, 1.0))
