"""Figures somebody else answers for: which revision stands, what they add up to, what they prove.

Kinds are never mixed in one sum, and a figure nobody has approved proves nothing (DOMAIN 1.11, 2.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import fmean
from typing import NamedTuple

from webapp.domain.dates import following
from webapp.domain.indicators import YEAR_MONTHS, Status
from webapp.domain.words import N_


class FigureKind(StrEnum):
    """What stretch of time a figure speaks of; each is filed under the last month of it."""

    MONTHLY = "monthly"
    YEARLY = "yearly"
    CUMULATIVE = "cumulative"
    LEVEL = "level"


class FigureStatus(StrEnum):
    """How far a figure has come; figures of the press stay unverified for good."""

    UNVERIFIED = "unverified"
    APPROVED = "approved"
    REFUSED = "refused"


LABELS: Mapping[StrEnum, str] = {
    FigureKind.MONTHLY: N_("当月数"),
    FigureKind.YEARLY: N_("全年数"),
    FigureKind.CUMULATIVE: N_("期初以来累计"),
    FigureKind.LEVEL: N_("当月水平"),
    FigureStatus.UNVERIFIED: N_("未核实"),
    FigureStatus.APPROVED: N_("已复核"),
    FigureStatus.REFUSED: N_("未通过复核"),
}


class Figure(NamedTuple):
    """One revision of one figure."""

    kind: FigureKind
    month: str
    revision: int
    value: Decimal
    status: FigureStatus
    document: str


Slot = tuple[FigureKind, str]
Standing = Mapping[Slot, Figure]


@dataclass(frozen=True, slots=True)
class Known:
    """What figures add up to by the end of a month, and the documents they come from."""

    value: Decimal
    until: str
    documents: Sequence[str]


@dataclass(frozen=True, slots=True)
class Level:
    """A rate over the months it is known for; ``breaches`` are those beyond the limit (DOMAIN 2.3).

    There is no projection of a level.
    """

    last: Decimal
    until: str
    average: float
    lowest: Decimal
    highest: Decimal
    months: int
    breaches: Sequence[str]
    document: str


def standing(figures: Iterable[Figure]) -> Standing:
    """Return of every figure the latest approved revision; earlier ones stay readable elsewhere."""
    found: dict[Slot, Figure] = {}
    for one in figures:
        slot = (one.kind, one.month)
        approved = one.status is FigureStatus.APPROVED
        if approved and (slot not in found or found[slot].revision < one.revision):
            found[slot] = one
    return found


def total(kept: Standing, *, first: str) -> Known | None:
    """Return what is known since a period's ``first`` month, from the kind that reaches furthest.

    A cumulative figure comes before a sum of years, a sum of years before a sum of months; a sum ends
    where one is missing.
    """
    ways = (_latest(kept), _summed(kept, first, YEAR_MONTHS), _summed(kept, first, 1))
    return max((way for way in ways if way), key=lambda way: way.until, default=None)


def by_year(kept: Standing, years: Iterable[int]) -> dict[int, Known]:
    """Return the years that are known: as a figure of the year, twelve months, or between two cumulatives.

    The year a period begins with needs no cumulative figure before it.
    """
    found: dict[int, Known] = {}
    before: Figure | None = None
    begun = False
    for year in years:
        end = f"{year}-12"
        cumulative = kept.get((FigureKind.CUMULATIVE, end))
        if one := kept.get((FigureKind.YEARLY, end)):
            found[year] = Known(one.value, end, [one.document])
        elif (months := _summed(kept, f"{year}-01", 1, until=end)) and months.until == end:
            found[year] = months
        elif cumulative and (before or not begun):
            value = cumulative.value - (before.value if before else 0)
            found[year] = Known(value, end, [cumulative.document])
        before, begun = cumulative, True
    return found


def level(kept: Standing, *, limit: Decimal | None, op: str) -> Level | None:
    """Return last, mean, lowest and highest of the monthly levels, and the months that miss the target."""
    rows = [one for (kind, _month), one in sorted(kept.items()) if kind is FigureKind.LEVEL]
    if not rows:
        return None
    values = [one.value for one in rows]
    missed = {Status.BREACH, Status.BEHIND}
    return Level(
        last=values[-1],
        until=rows[-1].month,
        average=fmean(values),
        lowest=min(values),
        highest=max(values),
        months=len(rows),
        breaches=[one.month for one in rows if judge(one.value, limit, op) in missed],
        document=rows[-1].document,
    )


def judge(value: Decimal, target: Decimal | None, op: str) -> Status:
    """Compare a level with its target; equality with a strict one (<5) is a warning, no breach.

    Only the operator decides: a target below its baseline is a floor like any other.
    """
    if target is None:
        return Status.UNSET
    if value == target and op in {"<", ">"}:
        return Status.AT_LIMIT
    if op.startswith("<"):
        return Status.WITHIN if value <= target else Status.BREACH
    return Status.ON if value >= target else Status.BEHIND


def settled(status: Status) -> Status:
    """Return how a judgement reads once the period is over."""
    final = {
        Status.WITHIN: Status.MET,
        Status.ON: Status.MET,
        Status.BREACH: Status.NOT_MET,
        Status.BEHIND: Status.NOT_MET,
    }
    return final.get(status, status)


def _latest(kept: Standing) -> Known | None:
    rows = [one for (kind, _month), one in kept.items() if kind is FigureKind.CUMULATIVE]
    last = max(rows, key=lambda one: one.month, default=None)
    return Known(last.value, last.month, [last.document]) if last else None


def _summed(kept: Standing, first: str, months: int, until: str = "9999-12") -> Known | None:
    """Add figures up in unbroken order, each of so many months, from the first of a period on."""
    kind = FigureKind.MONTHLY if months == 1 else FigureKind.YEARLY
    value, documents, reached, end = Decimal(0), [], "", _last_of(first, months)
    while end <= until and (one := kept.get((kind, end))):
        value, reached = value + one.value, end
        documents.append(one.document)
        end = _last_of(following(end), months)
    return Known(value, reached, list(dict.fromkeys(documents))) if reached else None


def _last_of(first: str, months: int) -> str:
    for _month in range(months - 1):
        first = following(first)
    return first
