"""The gap of a period and what would close it, for the city, a unit or an institution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from webapp.domain.errors import NotFound
from webapp.domain.indicators import YEAR_MONTHS, months_elapsed
from webapp.domain.planner import (
    Lever,
    Offer,
    added,
    median_rate,
    offer,
    rate,
)
from webapp.models import Period
from webapp.queries.breakdowns import CountFilter
from webapp.queries.followups import Cohort, LeavingReason, leaving_reasons, left_by
from webapp.queries.planner import CITY, Kept, kept, kept_on, scope_of, whole
from webapp.queries.projection import Course, course

INSTITUTION = "institution"
_LEFT = {"unit": "unit", INSTITUTION: "institution_code"}
"""Offices of which leavers are summed up, and by which column."""


@dataclass(frozen=True, slots=True)
class Group:
    """One unit, institution or cluster: where its people stand and what each lever adds at most."""

    key: str
    sums: Mapping[str, int]
    rate: float | None
    left: int | None
    offers: Sequence[Offer]

    @property
    def most(self) -> int:
        """Return how many all levers together add at most."""
        return sum(one.most for one in self.offers)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything the planner's page shows; ``summed_on`` is None before the first night.

    ``groups`` holds a list for each dimension the scope can be taken apart by, the largest lever first.
    ``middle`` is the median of the institutions' rates, None where too few are known.
    """

    course: Course
    summed_on: date | None
    years: float
    sums: Mapping[str, int]
    groups: Mapping[str, Sequence[Group]]
    offers: Sequence[Offer]
    middle: float | None
    leaving: Sequence[LeavingReason]

    @property
    def gap(self) -> float | None:
        """Return what the count lacks of its target; None without a target."""
        standing = self.course.pace
        return None if standing.target is None else max(0.0, standing.target - standing.actual)


def outlook(session: Session, wanted: CountFilter, *, on: date) -> Outlook:
    """Return the gap and the levers of one view of the count, from kept sums."""
    period = session.get(Period, wanted.period_id)
    if period is None:
        raise NotFound
    scope = scope_of(wanted.reach, wanted.unit)
    sums = kept(session, period.id, scope)
    schools = (sums if scope == CITY else kept(session, period.id, CITY)).get(INSTITUTION, {})
    month, months = months_elapsed(period.start_on, period.end_on, on)
    years, middle = (months - month) / YEAR_MONTHS, median_rate(schools.values())
    left = {by: left_by(session, period.id, key) for by, key in _LEFT.items()} if scope == CITY else {}
    groups = {by: _groups(by, parts, left.get(by), middle, years) for by, parts in sums.items()}
    return Outlook(
        course=course(session, wanted, on=on),
        summed_on=kept_on(session, period.id),
        years=years,
        sums=whole(sums),
        groups=groups,
        offers=_offers(scope, sums, schools, middle, years),
        middle=middle,
        leaving=leaving_reasons(session, Cohort(period.id, wanted.reach, wanted.unit)),
    )


def _groups(
    by: str,
    parts: Mapping[str, Mapping[str, int]],
    left: Mapping[str, int] | None,
    middle: float | None,
    years: float,
) -> list[Group]:
    """Take a scope apart; only the whole of an institution has a rate, and so a way to its median.

    ``left`` are the known leavers of whole offices, ``None`` where the scope is taken apart otherwise.
    """
    rated = by == INSTITUTION and left is not None
    levers = (Lever.VERIFY, Lever.ONBOARD, Lever.COMPLETE, *((Lever.LIFT,) if rated else ()), Lever.KEEP)
    found = [
        Group(
            key=key,
            sums=sums,
            rate=rate(sums) if rated else None,
            left=None if left is None else left.get(key, 0),
            offers=[offer(lever, key, sums, middle=middle, years=years) for lever in levers],
        )
        for key, sums in parts.items()
    ]
    return sorted(found, key=lambda group: (-group.most, group.key))


def _offers(
    scope: str,
    sums: Kept,
    schools: Mapping[str, Mapping[str, int]],
    middle: float | None,
    years: float,
) -> list[Offer]:
    """Return each lever for the whole scope; a unit has no graduates of its own before they start."""
    offers = [
        offer(lever, "", whole(sums), years=years)
        for lever in (Lever.VERIFY, Lever.ONBOARD, Lever.COMPLETE, Lever.KEEP)
    ]
    if not scope.startswith("unit:"):
        mine = [key for key in schools if scope in {CITY, f"{INSTITUTION}:{key}"} and key]
        raised = [offer(Lever.LIFT, key, schools[key], middle=middle) for key in mine]
        offers.insert(3, added(raised, Lever.LIFT))
    return offers
