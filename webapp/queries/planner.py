"""Where the graduates of a period stand, from sums that are made anew each night."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.counted import UNKNOWN
from webapp.domain.dates import city_date
from webapp.domain.planner import Aside, Place
from webapp.domain.retention import PERIODS_THAT_COUNT
from webapp.models import Period, PlannerSum
from webapp.queries import pools
from webapp.queries.officers import Reach

CITY = "city"
DIMENSIONS = ("unit", "institution", "cluster")
Kept = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Sums of a scope by dimension, key and place."""

_LATE = {
    Place.WAITING: Aside.LATE_WAITING,
    Place.PROVISIONAL: Aside.LATE_PROVISIONAL,
    Place.CLAIMED: Aside.LATE_CLAIMED,
}
_GROWN = {Place.RETAINED: Aside.GROWN_RETAINED, Place.UNPLACED: Aside.GROWN_UNPLACED}


class Cell(NamedTuple):
    """The key of one kept sum."""

    scope: str
    dimension: str
    key: str
    place: str


def scope_of(reach: Reach, unit: str | None = None) -> str:
    """Return whose sums an officer is shown: the city's, a unit's or an institution's."""
    if reach.institution_code:
        return f"institution:{reach.institution_code}"
    only = reach.unit or unit
    return f"unit:{only}" if only else CITY


def kept(session: Session, period_id: str, scope: str) -> Kept:
    """Return the kept sums of a scope; nothing before the first night."""
    columns = (PlannerSum.dimension, PlannerSum.key, PlannerSum.place, PlannerSum.total)
    mine = (PlannerSum.period_id == period_id, PlannerSum.scope == scope)
    found: dict[str, dict[str, dict[str, int]]] = {dimension: {} for dimension in DIMENSIONS}
    for dimension, key, place, total in session.execute(select(*columns).where(*mine)):
        found[dimension].setdefault(key, {})[place] = total
    return {dimension: keys for dimension, keys in found.items() if keys}


def whole(sums: Kept) -> Mapping[str, int]:
    """Return a scope's sums over all keys of one dimension; every dimension has the same."""
    added: Counter[str] = Counter()
    for one in next(iter(sums.values()), {}).values():
        added.update(one)
    return added


def kept_on(session: Session, period_id: str) -> date | None:
    """Return the day on which the kept sums were made."""
    at = session.scalar(select(PlannerSum.built_at).where(PlannerSum.period_id == period_id).limit(1))
    return city_date(at) if at else None


def summed_up(session: Session, *, on: date) -> Mapping[str, Mapping[Cell, int]]:
    """Return fresh sums of every period that still counts, by period."""
    counting = select(Period).where(Period.status.in_(PERIODS_THAT_COUNT), Period.start_on <= on)
    return {period.id: summed(session, period, on=on) for period in session.scalars(counting).all()}


def summed(session: Session, period: Period, *, on: date) -> Counter[Cell]:
    """Return the sums as every single graduate makes them: a few sweeps over the whole city."""
    sums: Counter[Cell] = Counter()
    for *group, place, late, grown, total in session.execute(pools.people(period, on)):
        places = [place]
        if late:
            places.append(_LATE[place])
        if grown:
            places += [Aside.GROWN, *([_GROWN[place]] if place in _GROWN else [])]
        _add(sums, group, places, total)
    for aside, rows in ((Aside.FLOW, pools.flow(on)), (Aside.BROKEN, pools.broken(on))):
        for *group, total in session.execute(rows):
            _add(sums, group, [aside], total)
    return sums


def differences(session: Session, period: Period, *, on: date) -> list[str]:
    """Return where the kept sums differ from the people, as ``cell: kept, found``."""
    columns = [getattr(PlannerSum, name) for name in Cell._fields]
    rows = session.execute(select(*columns, PlannerSum.total).where(PlannerSum.period_id == period.id))
    stored = Counter({Cell(*row[:-1]): row[-1] for row in rows})
    fresh = summed(session, period, on=on)
    return [
        f"{tuple(cell)}: {stored[cell]}, {fresh[cell]}"
        for cell in sorted(stored.keys() | fresh.keys())
        if stored[cell] != fresh[cell]
    ]


def _add(sums: Counter[Cell], group: Sequence[str | None], places: Sequence[str], total: int) -> None:
    said = dict(zip(DIMENSIONS, (key or UNKNOWN for key in group), strict=True))
    for scope, dimension in _shown(said):
        for place in places:
            sums[Cell(scope, dimension, said[dimension], str(place))] += total


def _shown(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the scopes of a group and how each is taken apart; no office is by itself."""
    for dimension in DIMENSIONS:
        yield CITY, dimension
    for office in ("unit", "institution"):
        for dimension in DIMENSIONS:
            if said[office] and dimension != office:
                yield f"{office}:{said[office]}", dimension
