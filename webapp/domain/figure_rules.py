"""Which figures may be written down for an indicator, before anybody checks them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.domain.dates import month_of
from webapp.domain.errors import PlatformError
from webapp.domain.figures import FigureKind
from webapp.domain.plan import Basis, Indicator
from webapp.domain.words import N_

_HUNDRED = 100
_YEAR_END = "-12"


class KindUnfit(PlatformError):
    """A rate that is summed, or a sum that is given as a rate."""

    message = N_("“%(name)s”不能按这种口径填报。水平值填当月水平，其余填当月、全年或累计数。")


class MonthOutside(PlatformError):
    """A month that is not over, or of another period."""

    message = N_("%(month)s 不在这个时期已经过去的月份内。全年数请填当年 12 月。")


class TooExact(PlatformError):
    """More digits than the plan counts in, a negative figure, or more than everything."""

    message = N_("“%(name)s”的数不能为负，百分比不超过 100，最多写 %(decimals)d 位小数。")


class MoreThanWhole(PlatformError):
    """A part that is larger than what it is a part of."""

    message = N_(
        "“%(part)s”是“%(whole)s”的子集，%(value)s 不能大于 %(most)s。请核对两项的数，先更正填错的一项。"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFigure:
    """A figure as an officer writes it down: in whole units, with the document it stands in.

    ``month`` is the last month it speaks of; ``reason`` says why it differs from an earlier revision.
    """

    period_id: str
    indicator: str
    unit: str
    kind: FigureKind
    month: str
    value: Decimal
    document: str
    reason: str | None = None


def kinds_of(indicator: Indicator) -> tuple[FigureKind, ...]:
    """Return the kinds of figures an indicator takes."""
    if indicator.basis is Basis.LEVEL:
        return (FigureKind.LEVEL,)
    yearly = (FigureKind.YEARLY, FigureKind.MONTHLY)
    return yearly if indicator.basis is Basis.PER_YEAR else (FigureKind.CUMULATIVE, *yearly)


def check_figure(said: SaidFigure, indicator: Indicator, *, first_on: date, last_on: date, on: date) -> None:
    """Refuse a figure of the wrong kind, of a month that is not over, or with digits nobody counts.

    ``first_on`` and ``last_on`` are the period's days.
    """
    if said.kind not in kinds_of(indicator):
        raise KindUnfit(name=indicator.name)
    over = month_of(first_on) <= said.month <= month_of(last_on) and said.month < month_of(on)
    if not over or (said.kind is FigureKind.YEARLY and not said.month.endswith(_YEAR_END)):
        raise MonthOutside(month=said.month)
    written = said.value / indicator.step
    exact = round(written, indicator.digits) == written
    if not exact or written < 0 or (indicator.measure == "%" and written > _HUNDRED):
        raise TooExact(name=indicator.name, decimals=indicator.digits)


def check_part(part: Indicator, value: Decimal, whole_of: Indicator, most: Decimal | None) -> None:
    """Refuse a part larger than its whole; where the whole is not known nothing can be said."""
    if most is not None and value > most:
        raise MoreThanWhole(part=part.name, whole=whole_of.name, value=f"{value:,}", most=f"{most:,}")
