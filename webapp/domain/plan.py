"""What a period's plan asks for, in its own words and units (data/programme/targets.json)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from webapp.domain.errors import PlatformError
from webapp.domain.programme import read_table
from webapp.domain.words import N_

WAN = "万"
_STEP = 10_000


class Basis(StrEnum):
    """What a target is compared with: everything up to the end, each year alone, or the present level."""

    PERIOD_TOTAL = "period_total"
    PER_YEAR = "per_year"
    LEVEL = "level"


class Group(StrEnum):
    """The parts of the plan an indicator belongs to, in their order."""

    INDICATOR = "indicator"
    RETENTION = "retention"
    QIHANG = "qihang"
    STARTUP = "startup"
    OTHER = "other"


LABELS: Mapping[StrEnum, str] = {
    Basis.PERIOD_TOTAL: N_("全期累计"),
    Basis.PER_YEAR: N_("每年单独计算"),
    Basis.LEVEL: N_("水平值"),
    Group.INDICATOR: N_("规划主要指标（专栏1）"),
    Group.RETENTION: N_("学子留汉工程"),
    Group.QIHANG: N_("启航计划与实习见习"),
    Group.STARTUP: N_("创业带动就业"),
    Group.OTHER: N_("其他任务"),
}


class DifferentMeasures(PlatformError):
    """Persons and person-times are never divided by each other, nor put on one axis."""

    message = N_("“%(one)s”与“%(other)s”的计量单位不同，不能相除，也不能画在同一坐标上。")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the plan; counts in whole units, ``measure`` without its 万.

    ``step`` is 10,000 where the plan writes 万, so that a figure can be entered and shown as written;
    ``readings`` are the ways its sentence can be read, ``basis`` the one taken by default.
    """

    id: str
    name: str
    measure: str
    step: int
    baseline: Decimal | None
    op: str
    basis: Basis
    readings: Sequence[Basis]
    expected: bool
    group: Group
    parent: str | None
    subset_of: str | None
    decimals: int
    target: Decimal | None
    quote: str
    place: str
    remark: str

    @property
    def digits(self) -> int:
        """Return how many decimals a figure in the plan's unit may have: in 万, down to one person."""
        return len(str(self.step)) - 1 if self.step > 1 else self.decimals


@cache
def indicators(period_id: str) -> Mapping[str, Indicator]:
    """Return a period's indicators by id in the order of the plan; empty for a period without a plan."""
    rows = read_table("targets.json")["targets"]
    return {row["id"]: _indicator(row) for row in rows if row["period"] == period_id}


def whole(value: float | None, unit: str) -> tuple[Decimal | None, str]:
    """Return a value in whole units: 96.8 万人 is 968,000 人."""
    number = None if value is None else Decimal(str(value))
    if unit.startswith(WAN):
        return (None if number is None else number * _STEP), unit.removeprefix(WAN)
    return number, unit


def share_of(part: Indicator, whole_of: Indicator, values: tuple[float, float]) -> float | None:
    """Return one indicator as a share of another of the same measure, ``None`` of nothing."""
    if part.measure != whole_of.measure:
        raise DifferentMeasures(one=part.name, other=whole_of.name)
    return values[0] / values[1] if values[1] else None


def by_measure(listed: Iterable[Indicator]) -> Mapping[str, Sequence[Indicator]]:
    """Return indicators by their unit of measurement: what may stand on one axis."""
    found: dict[str, list[Indicator]] = {}
    for one in listed:
        found.setdefault(one.measure, []).append(one)
    return found


def _indicator(row: Mapping[str, Any]) -> Indicator:
    target, measure = whole(row["value"], row["unit"])
    return Indicator(
        id=row["id"],
        name=row["name"],
        measure=measure,
        step=_STEP if row["unit"].startswith(WAN) else 1,
        baseline=whole(row["baseline"], row["unit"])[0],
        op=row["op"],
        basis=Basis(row["basis"]),
        readings=tuple(Basis(one) for one in row["readings"]),
        expected=row["nature"] == "expected",
        group=Group(row["group"]),
        parent=row["parent"],
        subset_of=row["subset_of"],
        decimals=row["decimals"],
        target=target,
        quote=row["quote"] or "",
        place=row["place"] or "",
        remark=row["remark"],
    )
