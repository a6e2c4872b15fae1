"""How sure a difference between two methods is: paired bootstrap over queries (Efron & Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from matcher.columns import Floats

RESAMPLES, CONFIDENCE, SEED = 2000, 0.95, 2025


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one method is ahead of another, with its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Say whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


def difference(ours: Floats, theirs: Floats) -> Difference:
    """Compare the figures of two methods for the same queries."""
    gains = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return _interval((gains,), lambda drawn, axis: drawn.mean(axis=axis), vectorized=True)


def spearman_difference(ours: Floats, theirs: Floats, judged: Floats) -> Difference:
    """Compare how two methods order the same pairs of texts against people's judgement."""
    return _interval(
        (ours, theirs, judged),
        lambda a, b, gold: spearman(a, gold) - spearman(b, gold),
        vectorized=False,
    )


def spearman(scores: Floats, judged: Floats) -> float:
    """Return the rank correlation of scores with judgements; scores that never differ give 0."""
    if np.ptp(scores) == 0:
        return 0.0
    return float(stats.spearmanr(scores, judged).statistic)


def _interval(
    samples: tuple[Floats, ...], statistic: Callable[..., float], *, vectorized: bool
) -> Difference:
    point = float(statistic(*samples, axis=0) if vectorized else statistic(*samples))
    if all(np.ptp(sample) == 0 for sample in samples):
        return Difference(point, point, point)
    drawn = stats.bootstrap(
        samples,
        statistic,
        paired=not vectorized,
        vectorized=vectorized,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    interval = drawn.confidence_interval
    return Difference(point, float(interval.low), float(interval.high))
