"""Components of the districts' index: a part and its whole for every reporting unit, never a guess."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.followup import GONE, Result
from webapp.domain.programme import unit_of, units
from webapp.models import FollowUpTotal, Placement, Target
from webapp.queries.reports.asked import Asked, Cell, Gathered, Tables, digest_of_query, in_order
from webapp.queries.reports.people import OPEN
from webapp.queries.reports.posts import by_district
from webapp.queries.reports.standing import standing
from webapp.queries.retention import RETAINED

FIRST_CHECKPOINT = 6
STAYED = frozenset({Result.RETAINED_A, Result.RETAINED_C})
Parts = Counter[tuple[str, str]]


def tables(session: Session, asked: Asked) -> Tables:
    """Yield part and whole by unit and component; a component nobody knows has no row."""
    counted = standing(asked)
    wanted = select(counted.c.unit, counted.c.grade, func.count()).group_by(counted.c.unit, counted.c.grade)
    parts: Parts = Counter()
    wholes: Parts = Counter()
    for unit, grade, people in session.execute(wanted):
        wholes[unit, "confirmed"] += people
        wholes[unit, "waiting"] += people
        parts[unit, "confirmed"] += people if grade == "A" else 0
        parts[unit, "retained"] += people
    _targets(session, asked, wholes)
    _waiting(session, asked, parts, wholes)
    _stayed(session, asked, parts, wholes)
    _well_paid(session, asked, parts, wholes)
    rows: list[list[Cell]] = [
        [unit, name, parts[unit, name], whole] for (unit, name), whole in wholes.items() if unit in units()
    ]
    columns = ("unit", "component", "part", "whole")
    yield "index_components", Gathered(columns, in_order(rows), digest_of_query(wanted))


def _targets(session: Session, asked: Asked, wholes: Parts) -> None:
    wanted = select(Target.unit, Target.value).where(
        Target.period_id == asked.period_id,
        Target.indicator == RETAINED,
        Target.year == 0,
        Target.value.is_not(None),
    )
    for unit, value in session.execute(wanted):
        wholes[unit, "retained"] = int(value or 0)


def _waiting(session: Session, asked: Asked, parts: Parts, wholes: Parts) -> None:
    """Add the claims that wait: their share in all that are or will be counted."""
    wanted = (
        select(Placement.unit, func.count())
        .where(Placement.state.in_(OPEN), Placement.created_at < asked.after, Placement.unit.is_not(None))
        .group_by(Placement.unit)
    )
    for unit, people in session.execute(wanted):
        parts[str(unit), "waiting"] += people
        wholes[str(unit), "waiting"] += people


def _stayed(session: Session, asked: Asked, parts: Parts, wholes: Parts) -> None:
    wanted = (
        select(FollowUpTotal.unit, FollowUpTotal.result, func.sum(FollowUpTotal.total))
        .where(
            FollowUpTotal.period_id == asked.period_id,
            FollowUpTotal.institution_code == "",
            FollowUpTotal.months == FIRST_CHECKPOINT,
        )
        .group_by(FollowUpTotal.unit, FollowUpTotal.result)
    )
    for unit, result, people in session.execute(wanted):
        known = Result(result) in STAYED | GONE
        wholes[unit, "answered"] += int(people)
        parts[unit, "answered"] += int(people) if known else 0
        wholes[unit, "stayed"] += int(people) if known else 0
        parts[unit, "stayed"] += int(people) if Result(result) in STAYED else 0


def _well_paid(session: Session, asked: Asked, parts: Parts, wholes: Parts) -> None:
    for place, headcount, well_paid in session.execute(by_district(asked)):
        unit = unit_of(place, asked.as_of)
        if unit:
            wholes[unit, "well_paid"] += int(headcount)
            parts[unit, "well_paid"] += int(well_paid)
