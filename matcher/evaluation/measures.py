"""Measures of a ranking against graded judgements, as trec_eval defines them.

Every measure of a query follows from the ranks of its relevant documents and their grades; a
relevant document that was never retrieved has the rank infinity.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from matcher.columns import Floats

NDCG_DEPTH, RECALL_DEPTH, MRR_DEPTH = 10, 100, 10


@dataclass(frozen=True, slots=True)
class Measures:
    """What a query scores, each from 0 to 1; means over queries have the same form.

    ``map`` is the average precision over all relevant documents, ``ndcg_at_10`` takes the grade
    itself as gain (linear, discount log2 of rank + 1), ``mrr_at_10`` is one over the first relevant rank.
    """

    map: float
    ndcg_at_10: float
    recall_at_100: float
    mrr_at_10: float

    def printable(self) -> dict[str, float]:
        """Name the measures as the field writes them."""
        return dict(zip(("map", "ndcg@10", "recall@100", "mrr@10"), astuple(self), strict=True))


def measured(ranks: Floats, grades: npt.NDArray[np.integer]) -> Measures:
    """Judge one query by the ranks (from 1) of its relevant documents and their grades (above 0)."""
    found = np.sort(ranks)
    ideal = np.sort(grades)[::-1][:NDCG_DEPTH]
    first = ranks <= NDCG_DEPTH
    gain = (grades[first] / np.log2(ranks[first] + 1)).sum()
    best = (ideal / np.log2(np.arange(2, len(ideal) + 2))).sum()
    return Measures(
        map=float((np.arange(1, len(found) + 1) / found).mean()),
        ndcg_at_10=float(gain / best),
        recall_at_100=float((found <= RECALL_DEPTH).mean()),
        mrr_at_10=float(1 / found[0]) if found[0] <= MRR_DEPTH else 0.0,
    )


def mean(queries: list[Measures]) -> Measures:
    """Average over queries, each counting once."""
    return Measures(*(float(column) for column in np.mean([astuple(one) for one in queries], axis=0)))


def ranks(scores: Floats) -> npt.NDArray[np.int64]:
    """Rank every document (from 1) by falling score; of equal scores the earlier row comes first."""
    order = np.argsort(-scores, kind="stable")
    placed = np.empty(len(order), dtype=np.int64)
    placed[order] = np.arange(1, len(order) + 1)
    return placed
