"""Whom a list speaks of: people by their keys, aliases followed, and the claims they have made."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.domain.degrees import Degree
from webapp.domain.lists import Claim
from webapp.models import Employer, Graduate, PersonAlias, Placement


class Person(NamedTuple):
    """A graduate as far as a list may compare."""

    id: int
    user_id: int
    name: str
    institution_code: str | None
    major_name: str | None
    degree: Degree | None
    graduation_on: date | None
    degree_verified_on: date | None
    person_key: str | None


_PERSON = [getattr(Graduate, name) for name in Person._fields]


def people_by_key(session: Session, keys: Collection[str]) -> Mapping[str, list[Person]]:
    """Return the graduates of each key, whichever of a person's documents the list and they have named."""
    roots = _roots(session, keys)
    root_of = _documents(session, {*roots.values()})
    wanted = select(*_PERSON).where(Graduate.person_key.in_(root_of), Graduate.restricted_at.is_(None))
    found: dict[str, list[Person]] = defaultdict(list)
    for row in session.execute(wanted):
        person = Person._make(row)
        found[root_of[person.person_key or ""]].append(person)
    return {key: found[root] for key, root in roots.items() if root in found}


def people_by_likeness(
    session: Session, wanted: Collection[tuple[str, str, int]]
) -> Mapping[tuple[str, str, int], list[Person]]:
    """Return the graduates who share name, institution and year of graduation: a likeness, never a match."""
    if not wanted:
        return {}
    years = {year for _name, _school, year in wanted}
    rows = session.execute(
        select(*_PERSON).where(
            Graduate.institution_code.in_({school for _name, school, _year in wanted}),
            Graduate.graduation_on.between(date(min(years), 1, 1), date(max(years), 12, 31)),
            Graduate.name.in_({name for name, _school, _year in wanted}),
            Graduate.restricted_at.is_(None),
        )
    )
    found: dict[tuple[str, str, int], list[Person]] = defaultdict(list)
    for person in map(Person._make, rows):
        if person.institution_code and person.graduation_on:
            found[person.name, person.institution_code, person.graduation_on.year].append(person)
    return {one: found[one] for one in wanted if one in found}


def claims_of(session: Session, graduate_ids: Collection[int]) -> Mapping[int, Sequence[Claim]]:
    """Return the claims of some graduates, locked in the order of their numbers for this transaction."""
    rows = session.execute(
        select(
            Placement.id,
            Placement.graduate_id,
            Placement.outcome_code,
            Placement.state,
            Placement.started_on,
            func.coalesce(Employer.name, Placement.employer_name),
            Employer.credit_code,
        )
        .outerjoin(Employer, Employer.id == Placement.employer_id)
        .where(Placement.graduate_id.in_(graduate_ids))
        .order_by(Placement.id)
        .with_for_update(of=Placement)
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        claim = Claim(*row)
        found[claim.graduate_id].append(claim)
    return found


def _roots(session: Session, keys: Collection[str]) -> dict[str, str]:
    """Return the person each key stands for, aliases followed to the end."""
    roots = {key: key for key in keys}
    waiting = set(keys)
    while waiting:
        joined = _joins(session, PersonAlias.person_key.in_(waiting))
        roots = {key: joined.get(root, root) for key, root in roots.items()}
        waiting = {*joined.values()}
    return roots


def _documents(session: Session, roots: Collection[str]) -> dict[str, str]:
    """Return every key that stands for one of these people, with the person it stands for."""
    root_of = {root: root for root in roots}
    waiting = set(roots)
    while waiting:
        joined = _joins(session, PersonAlias.joined_to.in_(waiting))
        root_of |= {key: root_of[one] for key, one in joined.items()}
        waiting = {*joined}
    return root_of


def _joins(session: Session, which: ColumnElement[bool]) -> dict[str, str]:
    rows = session.execute(select(PersonAlias.person_key, PersonAlias.joined_to).where(which))
    return dict(rows.tuples().all())
