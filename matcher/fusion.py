"""Several scores of the same documents folded into one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


def standardised(scores: Floats) -> Floats:
    """Bring each query's scores (along the last axis) to mean 0 and spread 1; equal scores become 0."""
    spread = scores.std(axis=-1, keepdims=True)
    centred = scores - scores.mean(axis=-1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))


def fused(legs: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Add up standardised scores by weight."""
    total = sum(w * standardised(leg) for leg, w in zip(legs, weights, strict=True) if w)
    return np.asarray(total)
