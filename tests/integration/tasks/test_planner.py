"""The planner's sums by the clock and by command."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, update

from scripts.planner import command
from tests.counted import make_verified_graduate
from tests.factories import make_period
from webapp.clock import today
from webapp.database import reading_scope, session_factory, session_scope
from webapp.models import PlannerSum
from webapp.tasks.planner import plan_nightly


@pytest.fixture
def engine(engine: Engine) -> Engine:
    with session_scope(session_factory(engine)) as session:
        make_period(session)
        make_verified_graduate(session, graduation_on=today() - timedelta(days=10))
    return engine


def kept(engine: Engine) -> int:
    with reading_scope(engine) as session:
        return session.scalar(select(func.count()).select_from(PlannerSum)) or 0


def test_the_night_sums_up_and_the_command_verifies(engine: Engine) -> None:
    plan_nightly.call_local()
    written = kept(engine)
    assert written
    plan_nightly.call_local()
    assert kept(engine) == written
    assert "一致" in CliRunner().invoke(command, ["verify"]).output


def test_a_sum_that_was_changed_is_named_and_made_right_again(engine: Engine) -> None:
    assert CliRunner().invoke(command, ["run"]).exit_code == 0
    with session_scope(session_factory(engine)) as session:
        session.execute(update(PlannerSum).values(total=7))
    refused = CliRunner().invoke(command, ["verify"])
    assert refused.exit_code == 1
    assert "planner run" in refused.output
    CliRunner().invoke(command, ["run"])
    assert CliRunner().invoke(command, ["verify"]).exit_code == 0
