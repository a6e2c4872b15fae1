"""How telling words are, and how far two texts say the same telling words."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from matcher.lexical import words

ONCE = 0.6
"""How much of a word's weight one mention carries; each further one adds as much of the rest."""


@dataclass(frozen=True)
class WeighedText:
    """The words of a text: how telling each is, and how often it is said."""

    weights: Mapping[str, float]
    counts: Mapping[str, int]

    @cached_property
    def loads(self) -> Mapping[str, float]:
        """Return each word's weight times how strongly the text says it."""
        return {word: self.load(word, count) for word, count in self.counts.items()}

    @cached_property
    def total(self) -> float:
        """Add up all loads."""
        return math.fsum(self.loads.values())

    def load(self, word: str, count: int) -> float:
        """Return the load of a word said so often."""
        return self.weights[word] * (1 - (1 - ONCE) ** count)

    def in_common(self, other: WeighedText) -> float:
        """Return how far two texts spread their weight over the same words (Bhattacharyya 1943), 0 to 1."""
        return _coefficient(self._shared(other), self.total, other.total)

    def in_common_without(self, word: str, other: WeighedText) -> float:
        """Return the same if this text said a word, and the words within it, once less."""
        shared, total = self._shared(other), self.total
        for part in (part for part in self.loads if part in word):
            load, less = self.loads[part], self.load(part, self.counts[part] - 1)
            total -= load - less
            if part in other.loads:
                shared -= (math.sqrt(load) - math.sqrt(less)) * math.sqrt(other.loads[part])
        return _coefficient(shared, total, other.total)

    def _shared(self, other: WeighedText) -> float:
        common = self.loads.keys() & other.loads.keys()
        return math.fsum(math.sqrt(self.loads[word] * other.loads[word]) for word in common)


@dataclass(frozen=True, slots=True)
class Rarity:
    """Weights of words from the share of texts that use them; below ``floor`` all are equally rare."""

    shares: Mapping[str, float]
    floor: float

    @classmethod
    def of(cls, texts: Collection[Iterable[str]], floor: float) -> Rarity:
        """Count in how many texts each word occurs."""
        counts = Counter(word for text in texts for word in set(text))
        return cls({word: count / len(texts) for word, count in counts.items()}, floor)

    def weight(self, word: str) -> float:
        """Return the square of a smoothed idf: rare words tell far more than common ones."""
        return math.log1p(1 / (self.floor + self.shares.get(word, 0.0))) ** 2

    def read(self, text: str) -> WeighedText:
        """Weigh the words of a text."""
        counts = Counter(words(text))
        return WeighedText({word: self.weight(word) for word in counts}, counts)

    def contained(self, phrase: Collection[str], text: str) -> float:
        """Return the share of the weight of a phrase's words that a folded text says, from 0 to 1."""
        total = math.fsum(self.weight(word) for word in phrase)
        return math.fsum(self.weight(word) for word in phrase if word in text) / total if total else 0.0


def folded(text: str) -> str:
    """Fold width and case, as words are folded."""
    return unicodedata.normalize("NFKC", text).lower()


def _coefficient(shared: float, own: float, other: float) -> float:
    return max(0.0, shared) / math.sqrt(own * other) if own > 0 and other > 0 else 0.0
