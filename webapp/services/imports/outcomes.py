"""A school's 去向登记 export: what it has registered becomes claims, never counts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from webapp.domain.evidence import evidence_type
from webapp.domain.lists import Claim, Finding, ListRowRefused, plain_name, takes_proof
from webapp.domain.programme import outcome_codes, unit_of
from webapp.domain.retention import LIVE, ClaimState
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import Employer, Evidence, Placement
from webapp.reading.list_columns import HEADERS
from webapp.reading.list_refusals import FieldMissing
from webapp.reading.lists import Registered
from webapp.services.imports.batch import Batch
from webapp.services.imports.people import Person, claims_of, people_by_key
from webapp.services.imports.registered import keep_registered
from webapp.services.imports.rolls import NotOwnSchool, own_school

AGREEMENT, BY_AGREEMENT = "agreement", "10"
_OWN = frozenset({"75", "76"})
_NOBODYS = "not_employed"


class EmployerNeeded(ListRowRefused):
    """Work or study without saying where."""

    message = N_("缺少单位名称；升学、入伍请填写院校或部队名称")


class _Known(NamedTuple):
    """What is known before a batch: claims by graduate, employers by credit code."""

    claims: dict[int, list[Claim]]
    employers: Mapping[str, int]


def take_outcomes(batch: Batch, rows: Sequence[tuple[int, Registered]]) -> None:
    """Keep what a school has registered, and claim what can be; its number of an agreement is of grade B.

    Who has no outcome yet claims none, but is known to have none. What differs from a claim that counts
    is shown, not written.
    """
    rows = _usable(batch, rows)
    keys = {number: batch.key_of(row) for number, row in rows}
    people = people_by_key(batch.session, set(keys.values()))
    graduates = {person.id for found in people.values() for person in found}
    known = _Known(
        {key: list(made) for key, made in claims_of(batch.session, graduates).items()},
        _employers(batch, [row for _number, row in rows]),
    )
    registered: dict[int, Registered] = {}
    for number, row in rows:
        found = people.get(keys[number], [])
        if found:
            if _take(batch, number, row, found[0], known):
                registered[found[0].id] = row
        else:
            batch.unmatched += 1
    keep_registered(batch, registered)


def _usable(batch: Batch, rows: Sequence[tuple[int, Registered]]) -> list[tuple[int, Registered]]:
    own, usable = own_school(batch), []
    for number, row in rows:
        refusal = _refusal(row, own)
        if refusal:
            batch.refuse(number, str(refusal))
        else:
            usable.append((number, row))
    return usable


def _refusal(row: Registered, own: str | None) -> ListRowRefused | None:
    if own and row.institution_code != own:
        return NotOwnSchool()
    if outcome_codes()[row.code].group == _NOBODYS:
        return None
    if row.started_on is None:
        return FieldMissing(column=HEADERS["started_on"][0])
    return EmployerNeeded() if row.employer is None and row.code not in _OWN else None


def _take(batch: Batch, number: int, row: Registered, person: Person, known: _Known) -> bool:
    """Let a row take effect; say whether it speaks of this person."""
    finding = _finding(row, person, known.claims.get(person.id, []))
    if finding is not Finding.CLAIMED:
        batch.found(number, finding, person)
        return finding is not Finding.DIFFERS
    placement = _claim(batch, row, person, known.employers)
    started, state = placement.started_on, placement.state
    made = Claim(placement.id, person.id, row.code, state, started, row.employer, row.credit_code)
    known.claims.setdefault(person.id, []).append(made)
    batch.tell(person, N_("学校登记了你的毕业去向，请补充证明材料，核验后计入留汉统计。"))
    batch.found(number, finding, person, placement_id=placement.id)
    return True


def _finding(row: Registered, person: Person, made: Sequence[Claim]) -> Finding:
    if plain_name(person.name) != plain_name(row.name):
        return Finding.DIFFERS
    if person.institution_code not in {None, row.institution_code}:
        return Finding.DIFFERS
    if row.started_on is None:
        return Finding.NO_CLAIM
    same = [one for one in made if one.code == row.code and _same_employer(one, row)]
    if any(takes_proof(one.state) or one.started_on == row.started_on for one in same):
        return Finding.KNOWN
    return Finding.OTHER_EMPLOYER if any(one.state in LIVE for one in made) else Finding.CLAIMED


def _same_employer(claim: Claim, row: Registered) -> bool:
    if claim.credit_code and row.credit_code:
        return claim.credit_code == row.credit_code
    return plain_name(claim.employer_name) == plain_name(row.employer)


def _claim(batch: Batch, row: Registered, person: Person, employers: Mapping[str, int]) -> Placement:
    proved = row.code == BY_AGREEMENT and row.agreement is not None
    employer_id = employers.get(row.credit_code or "")
    placement = Placement(
        graduate_id=person.id,
        employer_id=employer_id,
        employer_name=None if employer_id else row.employer,
        outcome_code=row.code,
        state=ClaimState.EVIDENCED if proved else ClaimState.CLAIMED,
        started_on=row.started_on,
        district=row.district,
        unit=unit_of(row.district, row.started_on) if row.district and row.started_on else None,
        pay=row.pay,
        claimed_by_id=batch.maker_id,
        claimed_by_role=Role.OFFICER,
        state_since_at=batch.at,
        created_at=batch.at,
    )
    batch.session.add(placement)
    if proved:
        kind = evidence_type(AGREEMENT)
        batch.session.add(
            Evidence(
                placement=placement,
                type=kind.key,
                grade=kind.grade,
                issuer=kind.issuer,
                method="import",
                sha256=batch.run.digest,
                valid_from_on=row.started_on,
                submitted_by_id=batch.maker_id,
                created_at=batch.at,
            )
        )
    batch.session.flush()
    return placement


def _employers(batch: Batch, rows: Sequence[Registered]) -> Mapping[str, int]:
    codes = {row.credit_code for row in rows if row.credit_code}
    found = select(Employer.credit_code, Employer.id).where(Employer.credit_code.in_(codes))
    return dict(batch.session.execute(found).tuples().all())
