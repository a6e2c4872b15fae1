"""The words that make two texts alike: those without which the pair would fit least.

A static encoder's vector is the sum of its tokens' vectors, so leaving some out gives exactly the cosine
that the texts would have without them; the share of telling words in common is known as exactly. Words are
cited in the order of what their loss would cost, in the weights of the ranking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from matcher.documents import PostingDocument, ResumeDocument, Span, Vector
from matcher.encoder import Encoder
from matcher.rarity import WeighedText, folded
from matcher.scoring import MUCH_IN_COMMON, Pair, much
from matcher.text import prepared, read_text

CITED = 3
LEAST_LOSS = 0.01
"""A word is cited if the log-odds of the fit would fall at least so far without it."""
_TELLING = re.compile(r"[^\W\d_]{2,}")
_FIELDS = {"resume": ("text",), "posting": ("title", "duties", "requirements")}

Source = Literal["resume", "posting"]


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder whose vectors are sums over tokens."""

    def tokens(self, text: str) -> tuple[Sequence[tuple[int, int]], Vector]:
        """Return where each token of a text stands and the vector it adds."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One text of a pair beside the other: words, and the sums of token vectors where there are any."""

    source: Source
    document: ResumeDocument | PostingDocument
    own: WeighedText
    other: WeighedText
    whole: Vector | None
    opposite: Vector | None


def alike(encoder: Encoder, pair: Pair) -> tuple[Span, ...]:
    """Cite the words of either text that make it like the other; none where one of them has none."""
    resume, posting = (_sum(encoder, document) for document in (pair.resume, pair.posting))
    own = _Side("resume", pair.resume, pair.person.words, pair.offer.words, resume, posting)
    theirs = _Side("posting", pair.posting, pair.offer.words, pair.person.words, posting, resume)
    cited = [_cited(encoder, side, pair) for side in (own, theirs)]
    return tuple(span for spans in cited for span in spans) if all(cited) else ()


def _cited(encoder: Encoder, side: _Side, pair: Pair) -> list[Span]:
    best: dict[str, tuple[float, Span]] = {}
    for field in _FIELDS[side.source]:
        text = read_text(side.document, field)
        places, vectors = encoder.tokens(text) if isinstance(encoder, TokenEncoder) else ([], None)
        for start, end in _candidates(text, places, side, pair):
            word = folded(text[start:end])
            loss = pair.model.weights.get("words", 0.0) * _words_lost(side, word)
            if vectors is not None:
                touched = [which for which, (a, b) in enumerate(places) if a < end and b > start]
                loss += pair.model.weights.get("meaning", 0.0) * _meaning_lost(side, vectors[touched])
            if loss >= max(LEAST_LOSS, best.get(word, (0.0, None))[0]):
                best[word] = loss, Span(side.source, field, start, end)
    ordered = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))
    chosen: dict[str, Span] = {}
    for word, (_, span) in ordered:
        if len(chosen) < CITED and not any(word in other or other in word for other in chosen):
            chosen[word] = span
    return list(chosen.values())


def _candidates(
    text: str, places: Sequence[tuple[int, int]], side: _Side, pair: Pair
) -> Iterator[tuple[int, int]]:
    """Yield where telling words stand: the encoder's tokens, and words that the other text says as well."""
    plain, common = text.lower(), pair.model.common_words
    shared = (word for word in side.own.loads.keys() & side.other.loads.keys() if word not in common)
    for word in shared:
        if _TELLING.fullmatch(word) and (start := plain.find(word)) >= 0:
            yield start, start + len(word)
    for start, end in places:
        if _TELLING.fullmatch(text[start:end]) and plain[start:end] not in common:
            yield start, end


def _words_lost(side: _Side, word: str) -> float:
    now, then = side.own.in_common(side.other), side.own.in_common_without(word, side.other)
    return much(now, MUCH_IN_COMMON) - much(then, MUCH_IN_COMMON)


def _meaning_lost(side: _Side, tokens: Vector) -> float:
    if side.whole is None or side.opposite is None:
        return 0.0
    towards = side.opposite / (np.linalg.norm(side.opposite) or 1.0)
    rest = side.whole - tokens.sum(axis=0)
    return float(_cosine(side.whole, towards) - _cosine(rest, towards))


def _cosine(vector: Vector, towards: Vector) -> npt.NDArray[np.floating]:
    return np.asarray(vector @ towards / (np.linalg.norm(vector) or 1.0))


def _sum(encoder: Encoder, document: ResumeDocument | PostingDocument) -> Vector | None:
    if not isinstance(encoder, TokenEncoder):
        return None
    return np.asarray(encoder.tokens(prepared(document))[1].sum(axis=0))
