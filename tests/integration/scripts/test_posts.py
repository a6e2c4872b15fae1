"""The commands that look after the ledger of posts and the destinations of graduates."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from scripts.__main__ import main
from tests.counted import make_verified_graduate
from tests.factories import NOW, make_employer, make_posting
from webapp.database import open_engine, session_factory, session_scope
from webapp.models import RegisteredOutcome

Command = Callable[..., Result]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_engine(f"sqlite:///{tmp_path / 'platform.db'}")


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    monkeypatch.delenv("PLATFORM_ENV", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    assert run("migrate").exit_code == 0
    assert run("load-programme").exit_code == 0
    return run


def test_postings_from_before_the_ledger_are_taken_verified_and_told(run: Command, engine: Engine) -> None:
    published = datetime(2026, 1, 5, 4, tzinfo=UTC)
    with session_scope(session_factory(engine)) as session:
        employer = make_employer(session)
        make_posting(session, employer, headcount=3, published_at=published)
        make_posting(session, employer, title="会计", headcount=2, district="420106", published_at=published)
    unsaid = run("posts", "verify")
    assert (unsaid.exit_code, unsaid.stderr.count("没有登记")) == (1, 2)
    assert run("posts", "enter").exit_code == run("posts", "enter").exit_code == 0
    assert run("posts", "verify").exit_code == 0
    told = json.loads(run("posts", "count", "--period", "P15", "--json").stdout)
    assert told | {"as_of": ""} == {
        "period": "P15",
        "as_of": "",
        "total": 5,
        "well_paid": 0,
        "by_unit": {"420106": 2, "WH-DHGX": 3},
        "by_kind": {"job": 5},
        "by_month": {"2026-01": 5},
    }
    before = run("posts", "count", "--period", "P15", "--as-of", "2025-12-31").stdout
    assert "岗位 0 个" in before
    with engine.begin() as connection:
        connection.execute(text("UPDATE post_total SET total = total + 1"))
    broken = run("posts", "verify")
    assert (broken.exit_code, broken.stderr.count("合计与逐笔重算不一致")) == (1, 2)


def test_the_market_is_set_once_a_month(run: Command) -> None:
    assert "0 个学历" in run("posts", "market").stdout


def test_destinations_are_summed_verified_and_written_out(
    run: Command, engine: Engine, tmp_path: Path
) -> None:
    with session_scope(session_factory(engine)) as session:
        one = make_verified_graduate(session, person_key="a" * 64)
        session.add(RegisteredOutcome(graduate_id=one.id, code="801", registered_at=NOW))
    assert run("outcomes", "verify").exit_code == 1
    assert "1 名毕业生" in run("outcomes", "run").stdout
    assert run("outcomes", "verify").exit_code == 0
    path = tmp_path / "out.csv"
    assert "1 条" in run("outcomes", "export", str(path), "--year", "2026").stdout
    assert "a" * 64 in path.read_text(encoding="utf-8-sig")
    assert "0 条" in run("outcomes", "export", str(path), "--institution", "4142010487").stdout
