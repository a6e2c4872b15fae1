"""The ledger as arithmetic (invariants I2, I5, I8, I9) and the services on it (I1, I3, I4, I6, I7, I15)."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from webapp.database import open_engine
from webapp.domain import chain
from webapp.domain.chain import GENESIS, Entry, Totals, fold, problems
from webapp.domain.errors import PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.retention import LIVE, Cause, ClaimState, EntryKind
from webapp.domain.roles import Role
from webapp.models import Base, Graduate, LedgerEntry, Placement, User
from webapp.queries import ledger as ledger_rows
from webapp.queries.retention import DIMENSIONS, refold_agrees, retention_count
from webapp.services import ledger, verifications
from webapp.services.ledger import verify_chain

AT = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
UNITS = ["420106", "420111", "WH-DHGX"]
MONTHS = ["2026-06", "2026-07", "2026-08"]


def sealed(rows: list[dict[str, Any]]) -> list[tuple[Entry, str]]:
    """Chain rows into a correct ledger."""
    written: list[tuple[Entry, str]] = []
    for row in rows:
        entry = Entry(seq=len(written) + 1, prev_hash=written[-1][1] if written else GENESIS, **row)
        written.append((entry, entry.digest))
    return written


def line(person: str, unit: str, month: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": person,
        "idempotency_key": person,
        "kind": EntryKind.COUNT,
        "person_key": person,
        "person_root": person,
        "period_id": "P15",
        "unit": unit,
        "district": unit,
        "delta": 1,
        "attributed_month": month,
        "posted_month": month,
        "cancels_seq": None,
        "cause": None,
        "placement_id": 1,
        "actor_id": 1,
        "second_actor_id": None,
        "evidence_ids": (1,),
        "grade": "B",
        "ruleset_id": "RS-2026.1",
        "created_at": AT,
    } | changes


@st.composite
def ledgers(draw: st.DrawFn) -> list[tuple[Entry, str]]:
    """Counts of different persons, some of them reversed later."""
    places = draw(
        st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(MONTHS)), min_size=1, max_size=12)
    )
    rows = [line(f"person{number}", *place) for number, place in enumerate(places)]
    for number in draw(st.lists(st.integers(0, len(rows) - 1), unique=True)):
        rows.append(
            rows[number]
            | {
                "kind": EntryKind.REVERSE,
                "delta": -1,
                "cancels_seq": number + 1,
                "cause": Cause.R1,
                "second_actor_id": 2,
                "posted_month": "2026-09",
            }
        )
    return sealed(rows)


@given(ledgers())
def test_a_correct_ledger_has_no_problem(rows: list[tuple[Entry, str]]) -> None:
    assert list(problems(rows)) == []


@given(ledgers())
def test_every_breakdown_adds_up_to_the_total(rows: list[tuple[Entry, str]]) -> None:
    totals = fold(entry for entry, _hash in rows)
    for parts in (
        totals.by_unit,
        totals.by_district,
        totals.by_month,
        totals.by_posted_month,
        totals.by_person,
    ):
        assert sum(parts.values()) == totals.total
    assert all(value == 1 for value in totals.by_person.values())


@given(ledgers(), st.data())
def test_folding_is_additive_over_any_cut(rows: list[tuple[Entry, str]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(rows)))
    entries = [entry for entry, _hash in rows]
    assert fold(entries[:cut]) + fold(entries[cut:]) == fold(entries)
    assert fold(entries) + Totals() == fold(entries)


FORGERIES: dict[str, Any] = {
    "person_root": "somebody",
    "unit": "420102",
    "delta": 0,
    "attributed_month": "2026-05",
    "actor_id": 99,
    "grade": "A",
    "created_at": AT + timedelta(microseconds=1),
    "evidence_ids": (),
}


@given(ledgers(), st.data())
def test_any_edit_of_any_row_is_found_and_names_the_row(
    rows: list[tuple[Entry, str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(sorted(FORGERIES)))
    entry, kept = rows[place]
    rows[place] = (dataclasses.replace(entry, **{name: FORGERIES[name]}), kept)
    if rows[place][0] != entry:
        assert place + 1 in {problem.seq for problem in problems(rows)}


@given(ledgers(), st.data())
def test_a_row_edited_with_its_own_hash_breaks_the_next_link(
    rows: list[tuple[Entry, str]], data: st.DataObject
) -> None:
    if len(rows) == 1:
        return
    place = data.draw(st.integers(0, len(rows) - 2))
    forged = dataclasses.replace(rows[place][0], actor_id=99)
    rows[place] = (forged, forged.digest)
    assert place + 2 in {problem.seq for problem in problems(rows)}


@given(ledgers(), st.data())
def test_a_lost_row_is_found(rows: list[tuple[Entry, str]], data: st.DataObject) -> None:
    if len(rows) == 1:
        return
    place = data.draw(st.integers(0, len(rows) - 2))
    del rows[place]
    assert chain.GAP in {problem.message for problem in problems(rows)}


def test_rules_of_counting_are_checked_beside_the_hashes() -> None:
    count = line("one", "420106", "2026-06")
    reverse = count | {"kind": EntryKind.REVERSE, "delta": -1, "cause": Cause.R1, "second_actor_id": 2}
    alias = line("two", "city", "2026-06", kind=EntryKind.ALIAS, delta=0, person_root="one")

    def found(*rows: dict[str, Any]) -> list[str]:
        return [problem.message for problem in problems(sealed(list(rows)))]

    assert found(count, count) == [chain.DOUBLE]
    assert found(count, reverse | {"cancels_seq": 9}) == [chain.ORPHAN]
    assert found(count, reverse | {"cancels_seq": 1, "unit": "420111"}) == [chain.ORPHAN, chain.NEGATIVE]
    assert chain.TWICE in found(count, *(reverse | {"cancels_seq": 1} for _ in range(2)))
    assert found(count, alias, line("two", "420111", "2026-07")) == [chain.DOUBLE]
    assert found(line("two", "420111", "2026-07"), alias, count) == [chain.DOUBLE]
    assert found(count, line("one", "420106", "2026-06", period_id="P16")) == []


class Counting(RuleBasedStateMachine):
    """Officers approve, dispute, reverse and replay in any order; the books must always balance."""

    @initialize()
    def open_office(self) -> None:
        engine = open_engine("sqlite://")
        Base.metadata.create_all(engine)
        self.session = Session(engine)
        factories.make_period(self.session)
        self.officers = [factories.make_officer(self.session).user for _ in range(3)]
        self.people = [
            factories.make_graduate(
                self.session,
                person_key=f"person{number % 4}",  # two of them are one human registered twice
                degree_verified_on=date(2026, 7, 1),
                degree_verified_by_id=self.officers[0].id,
            )
            for number in range(5)
        ]
        self.claims: list[Placement] = []
        self.at = AT

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()

    @rule(person=st.integers(0, 4), unit=st.sampled_from(UNITS), grade=st.sampled_from(Grade))
    def claim(self, person: int, unit: str, grade: Grade) -> None:
        self.claims.append(claimed(self.session, self.people[person], unit, grade))

    @rule(number=st.integers(0, 30), officer=st.integers(0, 2), deed=st.integers(0, 4))
    def judge(self, number: int, officer: int, deed: int) -> None:
        if not self.claims:
            return
        placement, by = self.claims[number % len(self.claims)], self.officers[officer]
        self.at += timedelta(days=3)
        deeds = (
            partial(verifications.approve_placement, at=self.at),
            partial(verifications.dispute_count, at=self.at, reason="抽查"),
            partial(verifications.uphold_count, at=self.at),
            partial(verifications.request_reversal, at=self.at, cause=Cause.R1),
            partial(verifications.reverse_count, at=self.at),
        )
        self.try_to(partial(deeds[deed], self.session, by=by, placement_id=placement.id))

    @rule(officer=st.integers(0, 2), number=st.integers(0, 30))
    def replay(self, officer: int, number: int) -> None:
        """Cancelling what has been cancelled writes nothing (I6)."""
        rows = self.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.REVERSE)).all()
        if rows:
            row = rows[number % len(rows)]
            before = self.rows()
            ledger.cancel_count(
                self.session, seq=row.cancels_seq or 0, cause=Cause.R2, first_id=98, second_id=99, at=self.at
            )
            assert self.rows() == before

    def try_to(self, deed: Any) -> None:
        """A refused command writes nothing (I7)."""
        before = self.rows()
        try:
            with self.session.begin_nested():
                deed()
        except PlatformError:
            assert self.rows() == before

    def rows(self) -> int:
        return self.session.scalar(select(func.count(LedgerEntry.seq))) or 0

    @invariant()
    def books_balance(self) -> None:
        if not hasattr(self, "session"):
            return
        assert verify_chain(self.session) == []
        assert refold_agrees(self.session, "P15")
        counted = retention_count(self.session, period_id="P15")
        assert all(sum(counted.by[name].values()) == counted.total for name in DIMENSIONS)
        live = [placement for placement in self.claims if placement.state in LIVE]
        assert counted.total == len(live) == len({placement.graduate.person_key for placement in live})
        for placement in live:
            assert placement.grade is not None
            assert placement.grade is not Grade.D
            spoken = {one.verifier_id for one in placement.verifications if one.approved}
            assert placement.claimed_by_id not in spoken
            assert len(spoken) >= (2 if placement.grade is Grade.C else 1)


def claimed(session: Session, graduate: Graduate, unit: str, grade: Grade) -> Placement:
    """A claim with one piece of evidence of a grade."""
    from webapp.models import Evidence

    types = {
        Grade.A: ("11", "social_insurance"),
        Grade.B: ("11", "labour_contract"),
        Grade.C: ("12", "pay_slips"),
        Grade.D: ("11", "self_report"),
    }
    code, kind = types[grade]
    placement = Placement(
        graduate=graduate,
        employer_name="演示单位",
        outcome_code=code,
        state=ClaimState.EVIDENCED,
        started_on=date(2026, 7, 1),
        district=unit,
        unit=unit,
        pay=8000,
        claimed_by_id=graduate.user_id,
        claimed_by_role=Role.GRADUATE,
        state_since_at=AT,
        created_at=AT,
    )
    placement.evidence.append(
        Evidence(type=kind, grade=grade, method="upload", submitted_by_id=graduate.user_id, created_at=AT)
    )
    session.add(placement)
    session.flush()
    return placement


TestCounting = Counting.TestCase
TestCounting.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(5)))
def test_totals_do_not_depend_on_the_order_of_approvals(order: list[int]) -> None:
    """Invariant I15."""
    counted = [total_after(sorted(order)), total_after(order)]
    assert counted[0] == counted[1]


def total_after(order: list[int]) -> tuple[int, dict[str, dict[str, int]]]:
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        factories.make_period(session)
        by: User = factories.make_officer(session).user
        verified = {"degree_verified_on": date(2026, 7, 1), "degree_verified_by_id": by.id}
        people = [factories.make_graduate(session, person_key=str(n), **verified) for n in range(5)]
        claims = [claimed(session, person, UNITS[n % 3], Grade.B) for n, person in enumerate(people)]
        for number in order:
            verifications.approve_placement(session, by=by, placement_id=claims[number].id, at=AT)
        counted = retention_count(session, period_id="P15")
        assert ledger_rows.refold(session, "P15").total == counted.total
        return counted.total, {name: dict(parts) for name, parts in counted.by.items()}
