"""Quantiles of values that are kept as how often each occurs: a million people, a few thousand numbers."""

from collections.abc import Mapping, Sequence


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """Return the smallest value that at least this share of all do not exceed; ``None`` of nobody.

    >>> quantile({3000: 1, 5000: 2, 9000: 1}, 0.5)
    5000
    """
    wanted, reached = share * sum(counts.values()), 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= wanted:
            return value
    return None


def quantiles(counts: Mapping[int, int], shares: Sequence[float]) -> list[int | None]:
    """Return several quantiles in the order asked for."""
    return [quantile(counts, share) for share in shares]
