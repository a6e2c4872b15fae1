"""Several scores of the same documents folded into one, as sums that keep how far ahead a document is.

Plain texts: a sum of absolute scores, so what a pair is worth depends on its two texts and on how rare their
words are, not on what else was found; reciprocal ranks and standardised scores were behind it on the
tuning collections. Candidates whose scores have no common scale are standardised (both as in Bruch,
Gai & Ingber 2023).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from matcher.columns import Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """What shared words and characters count beside meaning, whose weight is 1."""

    words: float
    characters: float


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights between titles and for pairs as long as a resume and a posting.

    A title's few words are no evidence that an encoder does not have; the more two texts say, the more
    the words they share tell. So weights grow as a power of the length.
    """

    titles: Weights
    texts: Weights

    def weights(self, length: float) -> Weights:
        """Return the weights for a pair of texts by the geometric mean of their lengths in characters."""
        share = math.log(max(length, 1) / TITLE_LENGTH) / math.log(TEXT_LENGTH / TITLE_LENGTH)
        share = min(1.0, max(0.0, share))
        ends = zip(astuple(self.titles), astuple(self.texts), strict=True)
        return Weights(*(titles ** (1 - share) * texts**share for titles, texts in ends))

    def scores(self, meaning: Floats, words: Floats, characters: Floats, lengths: Iterable[float]) -> Floats:
        """Fuse cosines of queries (rows) and documents (columns), each query by its pairs' length."""
        rows = zip(meaning, words, characters, lengths, strict=True)
        return np.stack([fused(m, w, c, self.weights(length)) for m, w, c, length in rows])


TITLE_LENGTH, TEXT_LENGTH = 5, 250
# Learnt by `python -m scripts train-fusion`.
FUSION = Fusion(titles=Weights(words=0.1, characters=0.4), texts=Weights(words=2.0, characters=1.0))


def fused(meaning: Floats, words: Floats, characters: Floats, weights: Weights) -> Floats:
    """Average cosines of meaning, words and characters by weight."""
    total = meaning + weights.words * words + weights.characters * characters
    return np.asarray(total / (1 + weights.words + weights.characters))


def standardised(scores: Floats) -> Floats:
    """Bring each query's scores (along the last axis) to mean 0 and spread 1; equal scores become 0."""
    spread = scores.std(axis=-1, keepdims=True)
    centred = scores - scores.mean(axis=-1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))
