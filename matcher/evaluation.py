"""How well a ranking finds what it should: measures over rankings, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Mean reciprocal rank and the share found among the first 1 and 10."""

    mrr: float
    recall_at_1: float
    recall_at_10: float
    queries: int


def diagonal_retrieval(scores: npt.NDArray[np.floating]) -> Retrieval:
    """Judge scores of queries (rows) against documents where row i seeks document i.

    Equal scores count against the sought document, so a constant scorer earns nothing.
    """
    own = np.diagonal(scores)[:, None]
    ranks = (scores >= own).sum(axis=1)
    return Retrieval(
        mrr=float((1 / ranks).mean()),
        recall_at_1=float((ranks <= 1).mean()),
        recall_at_10=float((ranks <= 10).mean()),  # noqa: PLR2004 - it is in the name
        queries=len(ranks),
    )
