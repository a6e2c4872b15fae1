"""How telling words are, and how far two texts say the same telling words."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.lexical import COLUMNS, column_of, words

ONCE = 0.6
"""How much of a word's weight one mention carries; each further one adds as much of the rest."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WeighedText:
    """The words of a text by column, each with the root of its share of the text's weight."""

    columns: npt.NDArray[np.int32]
    roots: Floats

    @cached_property
    def _spread(self) -> Floats:
        spread = np.zeros(COLUMNS)
        spread[self.columns] = self.roots
        return spread

    def in_common(self, other: WeighedText) -> float:
        """Return how far two texts spread their weight over the same words (Bhattacharyya 1943), 0 to 1.

        The first text is unfolded once; hold it against many.
        """
        return float(self._spread[other.columns] @ other.roots)


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

    def weight(self, word: str) -> float:
        """Return the square of a smoothed idf: rare words tell far more than common ones."""
        return self._weights.get(word, self._rarest)

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
        counts = Counter(words(text))
        return {word: self.weight(word) * (1 - (1 - ONCE) ** count) for word, count in counts.items()}

    def said_once_less(self, word: str, load: float) -> float:
        """Return the load of a word if its text said it once less."""
        weight = self.weight(word)
        return max(0.0, weight - (weight - load) / (1 - ONCE))

    def read(self, text: str) -> WeighedText:
        """Weigh the words of a text."""
        by_column: dict[int, float] = {}
        for word, load in self.loads(text).items():
            column = column_of(word)
            by_column[column] = by_column.get(column, 0.0) + load
        columns = np.array(sorted(by_column), dtype=np.int32)
        loads = np.array([by_column[column] for column in columns.tolist()])
        return WeighedText(columns, np.sqrt(loads / (loads.sum() or 1.0)))

    def contained(self, phrase: Collection[str], text: str) -> float:
        """Return the share of the weight of a phrase's words that a folded text says, from 0 to 1."""
        total = math.fsum(self.weight(word) for word in phrase)
        return math.fsum(self.weight(word) for word in phrase if word in text) / total if total else 0.0


def folded(text: str) -> str:
    """Fold width and case, as words are folded."""
    return unicodedata.normalize("NFKC", text).lower()
