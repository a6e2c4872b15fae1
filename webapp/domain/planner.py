"""What would close the gap: where people stand, what each lever adds at most, and scenarios of both.

Nobody is counted twice. Every graduate of the cohort window stands in exactly one :class:`Place`; the levers
that count people now draw from different places, and :attr:`Lever.KEEP` speaks of people yet to come. So
additions add up, and a lever set to nothing takes exactly its own addition away.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from webapp.domain.words import N_

LEAST_GROUP = 30
"""Graduates below which an institution's rate takes no part in the median."""


class Place(StrEnum):
    """Where a graduate of the cohort window stands; each in one place only."""

    RETAINED = "retained"
    WAITING = "waiting"
    PROVISIONAL = "provisional"
    CLAIMED = "claimed"
    ELSEWHERE = "elsewhere"
    UNPLACED = "unplaced"


class Aside(StrEnum):
    """Sums kept beside the places: parts of them, and what a year brings or loses.

    ``LATE_…`` are claims whose work began before the months that are still filling up; the ``GROWN`` have
    graduated in an earlier year.
    """

    LATE_WAITING = "late_waiting"
    LATE_PROVISIONAL = "late_provisional"
    LATE_CLAIMED = "late_claimed"
    GROWN = "grown"
    GROWN_RETAINED = "grown_retained"
    GROWN_UNPLACED = "grown_unplaced"
    FLOW = "flow"
    BROKEN = "broken"


class Lever(StrEnum):
    """What the programme can do about the gap."""

    VERIFY = "verify"
    ONBOARD = "onboard"
    COMPLETE = "complete"
    LIFT = "lift"
    KEEP = "keep"
    STAY = "stay"


LABELS: Mapping[StrEnum, str] = {
    Place.RETAINED: N_("已计入"),
    Place.WAITING: N_("待核验"),
    Place.PROVISIONAL: N_("已签约待到岗"),
    Place.CLAIMED: N_("待补材料"),
    Place.ELSEWHERE: N_("已有其他去向"),
    Place.UNPLACED: N_("尚无去向"),
    Aside.FLOW: N_("近12个月新增"),
    Aside.BROKEN: N_("近12个月流失"),
    Lever.VERIFY: N_("核验积压的申报"),
    Lever.ONBOARD: N_("跟进已签约待到岗的人"),
    Lever.COMPLETE: N_("催补不齐的材料"),
    Lever.LIFT: N_("把留汉率提到全市中位数"),
    Lever.KEEP: N_("减少到岗前后的流失"),
    Lever.STAY: N_("减少离开武汉的人"),
}
FORMULAS: Mapping[Lever, str] = {
    Lever.VERIFY: N_("材料已齐、等待核验的人数，每人最多计入一次。"),
    Lever.ONBOARD: N_("已签协议、尚未到岗的人数。"),
    Lever.COMPLETE: N_("已申报、材料不齐或被退回的人数。"),
    Lever.LIFT: N_(
        "（全市高校中位数－本校留汉率）×本校往届毕业生人数，不超过其中尚无去向的人数；只看上一年及以前毕业的人。"
    ),
    Lever.KEEP: N_("近 12 个月因未到岗（R3）或短期离开（R4）冲销的人数×剩余年数。"),
    Lever.STAY: N_("回访中已知离开的人数。离开不冲减已计入的人数，所以只影响仍在汉的人，不影响缺口。"),
}
_POOLS: Mapping[Lever, tuple[Place, Aside]] = {
    Lever.VERIFY: (Place.WAITING, Aside.LATE_WAITING),
    Lever.ONBOARD: (Place.PROVISIONAL, Aside.LATE_PROVISIONAL),
    Lever.COMPLETE: (Place.CLAIMED, Aside.LATE_CLAIMED),
}

Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a lever adds at most in one unit, institution or cluster, or all together.

    ``beyond`` is the part the projection does not expect anyway: claims so old that they should have been
    counted, graduates of earlier years, losses that go on.
    """

    lever: Lever
    key: str
    most: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a scenario makes of one lever: people counted more, of them beyond the projection, who stay."""

    lever: Lever
    share: float
    counted: int
    beyond: int
    stays: int


def rate(sums: Sums) -> float | None:
    """Return the share retained of those who graduated in an earlier year; ``None`` below 30 people."""
    people = sums.get(Aside.GROWN, 0)
    return sums.get(Aside.GROWN_RETAINED, 0) / people if people >= LEAST_GROUP else None


def median_rate(institutions: Iterable[Sums]) -> float | None:
    """Return the median of the institutions' rates; ``None`` below three of them: 数据不足."""
    known = [found for sums in institutions if (found := rate(sums)) is not None]
    return median(known) if len(known) >= 3 else None  # noqa: PLR2004 - two have no middle


def offer(lever: Lever, key: str, sums: Sums, *, middle: float | None = None, years: float = 0) -> Offer:
    """Return what a lever adds at most for one group; ``years`` are those left of the period.

    :attr:`Lever.LIFT` needs the sums of an institution and the ``middle`` of all.
    """
    if lever in _POOLS:
        pool, late = _POOLS[lever]
        return Offer(lever, key, sums.get(pool, 0), sums.get(late, 0))
    most = 0
    if lever is Lever.LIFT and middle is not None and (own := rate(sums)) is not None:
        short = math.ceil(round((middle - own) * sums[Aside.GROWN], 6))
        most = max(0, min(short, sums.get(Aside.GROWN_UNPLACED, 0)))
    elif lever is Lever.KEEP:
        most = round(sums.get(Aside.BROKEN, 0) * years)
    return Offer(lever, key, most, most)


def added(offers: Iterable[Offer], lever: Lever) -> Offer:
    """Return one lever's offers together; their people are different ones."""
    mine = [one for one in offers if one.lever is lever]
    return Offer(lever, "", sum(one.most for one in mine), sum(one.beyond for one in mine))


def ranked(offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers that add anybody, the largest first."""
    return sorted((one for one in offers if one.most), key=lambda one: (-one.most, one.lever, one.key))


def scenario(totals: Sequence[Offer], shares: Mapping[Lever, float], *, leavers: int = 0) -> list[Effect]:
    """Return what each lever adds at a share between 0 and 1 of what it could; ``leavers`` are known ones."""
    effects = [
        Effect(one.lever, share, round(one.most * share), round(one.beyond * share), 0)
        for one in totals
        if (share := shares.get(one.lever, 0.0))
    ]
    share = shares.get(Lever.STAY, 0.0)
    return [*effects, Effect(Lever.STAY, share, 0, 0, round(leavers * share))] if share else effects
