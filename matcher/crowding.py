"""How evenly short lists reach postings, and what that costs the people they are for.

Coverage, Gini coefficient and congestion beside nDCG, as ReCon reports them (Mashayekhi et al., RecSys 2023):
a place of a list is worth 1 / log2(1 + rank) of exposure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.allocation import Numbers
from matcher.documents import Vector

SUITABLE = 0.5
"""From this score on a recommendation is likelier than not worth applying for."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """Shares from 0 to 1, except ``crowded_places``, which counts places.

    ``covered``: postings on somebody's list with a suitable score. ``gini``: of exposure over all postings.
    ``over``: postings on more lists than they have seats; ``crowded_places``: the places too many.
    ``served``: people with a list; ``full``: with a full one. ``ndcg``: what the lists' scores, discounted by
    rank, are of those of the people's best candidates.
    """

    covered: float
    gini: float
    over: float
    crowded_places: int
    served: float
    full: float
    ndcg: float


def crowding(
    lists: tuple[Numbers, Vector], *, ideal: Vector, seats: Numbers, suitable: float = SUITABLE
) -> Crowding:
    """Measure lists (postings and scores, -1 and -inf after a list's end) against ``ideal`` scores."""
    postings, scores = lists
    shown = postings >= 0
    discount = np.broadcast_to(1 / np.log2(np.arange(postings.shape[1]) + 2), postings.shape)
    count = len(seats)
    exposure = np.bincount(postings[shown], discount[shown], minlength=count)
    standing = np.bincount(postings[shown], minlength=count)
    suited = np.bincount(postings[shown & (scores >= suitable)], minlength=count)
    over = np.maximum(0, standing - seats)
    return Crowding(
        covered=_share(suited > 0),
        gini=gini(exposure),
        over=_share(over > 0),
        crowded_places=int(over.sum()),
        served=_share(shown[:, 0]),
        full=_share(shown.all(axis=1)),
        ndcg=_kept(scores, ideal, discount),
    )


def gini(amounts: npt.NDArray[np.number]) -> float:
    """Return the Gini coefficient: 0 where all have the same, near 1 where one has everything."""
    total, count = float(amounts.sum()), len(amounts)
    if not total:
        return 0.0
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return round(float((ranks * np.sort(amounts)).sum() / (count * total)), 4)


def _kept(scores: Vector, ideal: Vector, discount: npt.NDArray[np.floating]) -> float:
    """Average over people with candidates the discounted scores shown, as a share of the best possible."""
    shown, most = (
        (np.where(np.isfinite(found), found, 0) * discount[:, : found.shape[1]]).sum(axis=1)
        for found in (scores, ideal)
    )
    able = most > 0
    return round(float((shown[able] / most[able]).mean()), 4) if able.any() else 1.0


def _share(hit: npt.NDArray[np.bool_] | np.bool_) -> float:
    return round(float(hit.mean()), 4) if hit.size else 0.0
