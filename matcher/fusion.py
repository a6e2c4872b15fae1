"""Several scores of the same documents folded into one, as sums that keep how far ahead a document is.

Plain texts: a sum of absolute scores, so what a pair is worth depends on its two texts and on how rare their
words are, not on what else was found; reciprocal ranks and standardised scores were behind it on the
tuning collections. Candidates whose scores have no common scale are standardised (both as in Bruch,
Gai & Ingber 2023).
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Weights:
    """What shared words and characters count beside meaning, whose weight is 1."""

    words: float
    characters: float


# The encoder knows most titles and is less sure of long texts. Learnt by `python -m scripts train-fusion`.
FOR_TITLES, FOR_TEXTS = Weights(words=0.03, characters=0.1), Weights(words=0.15, characters=0.5)
TITLE_LENGTH, TEXT_LENGTH = 10, 200


def weights_for(length: float) -> Weights:
    """Return the weights for documents of a typical length in characters, gliding with its logarithm."""
    span = math.log(TEXT_LENGTH / TITLE_LENGTH)
    share = min(1.0, max(0.0, math.log(max(length, 1) / TITLE_LENGTH) / span))
    return Weights(
        *((1 - share) * a + share * b for a, b in zip(astuple(FOR_TITLES), astuple(FOR_TEXTS), strict=True))
    )


def fused(meaning: Floats, words: Floats, characters: Floats, weights: Weights) -> Floats:
    """Add up cosines of meaning, shares of the query's words found (0 to 1) and cosines of characters."""
    return np.asarray(meaning + weights.words * words + weights.characters * characters)


def standardised(scores: Floats) -> Floats:
    """Bring each query's scores (along the last axis) to mean 0 and spread 1; equal scores become 0."""
    spread = scores.std(axis=-1, keepdims=True)
    centred = scores - scores.mean(axis=-1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))
