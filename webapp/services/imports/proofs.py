"""Administrative records become evidence of grade A on claims that people have made."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.evidence import Grade, evidence_type
from webapp.domain.lists import Claim, Finding, ListRowRefused, Proof, insured_months, plain_name, takes_proof
from webapp.domain.programme import Ruleset
from webapp.domain.retention import LIVE, ClaimState, Event, move
from webapp.domain.words import N_
from webapp.models import Evidence, Period, Placement
from webapp.reading.lists import Insured, Licensed, Named
from webapp.services.confirmations import confirm_counts
from webapp.services.followups import Span, record_insured
from webapp.services.imports.batch import Batch
from webapp.services.imports.people import Person, claims_of, people_by_key


class InsuredTooShortly(ListRowRefused):
    """Fewer months than the rules ask for."""

    message = N_("参保不满 %(months)d 个月，还不能作为证据")


def take_insured(batch: Batch, rows: Sequence[tuple[int, Insured]]) -> None:
    """Let the rows of an insurance list prove the claims they fit, and say who is still here."""
    named = _prove(batch, rows, _insurance)
    spans = [
        Span(person.id, row.first_on, _end_of_month(row.last_on) if row.last_on else batch.on)
        for row, person in named
        if row.first_on <= batch.on
    ]
    if spans:
        record_insured(batch.session, spans, at=batch.at)


def take_licensed(batch: Batch, rows: Sequence[tuple[int, Licensed]]) -> None:
    """Let the rows of a licence list prove the businesses people have claimed."""
    _prove(batch, rows, _licence)


def _insurance(batch: Batch, row: Insured, ruleset: Ruleset) -> Proof:
    if insured_months(row.first_on, row.last_on, batch.on) < ruleset.min_insured_months:
        raise InsuredTooShortly(months=ruleset.min_insured_months)
    return Proof(
        type="flexible_insurance" if row.flexible else "social_insurance",
        employer_name=row.employer,
        credit_code=row.credit_code,
        first_on=row.first_on,
        last_on=row.last_on,
        own=row.flexible,
    )


def _licence(batch: Batch, row: Licensed, ruleset: Ruleset) -> Proof:  # noqa: ARG001 - as for insurance
    return Proof(
        type="business_licence",
        employer_name=row.employer,
        credit_code=row.credit_code,
        first_on=row.founded_on,
        last_on=None,
        own=True,
    )


def _prove(
    batch: Batch, rows: Sequence[tuple[int, Any]], proof_of: Callable[..., Proof]
) -> list[tuple[Any, Person]]:
    """Find each row's person and claim, and attach what the claim does not have yet.

    Returns the rows whose person was found under the same name.
    """
    periods = list(batch.session.scalars(select(Period)))
    keys = [batch.key_of(row) for _number, row in rows]
    people = people_by_key(batch.session, set(keys))
    claims = claims_of(batch.session, {person.id for found in people.values() for person in found})
    proved = _proved_already(batch.session, [one.id for made in claims.values() for one in made])
    desk, rules = _Desk(batch, proved, periods), batch.ruleset_of(periods, batch.on)
    named: list[tuple[Any, Person]] = []
    for (number, row), key in zip(rows, keys, strict=True):
        try:
            proof = proof_of(batch, row, rules)
        except ListRowRefused as refusal:
            batch.refuse(number, str(refusal))
            continue
        found = people.get(key, [])
        if found:
            desk.take(number, row, proof, [(person, claims.get(person.id, ())) for person in found])
            named += [(row, person) for person in found if plain_name(person.name) == plain_name(row.name)]
        else:
            batch.unmatched += 1
    desk.write()
    return named


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


class _Desk:
    """Attaches proofs to claims; what a claim has already is not attached again."""

    def __init__(self, batch: Batch, proved: set[tuple[int, str]], periods: Sequence[Period]) -> None:
        self._batch = batch
        self._proved = proved
        self._periods = periods
        self._evidence: list[dict[str, Any]] = []
        self._changed: dict[int, dict[str, Any]] = {}

    def take(
        self, number: int, row: Named, proof: Proof, people: Sequence[tuple[Person, Sequence[Claim]]]
    ) -> None:
        """Take one row; what stands in the total is proved first, then what was claimed last."""
        person = people[0][0]
        if plain_name(person.name) != plain_name(row.name):
            self._batch.found(number, Finding.DIFFERS, person)
            return
        made = [(one, claim) for one, claims in people for claim in claims if takes_proof(claim.state)]
        fitting = [(one, claim) for one, claim in made if proof.fits(claim, self._rules(claim))]
        if fitting:
            best = max(fitting, key=lambda pair: (pair[1].state in LIVE, pair[1].started_on, pair[1].id))
            self._attach(number, proof, *best)
        else:
            other = Finding.OTHER_EMPLOYER if _comparable(made, proof) else Finding.NO_CLAIM
            self._batch.found(number, other, person)

    def _rules(self, claim: Claim) -> Ruleset:
        return self._batch.ruleset_of(self._periods, claim.started_on)

    def write(self) -> None:
        """Write new evidence and the states it leads to."""
        if self._evidence:
            self._batch.session.execute(insert(Evidence), self._evidence)
        alike: dict[frozenset[tuple[str, Any]], list[int]] = defaultdict(list)
        for key, changed in sorted(self._changed.items()):
            alike[frozenset(changed.items())].append(key)
        for values, keys in alike.items():
            changes = update(Placement).where(Placement.id.in_(keys)).values(dict(values))
            self._batch.session.execute(changes)
        if confirmed := [key for key, changed in self._changed.items() if "grade" in changed]:
            confirm_counts(
                self._batch.session,
                placement_ids=confirmed,
                at=self._batch.at,
                by_id=self._batch.maker_id,
            )

    def _attach(self, number: int, proof: Proof, person: Person, claim: Claim) -> None:
        state = self._changed.get(claim.id, {}).get("state", claim.state)
        if (claim.id, proof.type) in self._proved or state is ClaimState.CONFIRMED:
            self._batch.found(number, Finding.KNOWN, person, placement_id=claim.id)
            return
        self._proved.add((claim.id, proof.type))
        self._evidence.append(self._row(proof, claim))
        counts = state in LIVE
        after = _proved_state(state)
        self._changed[claim.id] = {
            "state": after,
            **({"grade": Grade.A} if counts else {"return_reason": None}),
            **({} if after is state else {"state_since_at": self._batch.at}),
        }
        finding = Finding.CONFIRMED if counts else Finding.PROVED
        self._batch.found(number, finding, person, placement_id=claim.id)

    def _row(self, proof: Proof, claim: Claim) -> dict[str, Any]:
        kind = evidence_type(proof.type)
        return {
            "placement_id": claim.id,
            "type": kind.key,
            "grade": kind.grade,
            "issuer": kind.issuer,
            "method": "import",
            "sha256": self._batch.run.digest,
            "valid_from_on": proof.first_on,
            "valid_to_on": proof.last_on,
            "submitted_by_id": self._batch.maker_id,
            "created_at": self._batch.at,
        }


def _proved_state(state: ClaimState) -> ClaimState:
    """Return the state a claim is in once the register has confirmed it; a dispute stays one."""
    if state is ClaimState.DISPUTED:
        return state
    return move(state, Event.CONFIRM if state is ClaimState.COUNTED else Event.PROVE)


def _comparable(made: Sequence[tuple[Person, Claim]], proof: Proof) -> bool:
    """Say whether anything was claimed that this kind of record could have proved."""
    codes = evidence_type(proof.type).outcome_codes
    return any(claim.code in codes for _person, claim in made)


def _proved_already(session: Session, placement_ids: Sequence[int]) -> set[tuple[int, str]]:
    rows = session.execute(
        select(Evidence.placement_id, Evidence.type).where(
            Evidence.placement_id.in_(placement_ids), Evidence.grade == Grade.A
        )
    )
    return {*rows.tuples()}
