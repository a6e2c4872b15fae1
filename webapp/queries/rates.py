"""Whose destination is known: persons by school, year and degree, from registers and claims alike."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, String, exists, extract, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from webapp.domain.dates import city_date
from webapp.domain.rates import UNKNOWN, Destinations, destinations
from webapp.domain.retention import LIVE, ClaimState
from webapp.domain.words import N_
from webapp.models import Graduate, OutcomeTotal, PersonAlias, Placement, RegisteredOutcome
from webapp.queries.officers import Reach

OPEN = (ClaimState.CLAIMED, ClaimState.EVIDENCED, ClaimState.PROVISIONAL)
"""Claims nobody has verified yet, and nobody has returned."""


class RateDimension(StrEnum):
    """By what destinations can be taken apart."""

    INSTITUTION = "institution_code"
    DEGREE = "degree"
    YEAR = "year"


LABELS: Mapping[StrEnum, str] = {
    RateDimension.INSTITUTION: N_("毕业院校"),
    RateDimension.DEGREE: N_("学历"),
    RateDimension.YEAR: N_("毕业年份"),
}


@dataclass(frozen=True, slots=True)
class RateFilter:
    """Whose destinations are meant; an officer of a school's station has that school only."""

    reach: Reach = field(default_factory=Reach)
    institution_code: str | None = None
    year: int | None = None


class OutcomeKey(NamedTuple):
    """One cell of the sums; ``degree`` and ``code`` are empty where they are not known."""

    institution_code: str
    year: int
    degree: str
    code: str


def people_by(session: Session, wanted: RateFilter, by: RateDimension) -> Mapping[str, Destinations]:
    """Return persons by destination, taken apart by one dimension; from the sums of last night."""
    column = getattr(OutcomeTotal, by.value)
    rows = session.execute(
        select(column, OutcomeTotal.code, func.sum(OutcomeTotal.total))
        .where(*_meant(wanted))
        .group_by(column, OutcomeTotal.code)
        .order_by(column)
    )
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for key, code, total in rows:
        counted[str(key)][code] = int(total)
    return {key: destinations(counts) for key, counts in counted.items()}


def people_of(session: Session, wanted: RateFilter) -> Destinations:
    """Return all persons meant by destination."""
    parts = people_by(session, wanted, RateDimension.YEAR)
    whole: Counter[str] = Counter()
    for part in parts.values():
        whole.update(part.by_code)
    return destinations(whole)


def years(session: Session, reach: Reach) -> list[int]:
    """Return the years of graduation there are, the latest first."""
    rows = select(OutcomeTotal.year).where(*_meant(RateFilter(reach))).distinct()
    return sorted(session.scalars(rows), reverse=True)


def summed_on(session: Session) -> date | None:
    """Return the day up to which the sums were made."""
    at = session.scalar(select(func.max(OutcomeTotal.built_at)))
    return city_date(at) if at else None


def fresh_totals(session: Session) -> Mapping[OutcomeKey, int]:
    """Count every verified graduate once, by the strongest word on their destination.

    A verified claim comes before what the school has registered, that before a claim nobody has verified;
    of several claims the last one stands. A code no group holds raises.
    """
    people = _people().subquery()
    key: list[Any] = [people.c.institution_code, people.c.year, people.c.degree, people.c.code]
    totals: Counter[OutcomeKey] = Counter()
    rows: Any = session.execute(select(*key, func.count().label("count")).group_by(*key))
    for school, graduated, level, said, count in rows:
        for mapped, number in destinations({said: count}).by_code.items():
            totals[OutcomeKey(school, int(graduated), level, mapped)] += number
    return totals


def differences(session: Session) -> Iterator[str]:
    """Yield where the kept sums differ from every single graduate."""
    kept = {
        OutcomeKey(one.institution_code, one.year, one.degree, one.code): one.total
        for one in session.scalars(select(OutcomeTotal))
    }
    made = fresh_totals(session)
    for key in sorted(kept.keys() | made.keys()):
        if kept.get(key, 0) != made.get(key, 0):
            yield f"{' '.join(map(str, key))}: {kept.get(key, 0)}, {made.get(key, 0)}"


def registered_listed(wanted: RateFilter) -> Select[Any]:
    """Select what schools have registered, with the person: name, key, school."""
    kept: list[ColumnElement[bool]] = [Graduate.person_key.is_not(None)]
    if school := wanted.reach.institution_code or wanted.institution_code:
        kept.append(Graduate.institution_code == school)
    if wanted.year is not None:
        kept.append(Graduate.graduation_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    rows = (
        select(RegisteredOutcome, Graduate.name, Graduate.person_key, Graduate.institution_code)
        .join(Graduate, Graduate.id == RegisteredOutcome.graduate_id)
        .where(*kept)
        .order_by(RegisteredOutcome.graduate_id)
    )
    return cast("Select[Any]", rows)


def _people() -> Select[Any]:
    """Select every verified graduate once, with the strongest word on where they went."""
    code = func.coalesce(_claim(LIVE), RegisteredOutcome.code, _claim(OPEN), UNKNOWN)
    rows = (
        select(
            Graduate.institution_code,
            extract("year", Graduate.graduation_on).label("year"),
            func.coalesce(type_coerce(Graduate.degree, String), "").label("degree"),
            code.label("code"),
        )
        .outerjoin(RegisteredOutcome, RegisteredOutcome.graduate_id == Graduate.id)
        .where(
            Graduate.degree_verified_on.is_not(None),
            Graduate.institution_code.is_not(None),
            ~_second_account(),
        )
    )
    return cast("Select[Any]", rows)


def _claim(states: Any) -> ColumnElement[str | None]:
    claim = aliased(Placement)
    return (
        select(claim.outcome_code)
        .where(claim.graduate_id == Graduate.id, claim.state.in_(states))
        .order_by(claim.id.desc())
        .limit(1)
        .correlate(Graduate)
        .scalar_subquery()
    )


def _second_account() -> ColumnElement[bool]:
    """Say in SQL that a graduate has another account, to whose document this one was joined."""
    stays = aliased(Graduate)
    return exists().where(
        PersonAlias.person_key == Graduate.person_key, stays.person_key == PersonAlias.joined_to
    )


def _meant(wanted: RateFilter) -> list[ColumnElement[bool]]:
    school = wanted.reach.institution_code or wanted.institution_code
    kept: list[ColumnElement[bool]] = [OutcomeTotal.institution_code == school] if school else []
    return [*kept, OutcomeTotal.year == wanted.year] if wanted.year is not None else kept
