"""How telling words are, and how far two texts say the same telling words."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from matcher.lexical import column_of, words

ONCE = 0.6
"""How much of a word's weight one mention carries; each further one adds as much of the rest."""
_KEPT = 1 << 16


@dataclass(frozen=True, slots=True)
class WeighedText:
    """The words of a text by column, in order: the root of each one's share of its weight, and its count."""

    columns: npt.NDArray[np.int32]
    roots: npt.NDArray[np.float32]
    counts: npt.NDArray[np.uint16]

    def in_common(self, other: WeighedText) -> float:
        """Return how far two texts spread their weight over the same words (Bhattacharyya 1943), 0 to 1."""
        if not len(self.columns):
            return 0.0
        places = np.minimum(np.searchsorted(self.columns, other.columns), len(self.columns) - 1)
        shared = self.columns[places] == other.columns
        own = self.roots[places[shared]].astype(np.float64)
        return float(own @ other.roots[shared].astype(np.float64))


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a phrase with their weights, and the sum of these."""

    weights: Sequence[tuple[str, float]]
    total: float

    def said(self, text: str) -> float:
        """Return the share of the weight that a folded text says, from 0 to 1."""
        return math.fsum([weight for word, weight in self.weights if word in text]) / (self.total or 1.0)


@dataclass(frozen=True)
class Rarity:
    """Weights of words from the share of texts that use them; below ``floor`` all are equally rare."""

    shares: Mapping[str, float]
    floor: float

    @classmethod
    def of(cls, texts: Collection[Iterable[str]], floor: float) -> Rarity:
        """Count in how many texts each word occurs."""
        counts = Counter(word for text in texts for word in set(text))
        return cls({word: count / len(texts) for word, count in counts.items()}, floor)

    @cached_property
    def digest(self) -> str:
        """Name these weights: readings made with others are stale."""
        content = json.dumps([self.floor, *sorted(self.shares.items())], ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def weight(self, word: str) -> float:
        """Return the square of a smoothed idf: rare words tell far more than common ones."""
        return self._weights.get(word, self._rarest)

    @cached_property
    def _known(self) -> Callable[[str], tuple[int, float]]:
        return lru_cache(_KEPT)(lambda word: (column_of(word), self.weight(word)))

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        return {word: self._telling(share) for word, share in self.shares.items()}

    @cached_property
    def _rarest(self) -> float:
        return self._telling(0.0)

    def _telling(self, share: float) -> float:
        return math.log1p(1 / (self.floor + share)) ** 2

    def loads(self, text: str) -> dict[str, float]:
        """Return for each word its weight times how strongly the text says it."""
        weights, rarest = self._weights, self._rarest
        return {word: weights.get(word, rarest) * said(count) for word, count in Counter(words(text)).items()}

    def said_once_less(self, word: str, load: float) -> float:
        """Return the load of a word if its text said it once less."""
        weight = self.weight(word)
        return max(0.0, weight - (weight - load) / (1 - ONCE))

    def read(self, text: str) -> WeighedText:
        """Weigh the words of a text."""
        loads, counts = defaultdict[int, float](float), defaultdict[int, int](int)
        for word, count in Counter(words(text)).items():
            column, weight = self._known(word)
            loads[column] += weight * said(count)
            counts[column] += count
        columns = sorted(loads)
        shares = np.array([loads[column] for column in columns])
        return WeighedText(
            np.array(columns, dtype=np.int32),
            np.sqrt(shares / (shares.sum() or 1.0)).astype(np.float32),
            np.array([counts[column] for column in columns], dtype=np.uint16),
        )

    def phrase(self, words: Iterable[str]) -> Phrase:
        """Weigh the words of a phrase, to be looked for in many texts."""
        weights = [(word, self.weight(word)) for word in set(words)]
        return Phrase(tuple(weights), math.fsum(weight for _, weight in weights))


def said(count: int) -> float:
    """Return how much of a word's weight so many mentions carry."""
    return 1 - (1 - ONCE) ** count
