"""What seals the ledger by the clock, as the worker runs it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from tests.counted import make_counted
from tests.factories import make_period
from webapp.clock import now
from webapp.database import reading_scope, session_factory, session_scope
from webapp.models import LedgerCheck, PublishedHead
from webapp.queries.ledger import head_now
from webapp.services.closing import yesterday
from webapp.services.ledger import verify_chain
from webapp.tasks import sealing


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with session_scope(session_factory(engine)) as session:
        make_period(session)
        make_counted(session)
    return engine


def test_yesterdays_head_is_published_once(engine: Engine) -> None:
    for _ in range(2):
        sealing.publish_heads.call_local()
    with session_scope(session_factory(engine)) as session:
        head = session.scalars(select(PublishedHead)).one()
        assert (head.day, head.seq, head.hash) == (yesterday(now()), *head_now(session))
        assert now() - head.published_at < timedelta(hours=1)


def test_the_nightly_walk_keeps_what_it_finds(engine: Engine) -> None:
    sealing.check_nightly.call_local()
    with session_scope(session_factory(engine)) as session:
        session.execute(text("DELETE FROM live_count"))
    sealing.check_ledger.call_local(None)
    with session_scope(session_factory(engine)) as session:
        good, bad = session.scalars(select(LedgerCheck).order_by(LedgerCheck.id)).all()
        assert good.problems == []
        assert {one["seq"] for one in bad.problems} == {0, 1}, "the row, and the sums of what is gone"
        assert (bad.seq, bad.hash) == head_now(session)


def test_a_long_reading_keeps_nobody_from_writing_and_sees_one_moment(engine: Engine) -> None:
    with reading_scope(engine) as reading:
        before = head_now(reading)
        with session_scope(session_factory(engine)) as session:
            make_counted(session)
        assert head_now(reading) == before
    with reading_scope(engine) as reading:
        assert head_now(reading).seq == before.seq + 1


def test_a_reading_on_postgresql_sees_one_moment_and_cannot_write(own_database: Engine) -> None:
    with session_scope(session_factory(own_database)) as session:
        make_period(session)
        make_counted(session)
    with reading_scope(own_database) as reading:
        before = head_now(reading)
        with session_scope(session_factory(own_database)) as session:
            make_counted(session)
        assert head_now(reading) == before
        assert verify_chain(reading) == []
        with pytest.raises(DBAPIError, match="read-only"):
            reading.execute(text("DELETE FROM live_count"))
    with session_scope(session_factory(own_database)) as session:
        assert head_now(session).seq == before.seq + 1
