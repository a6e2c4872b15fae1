"""What makes a post a well-paid one (高薪优岗): a dated threshold on the least pay of a year.

The plan names no amount. The floors of each degree are the platform's proposal and dated
(data/programme/pay_thresholds.json); where the market pays more, the market's own percentile of the
twelve months before is the threshold (DOMAIN 6.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from webapp.domain.degrees import Degree
from webapp.domain.posting_rules import PostingTerms
from webapp.domain.programme import read_table


@dataclass(frozen=True, slots=True)
class Market:
    """The market's yearly pay by degree in force from a month on; empty where too few postings say."""

    month: str = ""
    amounts: Mapping[Degree, int] = field(default_factory=dict)


NO_MARKET = Market()


@dataclass(frozen=True, slots=True)
class Threshold:
    """The dated rule: floors in yuan a year, and how the market's pay is taken."""

    version: str
    floors: Mapping[Degree, int]
    percentile: int
    months: int
    least_postings: int
    kinds: frozenset[str]


def threshold_on(on: date) -> Threshold | None:
    """Return the rule in force on a day; None where none is."""
    return next(
        (
            threshold
            for first, last, threshold in _thresholds()
            if first <= on.isoformat() and (last is None or on.isoformat() <= last)
        ),
        None,
    )


def is_well_paid(terms: PostingTerms, *, on: date, market: Market = NO_MARKET) -> bool:
    """Say whether a post's least pay of a year reaches the larger of its degree's floor and the market's pay.

    A posting that asks for no degree is measured as one for 专科; kinds that are no employment never are
    well paid.
    """
    threshold = threshold_on(on)
    if threshold is None or terms.pay_min is None or terms.kind.value not in threshold.kinds:
        return False
    degree = terms.degree_min or Degree.ASSOCIATE
    return terms.pay_min * terms.months >= max(threshold.floors[degree], market.amounts.get(degree, 0))


def version_on(on: date, market: Market = NO_MARKET) -> str:
    """Return the version of the threshold in force: the dated floors, and the month of the market's pay."""
    threshold = threshold_on(on)
    named = threshold.version if threshold else ""
    return f"{named}/{market.month}" if market.amounts else named


@cache
def _thresholds() -> tuple[tuple[str, str | None, Threshold], ...]:
    rows = read_table("pay_thresholds.json")["thresholds"]
    return tuple((row["valid_from"], row["valid_to"], _threshold(row)) for row in reversed(rows))


def _threshold(row: Mapping[str, Any]) -> Threshold:
    return Threshold(
        version=row["version"],
        floors={Degree(degree): amount for degree, amount in row["yearly_floor"].items()},
        percentile=row["market_percentile"],
        months=row["market_months"],
        least_postings=row["market_least_postings"],
        kinds=frozenset(row["counts_kinds"]),
    )
