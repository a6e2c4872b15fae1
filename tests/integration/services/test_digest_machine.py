"""Whatever readers wish, whenever the worker is killed, whatever the nights bring: nothing is told twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session, joinedload

from tests.factories import NOW, make_employer, make_graduate, make_posting
from tests.lists import make_lists
from webapp.domain.dates import city_date
from webapp.domain.digests import DAYS, NEW_FOR, Frequency
from webapp.models import Employer, Graduate, Posting
from webapp.queries.market import last_run
from webapp.services.digests import choose, look_for_news

SEQUENCES = {"sqlite": 150, "postgresql": 50}
READER = st.integers(0, 1)


@dataclass
class Reader:
    """What the model knows of somebody who is written to."""

    id: int
    frequency: Frequency = Frequency.OFF
    since: datetime = NOW
    written_at: datetime | None = None
    told: list[int] = field(default_factory=list)


class Telling(RuleBasedStateMachine):
    """Letters of two readers over days and weeks."""

    def __init__(self, connection: Connection, readers: list[int], employer: int) -> None:
        super().__init__()
        self.savepoint = connection.begin_nested()
        self.session = Session(connection, join_transaction_mode="create_savepoint")
        self.readers = {id: Reader(id) for id in readers}
        self.employer, self.at = employer, NOW
        self.published: dict[int, datetime] = {}
        self.listed: dict[int, list[int]] = {}

    def teardown(self) -> None:
        try:
            self.nothing_is_lost()
        finally:
            self.session.close()
            self.savepoint.rollback()

    @rule(hours=st.sampled_from([0, 1, 13, 24, 24 * 7, 24 * 15]))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(count=st.integers(1, 2))
    def publish(self, count: int) -> None:
        for _ in range(count):
            employer = self.session.get_one(Employer, self.employer)
            posting = make_posting(
                self.session, employer, published_at=self.at, valid_until_on=None, degree_min=None
            )
            self.published[posting.id] = self.at

    @precondition(lambda self: self.published)
    @rule(lots=st.randoms(use_true_random=False), finished=st.booleans())
    def night(self, lots: Random, *, finished: bool) -> None:
        listed = {
            id: lots.sample(sorted(self.published), min(len(self.published), lots.randint(0, 8)))
            for id in self.readers
        }
        lists = {
            self.session.get_one(Graduate, id): [self.session.get_one(Posting, one) for one in ids]
            for id, ids in listed.items()
        }
        make_lists(self.session, lists, at=self.at, finished=finished)
        self.listed = listed if finished else self.listed

    @rule(reader=READER, frequency=st.sampled_from(Frequency))
    def wish(self, reader: int, frequency: Frequency) -> None:
        one = list(self.readers.values())[reader]
        wanted = select(Graduate).options(joinedload(Graduate.user)).where(Graduate.id == one.id)
        graduate = self.session.scalars(wanted).one()
        choose(self.session, graduate=graduate, frequency=frequency, at=self.at)
        if Frequency.OFF in {one.frequency, frequency}:
            one.since = self.at
        one.frequency = frequency

    @rule(most=st.integers(1, 3), killed=st.booleans())
    def turn(self, most: int, *, killed: bool) -> None:
        self.look(most, killed=killed)

    def look(self, most: int, *, killed: bool) -> int:
        """One transaction of the worker; killed, it has said nothing and knows nothing."""
        night = last_run(self.session)
        if night is None:
            return 0
        transaction = self.session.begin_nested()
        found = look_for_news(self.session, run_id=night.id, at=self.at, most=most)
        letters = {one.graduate.id: [posting.id for posting in one.postings] for one in found.letters}
        if killed:
            transaction.rollback()
            return 0
        transaction.commit()
        for id, postings in letters.items():
            self.read(self.readers[id], postings)
        return found.people

    def read(self, one: Reader, postings: list[int]) -> None:
        assert postings
        assert not set(postings) & set(one.told), "told twice"
        assert len(set(postings)) == len(postings)
        assert postings == [id for id in self.listed[one.id] if id in postings], "best first"
        assert all(one.since < self.published[id] for id in postings)
        assert one.frequency in DAYS
        if one.written_at is not None:
            passed = city_date(self.at) - city_date(one.written_at)
            assert passed.days >= DAYS[one.frequency]
        one.written_at = self.at
        one.told += postings

    def nothing_is_lost(self) -> None:
        """Once everybody's pause is over and the worker goes on, no news is left untold."""
        self.at += timedelta(days=7)
        while self.look(1, killed=False):
            pass
        left = {
            id: [
                posting
                for posting in self.listed.get(id, ())
                if posting not in one.told and max(one.since, self.at - NEW_FOR) < self.published[posting]
            ]
            for id, one in self.readers.items()
            if one.frequency in DAYS
        }
        assert not any(left.values()), left


@pytest.fixture
def world(engine: Engine) -> Iterator[tuple[Connection, list[int], int]]:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            people = [make_graduate(session).id for _ in range(2)]
            employer = make_employer(session).id
            session.commit()
        yield connection, people, employer
        outer.rollback()


def test_nothing_is_told_twice_and_nothing_is_lost(world: tuple[Connection, list[int], int]) -> None:
    run_state_machine_as_test(
        lambda: Telling(*world),
        settings=settings(
            max_examples=SEQUENCES[world[0].dialect.name],
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
