"""Several scores of the same documents folded into one: a weighted sum of standardised scores.

A convex sum of standardised scores keeps what ranks alone throw away: how far ahead a document is
(Bruch, Gai & Ingber 2023). Reciprocal ranks (Cormack et al. 2009) were behind it on every tuning collection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much nearness of meaning, shared words and shared characters count."""

    meaning: float
    words: float
    characters: float


# Titles share characters where they share no word; in long texts nearly all characters occur anyway.
FOR_TITLES, FOR_TEXTS = Weights(1.0, 0.1, 0.5), Weights(1.0, 0.1, 0.15)
TITLE_LENGTH, TEXT_LENGTH = 10, 200


def weights_for(length: float) -> Weights:
    """Return the weights for documents of a typical length in characters, gliding with its logarithm."""
    span = np.log(TEXT_LENGTH / TITLE_LENGTH)
    share = float(np.clip(np.log(max(length, 1) / TITLE_LENGTH) / span, 0, 1))
    characters = (1 - share) * FOR_TITLES.characters + share * FOR_TEXTS.characters
    words = (1 - share) * FOR_TITLES.words + share * FOR_TEXTS.words
    return Weights(1.0, words, characters)


def standardised(scores: Floats) -> Floats:
    """Bring each query's scores (along the last axis) to mean 0 and spread 1; equal scores become 0."""
    spread = scores.std(axis=-1, keepdims=True)
    centred = scores - scores.mean(axis=-1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))


def fused(meaning: Floats, words: Floats, characters: Floats, weights: Weights) -> Floats:
    """Add up standardised scores of the same documents (last axis) by weight."""
    legs = (
        (meaning, weights.meaning),
        (words, weights.words),
        (characters, weights.characters),
    )
    return np.asarray(sum(weight * standardised(scores) for scores, weight in legs))
