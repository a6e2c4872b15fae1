"""Figures of the plan as its reader knows them: with their unit, their sign and what they rest on."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from webapp.domain.plan import WAN, Indicator
from webapp.domain.results import Result
from webapp.ui import filters

SIGNS: Mapping[str, str] = {">=": "≥", "<=": "≤"}


def amount(indicator: Indicator, value: Decimal | float | None) -> str:
    """Say a value with its unit: 150 万人, 4.99%, 20,000 平方米."""
    if value is None:
        return "—"
    if indicator.measure == "%":
        return f"{_plain(value, indicator.decimals)}%"
    if indicator.decimals and indicator.step == 1:
        return f"{_plain(value, indicator.decimals)} {filters.translated(indicator.measure)}"
    said = filters.wan(float(value))
    return f"{said}{'' if said.endswith(WAN) else ' '}{filters.translated(indicator.measure)}"


def entered_in(indicator: Indicator) -> str:
    """Say the unit a figure is entered in, which is the plan's own."""
    measure = filters.translated(indicator.measure)
    return _("万%(measure)s", measure=measure) if indicator.step > 1 else measure


def wanted(indicator: Indicator, target: Decimal | None) -> str:
    """Say a target with its sign, or that nobody has set one."""
    if target is None:
        return _("目标待录入")
    return f"{SIGNS.get(indicator.op, indicator.op)} {amount(indicator, target)}"


def line_of(row: Any) -> dict[str, Any]:
    """Return an indicator as a line of the table."""
    plan, found = row.plan, row.result
    return {
        "id": plan.id,
        "name": filters.translated(plan.name),
        "target": wanted(plan, row.target),
        "baseline": amount(plan, plan.baseline),
        "value": amount(plan, found.value),
        "proof": _rests_on(found),
        "status": found.status,
        "basis": filters.label(plan.basis),
    }


def _rests_on(found: Result) -> str:
    if found.proof is None:
        return _("没有经复核的数")
    said = filters.label(found.proof)
    return (
        _("%(proof)s，截至%(month)s", proof=said, month=filters.month(found.until)) if found.until else said
    )


def _plain(value: Decimal | float, digits: int) -> str:
    said = f"{value:,.{digits}f}"
    return said.rstrip("0").rstrip(".") if digits else said
