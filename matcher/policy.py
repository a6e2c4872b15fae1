"""Conditions and wishes as a factor in a narrow band: policy, stated in one place.

Place, pay, dates and an employer's habit of answering decide nothing about fit. They order postings that fit
alike, and so does the kind, which was judged as well: of two that fit alike the wished kind comes first. A
pair whose conditions are all against the graduate's wishes keeps 1 - BAND of its chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.documents import PostingDocument, ResumeDocument

BAND = 0.25
NEUTRAL = 0.5
FRESH_DAYS, LATE_DAYS = 45.0, 60.0
POLICY: Mapping[str, float] = {
    "kind": 0.2,
    "district": 0.3,
    "pay": 0.2,
    "freshness": 0.1,
    "response": 0.1,
    "start": 0.05,
    "cluster": 0.05,
}
"""How much each condition counts within the band."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How far each condition is to the graduate's liking, from 0 to 1."""

    kind: float
    district: float
    pay: float
    freshness: float
    response: float
    start: float
    cluster: float

    @classmethod
    def of(cls, resume: ResumeDocument, posting: PostingDocument, today: date) -> Terms:
        """Hold a posting's conditions against the wishes; a wish left open is met."""
        return cls(
            kind=wished(posting.kind, resume.kinds),
            district=wished(posting.district, resume.districts),
            pay=_pay(resume.pay_min, posting),
            freshness=_freshness(posting.published_on, today),
            response=NEUTRAL if posting.response_rate is None else posting.response_rate,
            start=_start(resume.start_on, posting.start_on),
            cluster=wished(posting.cluster, resume.clusters),
        )

    @property
    def factor(self) -> float:
        """Return what is left of a chance: from 1 - BAND to 1."""
        met = math.fsum(weight * getattr(self, name) for name, weight in POLICY.items())
        return 1 - BAND * (1 - met)


def wished(offered: str, wishes: frozenset[str]) -> float:
    """Say whether what is offered is among the wishes; no wish means any will do."""
    return 1.0 if not wishes or offered in wishes else 0.0


def _pay(wish: int | None, posting: PostingDocument) -> float:
    if not wish:
        return 1.0
    best = posting.pay_max if posting.pay_max is not None else posting.pay_min
    return NEUTRAL if best is None else min(1.0, max(0, best) / wish) ** 2


def _freshness(published_on: date | None, today: date) -> float:
    if published_on is None:
        return NEUTRAL
    return math.exp(-max(0, (today - published_on).days) / FRESH_DAYS)


def _start(ready_on: date | None, start_on: date | None) -> float:
    if ready_on is None or start_on is None:
        return 1.0
    return math.exp(-max(0, (ready_on - start_on).days) / LATE_DAYS)
