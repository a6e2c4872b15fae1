"""Anybody may do anything in any order: a plain model of the rules and the real tables must agree.

Sequences on SQLite and PostgreSQL (with THOROUGH=1 two thousand) walk through counts, reversals, moves,
aliases made and undone, disputes, closed months and passing time. After each deed the model
knows whether it was allowed and what the sums are (I1-I5, I7, I14); at the end the whole ledger is
walked (I8-I10).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import THOROUGH
from tests.counted import refold_agrees
from webapp.domain import programme
from webapp.domain.books import resolve
from webapp.domain.dates import city_date, following, month_of
from webapp.domain.definitions import Definition, definitions
from webapp.domain.errors import PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.programme import gb2260_of
from webapp.domain.retention import LIVE, Cause, ClaimState
from webapp.domain.roles import Role
from webapp.models import ClosedMonth, Evidence, Graduate, LedgerEntry, LiveCount, Placement, User
from webapp.queries import ledger as rows
from webapp.queries.asof import count_as_of
from webapp.queries.breakdowns import CountFilter, Dimension, breakdown
from webapp.services import ledger, persons, reversals, verifications
from webapp.services.closing import close_month, rebuild_sums
from webapp.services.ledger import verify_chain

SEQUENCES = {"sqlite": 1500, "postgresql": 500} if THOROUGH else {"sqlite": 200, "postgresql": 100}
"""Two thousand in all when asked to be thorough; a run of every test has to stay short."""
STEPS = 6
START = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
PLACES = ["420106", "420111", "WH-DHGX", "WH-JKQ"]
FOLLOWS = "RS-FOLLOWS"
PROOFS = {
    Grade.A: ("11", "social_insurance"),
    Grade.B: ("11", "labour_contract"),
    Grade.C: ("12", "pay_slips"),
    Grade.D: ("11", "self_report"),
}
KEYS = ["one", "two", "three", "four"]
ACCOUNTS = [*KEYS, "one"]
"""The last account is the first person registered once more; :data:`STUDENT` has not graduated yet."""
STUDENT = len(ACCOUNTS)


@dataclass
class World:
    """A database with everybody in it; every sequence starts from here and is undone."""

    connection: Connection
    officers: list[int]
    graduates: list[int]


@dataclass
class Claim:
    """What the model knows of one claim."""

    id: int
    key: str
    unit: str
    district: str
    month: str
    grade: Grade
    state: ClaimState
    counted: Grade
    seq: int = 0

    @property
    def live(self) -> bool:
        return self.state in LIVE


@pytest.fixture
def world(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    usual = programme.rulesets()["RS-2026.1"]
    monkeypatch.setitem(programme.rulesets(), FOLLOWS, replace(usual, id=FOLLOWS, follow_move=True))  # type: ignore[arg-type]
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            factories.make_period(session, ruleset_id=FOLLOWS)
            officers = [factories.make_officer(session).user_id for _ in range(3)]
            verified = {"degree_verified_on": date(2026, 7, 1), "degree_verified_by_id": officers[0]}
            people = [factories.make_graduate(session, person_key=key, **verified) for key in ACCOUNTS]
            people.append(factories.make_graduate(session, person_key="student"))
            graduates = [one.id for one in people]
            session.commit()
        yield World(connection, officers, graduates)
        outer.rollback()


PERSON = st.integers(0, STUDENT)
OFFICER = st.integers(0, 2)
ANY = st.integers(0, 20)
KEY = st.sampled_from(KEYS)
PLACE = st.sampled_from(PLACES)
DAYS = st.sampled_from([0, 1, 12, 31])
GRADE = st.sampled_from([Grade.B, Grade.A, Grade.C, Grade.D])


class Counting(RuleBasedStateMachine):
    """Officers do what they like; ``self.claims``, ``self.joined`` and ``self.closed`` are the model."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.savepoint = world.connection.begin_nested()
        self.session = Session(world.connection, join_transaction_mode="create_savepoint")
        self.claims: list[Claim] = []
        self.joined: dict[str, str] = {}
        self.closed: dict[str, Any] = {}
        self.at = START

    def teardown(self) -> None:
        try:
            self.walk_the_whole_ledger()
        finally:
            self.session.close()
            self.savepoint.rollback()

    @initialize(people=st.lists(st.tuples(PERSON, PLACE), min_size=1, max_size=3), days=DAYS)
    def begin(self, people: list[tuple[int, str]], days: int) -> None:
        for person, place in people:
            self.count(person=person, place=place, month=6, grade=Grade.B, first=0)
        self.at += timedelta(days=days)

    @rule(person=PERSON, place=PLACE, month=st.integers(5, 8), grade=GRADE, first=OFFICER)
    def count(self, person: int, place: str, month: int, grade: Grade, first: int) -> None:
        claim = self.claimed(person, place, date(2026, month, 1), grade)
        free = all(self.root(one.key) != self.root(claim.key) for one in self.claims if one.live)
        allowed = person != STUDENT and grade is not Grade.D and free
        speakers = [first, (first + 1) % 3] if grade is Grade.C and allowed else [first]
        for officer in speakers:
            approve = partial(verifications.approve_placement, placement_id=claim.id, at=self.at)
            self.deed(partial(approve, by=self.officer(officer)), allowed=allowed)
        if allowed:
            claim.state = ClaimState.CONFIRMED if grade is Grade.A else ClaimState.COUNTED
            claim.seq = self.standing(claim)
        self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(number=ANY, first=OFFICER, second=OFFICER, cause=st.sampled_from(Cause))
    def reverse(self, number: int, first: int, second: int, cause: Cause) -> None:
        claim = self.claims[number % len(self.claims)]

        def deed() -> None:
            known: dict[str, Any] = {"placement_id": claim.id, "at": self.at}
            reversals.request_reversal(self.session, by=self.officer(first), cause=cause, **known)
            reversals.reverse_count(self.session, by=self.officer(second), **known)

        fits = cause is not Cause.R3  # nobody here was counted by an agreement
        if self.deed(lambda _session: deed(), allowed=claim.live and first != second and fits):
            claim.state = ClaimState.REVERSED

    @precondition(lambda self: self.claims)
    @rule(number=ANY, officer=OFFICER)
    def dispute_and_uphold(self, number: int, officer: int) -> None:
        """Quality changes no total (I13)."""
        claim = self.claims[number % len(self.claims)]
        known: dict[str, Any] = {"placement_id": claim.id, "at": self.at, "by": self.officer(officer)}
        allowed = claim.state in {ClaimState.COUNTED, ClaimState.CONFIRMED}
        if self.deed(partial(reversals.dispute_count, reason="抽查", **known), allowed=allowed):
            self.deed(partial(reversals.uphold_count, **known), allowed=True)

    @precondition(lambda self: any(claim.live for claim in self.claims))
    @rule(number=ANY, officer=OFFICER)
    def confirm(self, number: int, officer: int) -> None:
        """Evidence of grade A raises a count that rests on less; the total stays (I13)."""
        live = [claim for claim in self.claims if claim.live]
        claim = live[number % len(live)]
        placement = self.session.get_one(Placement, claim.id)
        self.session.add(self.proof(placement, "social_insurance", Grade.A, placement.claimed_by_id))
        self.session.flush()
        approve = partial(verifications.approve_placement, placement_id=claim.id, at=self.at)
        if self.deed(partial(approve, by=self.officer(officer)), allowed=claim.state is ClaimState.COUNTED):
            claim.state, claim.grade = ClaimState.CONFIRMED, Grade.A

    @precondition(lambda self: any(claim.live for claim in self.claims))
    @rule(number=ANY, place=PLACE, first=OFFICER, second=OFFICER)
    def move(self, number: int, place: str, first: int, second: int) -> None:
        live = [claim for claim in self.claims if claim.live]
        claim = live[number % len(live)]
        there = (place, gb2260_of(place))
        deed = partial(
            ledger.move_count,
            seq=claim.seq,
            district=place,
            on=city_date(self.at),
            **self.two(first, second),
        )
        if self.deed(deed, allowed=first != second and there != (claim.unit, claim.district)):
            before = self.rows()
            assert deed(self.session).seq == self.standing(claim), "moving again writes nothing (I6)"
            assert self.rows() == before
            claim.unit, claim.district = there
            claim.seq = self.standing(claim)

    @rule(duplicate=KEY, key=KEY, first=OFFICER, second=OFFICER)
    def join(self, duplicate: str, key: str, first: int, second: int) -> None:
        gone, root = self.root(duplicate), self.root(key)
        again = gone == root and self.joined.get(duplicate) is not None and root == key
        deed = partial(
            persons.join_persons, duplicate_key=duplicate, person_key=key, **self.two(first, second)
        )
        if self.deed(deed, allowed=first != second and (gone != root or again)) and not again:
            both = [claim for claim in self.claims if claim.live and self.root(claim.key) in {gone, root}]
            if len(both) == 2:
                max(both, key=lambda claim: claim.seq).state = ClaimState.REVERSED
            self.joined[gone] = root

    @precondition(lambda self: self.joined)
    @rule(key=KEY, first=OFFICER, second=OFFICER)
    def separate(self, key: str, first: int, second: int) -> None:
        deed = partial(persons.separate_persons, duplicate_key=key, **self.two(first, second))
        if self.deed(deed, allowed=first != second and key in self.joined):
            del self.joined[key]

    @precondition(lambda self: any(claim.seq and not claim.live for claim in self.claims))
    @rule(number=ANY, first=OFFICER)
    def cancel_again(self, number: int, first: int) -> None:
        """Cancelling what has been cancelled writes nothing (I6)."""
        gone = [claim for claim in self.claims if claim.seq and not claim.live]
        before = self.rows()
        two = self.two(first, (first + 1) % 3)
        seq = gone[number % len(gone)].seq
        ledger.cancel_count(self.session, seq=seq, cause=Cause.R2, **two)
        assert self.rows() == before

    @rule(months=st.integers(0, 1), days=DAYS)
    def close(self, months: int, days: int) -> None:
        self.at += timedelta(days=days)
        last = max(self.closed, default="")
        month = following(last) if last else month_of(city_date(self.at))
        month = following(month) if months else month
        allowed = month <= month_of(city_date(self.at)) and (not last or month == following(last))
        if self.deed(partial(close_month, month=month, at=self.at), allowed=allowed):
            self.closed[month] = self.session.get_one(ClosedMonth, month).totals

    @invariant()
    def sums_are_those_of_the_model(self) -> None:
        live = [claim for claim in self.claims if claim.live]
        kept = rows.totals(self.session, "P15")
        assert kept.total == len(live) == len({self.root(claim.key) for claim in live})
        for name, values in (
            ("unit", Counter(claim.unit for claim in live)),
            ("district", Counter(claim.district for claim in live)),
            ("attributed_month", Counter(claim.month for claim in live)),
        ):
            assert kept.by(name) == values
        assert sum(kept.by("posted_month").values()) == kept.total
        standing = self.session.execute(select(LiveCount.person_root, LiveCount.seq)).tuples().all()
        assert dict(standing) == {self.root(claim.key): claim.seq for claim in live}
        for one in definitions().values():
            self.sums_of_a_definition_are_those_of_the_model(one, live)

    def sums_of_a_definition_are_those_of_the_model(self, one: Definition, live: list[Claim]) -> None:
        """Everybody here graduated in the year the outcome began in."""
        covered = [
            claim
            for claim in live
            if claim.grade in one.grades and PROOFS[claim.counted][0] not in one.without_codes
        ]
        wanted = CountFilter("P15", definition=one)
        for dimension, values in (
            (Dimension.UNIT, Counter(claim.unit for claim in covered)),
            (Dimension.MONTH, Counter(claim.month for claim in covered)),
            (Dimension.GRADE, Counter(claim.grade.value for claim in covered)),
        ):
            assert {row.key: row.total for row in breakdown(self.session, wanted, dimension)} == values

    def walk_the_whole_ledger(self) -> None:
        self.session.expire_all()
        assert verify_chain(self.session) == []
        assert refold_agrees(self.session, "P15")
        assert rows.replay(self.session, city_date(self.at)).totals == rows.totals(self.session)
        for one in definitions().values():
            told = count_as_of(self.session, period_id="P15", definition=one, as_of=city_date(self.at))
            kept = breakdown(self.session, CountFilter("P15", definition=one), Dimension.GRADE)
            assert told.by_grade == {row.key: row.total for row in kept}
        for month, posted in self.closed.items():
            assert rows.totals(self.session).posted_in(month) == posted
        for claim in self.claims:
            placement = self.session.get_one(Placement, claim.id)
            assert placement.state in LIVE if claim.live else placement.state not in LIVE
        if self.joined:
            rebuild_sums(self.session)
        self.sums_are_those_of_the_model()

    def deed(self, do: Callable[[Session], object], *, allowed: bool) -> bool:
        """Do it; it is refused exactly where the model says so, and then nothing is written (I7)."""
        before = self.rows()
        try:
            with self.session.begin_nested():
                do(self.session)
        except PlatformError:
            assert not allowed
            assert self.rows() == before
            return False
        assert allowed
        return True

    def claimed(self, person: int, place: str, on: date, grade: Grade) -> Claim:
        graduate = self.session.get_one(Graduate, self.world.graduates[person])
        code, kind = PROOFS[grade]
        said = {"claimed_by_id": graduate.user_id, "claimed_by_role": Role.GRADUATE, "state_since_at": START}
        placement = Placement(
            graduate_id=graduate.id,
            employer_name="演示单位",
            outcome_code=code,
            state=ClaimState.EVIDENCED,
            started_on=on,
            district=place,
            unit=place,
            pay=8000,
            created_at=START,
            **said,
        )
        self.session.add(self.proof(placement, kind, grade, graduate.user_id))
        self.session.flush()
        key = graduate.person_key or ""
        said = (placement.id, key, place, gb2260_of(place), month_of(on), grade)
        return Claim(*said, ClaimState.EVIDENCED, counted=grade)

    def proof(self, placement: Placement, kind: str, grade: Grade, by_id: int) -> Evidence:
        said = {"type": kind, "grade": grade, "method": "upload", "submitted_by_id": by_id}
        return Evidence(placement=placement, created_at=START, **said)

    def standing(self, claim: Claim) -> int:
        count = rows.count_of_placement(self.session, claim.id)
        assert count is not None
        return count.seq

    def officer(self, number: int) -> User:
        return self.session.get_one(User, self.world.officers[number])

    def two(self, first: int, second: int) -> dict[str, Any]:
        officers = self.world.officers
        return {"first_id": officers[first], "second_id": officers[second], "at": self.at}

    def root(self, key: str) -> str:
        return resolve(key, self.joined)

    def rows(self) -> int:
        return self.session.scalar(select(func.max(LedgerEntry.seq))) or 0


def test_the_model_and_the_tables_agree_whatever_officers_do(world: World) -> None:
    run_state_machine_as_test(
        lambda: Counting(world),
        settings=settings(
            max_examples=SEQUENCES[world.connection.dialect.name],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
