"""A school's graduation roll: the school's own word that somebody has graduated."""

from collections.abc import Sequence

from sqlalchemy import update

from webapp.domain.lists import Finding, ListRowRefused, MatchGrade, plain_name
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Graduate
from webapp.reading.lists import Enrolled
from webapp.services.imports.batch import Batch
from webapp.services.imports.people import Person, people_by_key, people_by_likeness


class NotOwnSchool(ListRowRefused):
    """A station speaks for its own school only."""

    message = N_("不是本工作站学校的毕业生，请由该校工作站导入")


class NotGraduatedYet(ListRowRefused):
    """A graduation that is still to come."""

    message = N_("毕业日期还没有到，毕业后再导入")


def take_enrolled(batch: Batch, rows: Sequence[tuple[int, Enrolled]]) -> None:
    """Verify the degrees the roll names; who only looks alike is proposed to a human.

    A verified degree counts nobody by itself, so the maker's word is enough, as it is on the page.
    """
    rows = _usable(batch, rows)
    keys = {number: batch.key_of(row) for number, row in rows}
    people = people_by_key(batch.session, set(keys.values()))
    strangers = {_likeness(row) for number, row in rows if keys[number] not in people}
    alike = people_by_likeness(batch.session, strangers)
    verified: dict[int, dict[str, object]] = {}
    for number, row in rows:
        if keys[number] in people:
            _compare(batch, number, row, people[keys[number]][0], verified)
        elif len(candidates := alike.get(_likeness(row), [])) == 1:
            batch.found(number, Finding.PROPOSED, candidates[0], grade=MatchGrade.LIKENESS)
        else:
            batch.unmatched += 1
    if verified:
        batch.session.execute(update(Graduate), list(verified.values()))


def own_school(batch: Batch) -> str | None:
    """Return the only school the maker may speak for, nothing where there is no such limit."""
    maker = batch.maker()
    return maker.institution_code if maker and maker.scope is Scope.STATION else None


def _usable(batch: Batch, rows: Sequence[tuple[int, Enrolled]]) -> list[tuple[int, Enrolled]]:
    own, usable = own_school(batch), []
    for number, row in rows:
        if own and row.institution_code != own:
            batch.refuse(number, str(NotOwnSchool()))
        elif row.graduation_on > batch.on:
            batch.refuse(number, str(NotGraduatedYet()))
        else:
            usable.append((number, row))
    return usable


def _compare(
    batch: Batch, number: int, row: Enrolled, person: Person, verified: dict[int, dict[str, object]]
) -> None:
    """Verify a degree that nothing speaks against; the same again is known."""
    same_day = person.graduation_on == row.graduation_on
    agrees = (
        plain_name(person.name) == plain_name(row.name)
        and person.institution_code in {None, row.institution_code}
        and person.degree in {None, row.degree}
    )
    if not agrees or (person.degree_verified_on and not same_day):
        batch.found(number, Finding.DIFFERS, person)
    elif person.degree_verified_on or person.id in verified:
        batch.found(number, Finding.KNOWN, person)
    else:
        verified[person.id] = {
            "id": person.id,
            "institution_code": row.institution_code,
            "major_name": person.major_name or row.major,
            "degree": row.degree,
            "graduation_on": row.graduation_on,
            "degree_verified_on": batch.on,
            "degree_verified_by_id": batch.maker_id,
        }
        batch.tell(person, N_("你的学历已核验通过。"))
        batch.found(number, Finding.VERIFIED, person)


def _likeness(row: Enrolled) -> tuple[str, str, int]:
    return row.name, row.institution_code, row.graduation_on.year
