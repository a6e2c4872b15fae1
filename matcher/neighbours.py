"""What documents that say nearly the same know of one another.

Scores are smoothed over near documents (local score regularisation, Diaz 2005), so that a title which shares
no word with the query follows its synonyms; and documents that are near to everything lose what their
crowd would give them (hubness; CSLS, Conneau et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.columns import Floats
from matcher.documents import Vector

NEAREST, CROWD, BLOCK = 32, 10, 1024
SHARPNESS = 12


@dataclass(frozen=True, slots=True)
class Influence:
    """How much near documents weigh beside a document itself, and how much nearness to many costs."""

    share: float
    crowding: float


INFLUENCE = Influence(share=0.5, crowding=0.15)  # learnt by `python -m scripts train-fusion`


class Neighbours:
    """The nearest documents of each document, by its unit vectors."""

    def __init__(self, vectors: Vector) -> None:
        nearness, nearest = _nearest(vectors)
        rows = np.repeat(np.arange(len(vectors)), nearest.shape[1])
        kernel = (nearness**SHARPNESS).ravel()
        self._kernel = sparse.csr_array((kernel, (rows, nearest.ravel())), shape=(len(vectors), len(vectors)))
        self._weight = self._kernel.sum(axis=1)
        self._crowding = np.sort(nearness, axis=1)[:, -CROWD:].sum(axis=1) / CROWD

    def shared(self, scores: Floats, influence: Influence = INFLUENCE) -> Floats:
        """Return scores of documents (columns) less their crowding, shared among near ones."""
        own = scores - influence.crowding * self._crowding
        total = own + influence.share * (self._kernel @ own.T).T
        return np.asarray(total / (1 + influence.share * self._weight))


def _nearest(vectors: Vector) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Return the nearness (from 0) and the rows of each row's nearest others."""
    count = min(NEAREST, len(vectors) - 1)
    nearness = np.zeros((len(vectors), count), dtype=np.float32)
    nearest = np.zeros((len(vectors), count), dtype=np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        cosines = vectors[block] @ vectors.T
        here = np.arange(len(cosines))
        cosines[here, here + start] = -np.inf
        chosen = np.argpartition(-cosines, count - 1, axis=1)[:, :count] if count else nearest[block]
        nearest[block] = chosen
        nearness[block] = np.clip(np.take_along_axis(cosines, chosen, axis=1), 0, 1)
    return nearness, nearest
