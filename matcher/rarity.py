"""How telling words are: the commoner a word, the less two texts that share it have in common."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from matcher.lexical import words

Loads = Mapping[str, float]

ONCE = 0.6
"""How much of a word's weight one mention carries; each further one adds as much of the rest."""


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

    def loads(self, mentions: Loads) -> Loads:
        """Give each word's strength of mention the word's weight."""
        return {word: strength * self.weight(word) for word, strength in mentions.items()}

    def contained(self, phrase: Collection[str], text: str) -> float:
        """Return the share of the weight of a phrase's words that a folded text says, from 0 to 1."""
        total = math.fsum(self.weight(word) for word in phrase)
        return math.fsum(self.weight(word) for word in phrase if word in text) / total if total else 0.0


def folded(text: str) -> str:
    """Fold width and case, as words are folded."""
    return unicodedata.normalize("NFKC", text).lower()


def mentions(text: str) -> Loads:
    """Return how strongly a text says each of its words, from 0 to 1."""
    return {word: 1 - (1 - ONCE) ** count for word, count in Counter(words(text)).items()}


def in_common(own: Loads, theirs: Loads) -> float:
    """Add up the words of two texts, one of them given with its words' weights."""
    return math.fsum(own[word] * theirs[word] for word in own.keys() & theirs.keys())
