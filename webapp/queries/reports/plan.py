"""What the plan asks for, what the platform counts of it, and what others have reported."""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from webapp.queries.indicators import IndicatorRow, programme_indicators
from webapp.queries.reports.asked import Asked, Cell, Gathered, Tables

INDICATORS = ("id", "name", "measure", "target", "actual", "plan", "gap", "status")
REPORTED = ("indicator", "label", "value", "measure", "status", "source")


def tables(session: Session, asked: Asked) -> Tables:
    """Yield the indicators in the plan's order and the figures others answer for."""
    rows = programme_indicators(session, period_id=asked.period_id, on=asked.as_of)
    asked_for = f"{programme_indicators.__name__}({asked.period_id}, {asked.as_of})"
    query = hashlib.sha256(asked_for.encode()).hexdigest()
    yield "indicators", Gathered(INDICATORS, [_indicator(row) for row in rows], query)
    yield "reported", Gathered(REPORTED, [line for row in rows for line in _reported(row)], query)


def _indicator(row: IndicatorRow) -> list[Cell]:
    pace = row.pace
    return [
        row.indicator,
        row.name,
        row.measure,
        _number(row.target),
        row.actual,
        _number(pace.plan) if pace else None,
        _number(pace.gap) if pace else None,
        pace.status.value if pace else None,
    ]


def _reported(row: IndicatorRow) -> list[list[Cell]]:
    return [
        [row.indicator, one.label, _number(one.value), row.measure, str(one.status), one.source]
        for one in row.reported
    ]


def _number(value: Any) -> Cell:
    if value is None:
        return None
    return int(value) if value == int(value) else round(float(value), 4)
