"""What only the districts' index asks for: targets, claims that wait, well-paid posts, by reporting unit."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.programme import unit_of, units
from webapp.models import Placement, Target
from webapp.queries.periods import RETAINED
from webapp.queries.reports.asked import Asked, Gathered, Tables, digest_of_query, in_order, whole
from webapp.queries.reports.people import OPEN
from webapp.queries.reports.posts import by_district


def tables(session: Session, asked: Asked) -> Tables:
    """Yield the three tables; a unit nobody knows anything of has no row."""
    target = select(Target.unit, Target.value.label("target")).where(
        Target.period_id == asked.period_id,
        Target.indicator == RETAINED,
        Target.year == 0,
        Target.value.is_not(None),
        Target.unit.in_(list(units())),
    )
    yield "targets_by_unit", whole(session, target)
    waiting = (
        select(Placement.unit, func.count().label("people"))
        .where(Placement.state.in_(OPEN), Placement.created_at < asked.after, Placement.unit.is_not(None))
        .group_by(Placement.unit)
    )
    yield "waiting_by_unit", whole(session, waiting)
    yield "posts_by_unit", _posts(session, asked)


def _posts(session: Session, asked: Asked) -> Gathered:
    wanted = by_district(asked)
    places: Counter[str] = Counter()
    well_paid: Counter[str] = Counter()
    for district, headcount, better in session.execute(wanted):
        unit = unit_of(district, asked.as_of)
        if unit:
            places[unit] += int(headcount)
            well_paid[unit] += int(better)
    rows = in_order([unit, places[unit], well_paid[unit]] for unit in places)
    return Gathered(("unit", "headcount", "well_paid"), rows, digest_of_query(wanted))
