"""The commands an officer's office runs, as it runs them."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.__main__ import main
from tests import factories
from tests.stories import prove
from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.errors import PlatformError
from webapp.domain.retention import Outcome
from webapp.services import placements, verifications

AT = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
Command = Callable[..., Result]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "platform.db"


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.delenv("PLATFORM_ENV", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    assert run("migrate").exit_code == 0
    assert run("load-programme").exit_code == 0
    return run


@pytest.fixture
def three_counted(run: Command, database: Path) -> None:
    with session_scope(session_factory(open_engine(f"sqlite:///{database}"))) as session:
        officer = factories.make_officer(session).user
        for number, district in enumerate(("420106", "420106", "WH-DHGX")):
            graduate = factories.make_graduate(
                session,
                person_key=f"person{number}",
                degree_verified_on=date(2026, 7, 1),
                degree_verified_by_id=officer.id,
            )
            outcome = Outcome(
                code="11", started_on=date(2026, 7, 1), district=district, employer_name="演示单位"
            )
            claim = placements.claim_placement(
                session, by=graduate.user, graduate_id=graduate.id, outcome=outcome, at=AT
            )
            prove(session, claim, "labour_contract")
            verifications.approve_placement(session, by=officer, placement_id=claim.id, at=AT)


KEYS = ["period", "definition", "ruleset", "total", "by_unit", "by_month", "by_grade", "basis", "digest"]


def test_the_plans_own_period_has_a_traceable_count_of_zero(run: Command) -> None:
    counted = json.loads(run("count", "--period", "P14", "--as-of", "2026-08-31", "--json").output)
    assert list(counted) == KEYS
    assert (counted["total"], counted["by_unit"], counted["basis"]) == (0, {}, "platform")


@pytest.mark.usefixtures("three_counted")
def test_the_count_of_a_day_adds_up_and_is_the_same_bytes_each_time(run: Command) -> None:
    asked = ("count", "--period", "P15", "--definition", "D1", "--as-of", "2026-08-31", "--json")
    said = run(*asked).output
    assert said == run(*asked).output
    counted = json.loads(said)
    assert list(counted) == KEYS
    assert (counted["total"], counted["by_unit"]) == (3, {"420106": 2, "WH-DHGX": 1})
    assert all(sum(parts.values()) == 3 for name, parts in counted.items() if name.startswith("by_"))
    assert "武昌区" in run("count", "--period", "P15").output


@pytest.mark.usefixtures("three_counted")
@pytest.mark.parametrize(
    ("asked", "total"),
    [
        (("--definition", "D3"), 0),
        (("--unit", "420106"), 2),
        (("--as-of", "2026-07-31"), 0),
        (("--as-of", "2026-08-01"), 3),
    ],
)
def test_definition_unit_and_day_narrow_the_count(run: Command, asked: tuple[str, ...], total: int) -> None:
    counted = json.loads(run("count", "--period", "P15", *asked, "--json", "--explain").output)
    assert counted["total"] == total
    assert list(counted) == [*KEYS, "asked"]


def test_the_command_asks_for_what_it_needs(run: Command) -> None:
    assert run("count").exit_code == 2
    refused = str(run("count", "--published", "1").exception)
    assert "没有找到" in refused
    assert "网址" not in refused


@pytest.mark.usefixtures("three_counted")
def test_a_sound_ledger_verifies_and_has_a_head(run: Command) -> None:
    verified = run("ledger", "verify")
    assert (verified.exit_code, "共 3 行" in verified.output) == (0, True)
    seq, digest = run("ledger", "head").output.split()
    assert (seq, len(digest)) == ("3", 64)


@pytest.mark.usefixtures("three_counted")
def test_one_flipped_byte_makes_verify_name_the_row_and_fail(run: Command, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TRIGGER ledger_entry_refuses_update")
        connection.execute("UPDATE ledger_entry SET unit = '420107' WHERE seq = 2")
    connection.close()
    verified = run("ledger", "verify")
    assert verified.exit_code == 1
    assert "第 2 行" in verified.output
    assert "第 1 行" not in verified.output


def test_an_unknown_period_is_refused_by_a_sentence(run: Command) -> None:
    refused = run("count", "--period", "P99")
    assert refused.exit_code == 1
    assert "没有找到" in str(refused.exception)


@pytest.mark.parametrize(
    "address", ["sqlite:///{folder}", "postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2"]
)
def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address.format(folder=tmp_path))
    refused = run("count", "--period", "P15")
    assert isinstance(refused.exception, PlatformError)
    assert str(refused.exception).startswith("数据库没有应答")
    assert "DATABASE_URL" in str(refused.exception)


def test_a_database_without_our_tables_is_told_in_a_sentence(
    run: Command, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{postgres_url}&options=-csearch_path%3Dnowhere")
    refused = run("count", "--period", "P15")
    assert isinstance(refused.exception, PlatformError)
    assert "python -m scripts migrate" in str(refused.exception)
