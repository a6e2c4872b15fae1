"""The nightly market as the worker and the command run it, with settings from the environment."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from scripts.__main__ import main
from tests import factories as make
from webapp.clock import today
from webapp.database import session_factory, session_scope
from webapp.models import MarketList, MarketRun
from webapp.services.market import work
from webapp.settings import ROOT
from webapp.tasks import market

PEOPLE = 5


@pytest.fixture
def engine(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An installation with a few graduates and postings, matched two at a time."""
    monkeypatch.setenv("SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setenv("PROCESSES", "1")
    monkeypatch.setattr(work, "PEOPLE", 2)
    with session_scope(session_factory(engine)) as session:
        for _ in range(PEOPLE):
            make.make_resume(session, make.make_graduate(session))
            make.make_posting(session, valid_until_on=today() + timedelta(days=30))
    return engine


def counts(engine: Engine) -> tuple[int, int]:
    """Count finished runs and people with a list."""
    with session_scope(session_factory(engine)) as session:
        finished = select(func.count()).where(MarketRun.finished_at.is_not(None))
        people = select(func.count(MarketList.graduate_id.distinct()))
        return session.scalar(finished) or 0, session.scalar(people) or 0


def test_the_worker_takes_turns_until_the_night_is_done_and_then_rests(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market, "MOST_SECONDS", -1)
    for _ in range(3):
        assert counts(engine) == (0, 0)
        market.match_city.call_local()
    market.match_city.call_local()
    assert counts(engine) == (1, PEOPLE)
    market.match_city.call_local()
    assert counts(engine) == (1, PEOPLE), "once a day"
    monkeypatch.setattr(market, "today", lambda: date.max)
    monkeypatch.setattr(market, "MOST_SECONDS", 60)
    market.match_city.call_local()
    assert counts(engine) == (2, PEOPLE)


def test_the_command_tries_a_sample_and_keeps_nothing_or_matches_all(engine: Engine) -> None:
    tried = CliRunner().invoke(main, ["market", "run", "--sample", "2"], catch_exceptions=False)
    assert f"全部 {PEOPLE} 人" in tried.output
    assert re.search(r"比较 \d+\.\d\d 小时，分配名单 \d+\.\d\d 小时", tried.output)
    assert counts(engine) == (0, 0)
    ran = CliRunner().invoke(main, ["market", "run"], catch_exceptions=False)
    assert f"{PEOPLE} 名毕业生，{PEOPLE} 个岗位" in ran.output
    assert counts(engine) == (1, PEOPLE)


def test_who_stops_the_worker_waits_for_its_turn_to_end() -> None:
    worker = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["worker"]
    assert int(worker["stop_grace_period"].removesuffix("m")) * 60 > market.MOST_SECONDS
