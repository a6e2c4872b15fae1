"""The commands that look after the ledger, as an office runs them."""

import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from scripts.__main__ import main
from tests.counted import make_counted
from tests.factories import NOW, make_officer, make_period
from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.heads import HeadUnreadable, heads_in
from webapp.domain.retention import Cause
from webapp.models import LedgerEntry, PublishedHead
from webapp.services import ledger

Command = Callable[..., Result]
DAY = NOW.date().isoformat()
NEXT = (NOW + timedelta(days=1)).date().isoformat()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "platform.db"


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Two counted on one day, one of them taken back on the next."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.delenv("PLATFORM_ENV", raising=False)

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=given)

    assert run("migrate").exit_code == 0
    engine = open_engine(f"sqlite:///{database}")
    with session_scope(session_factory(engine)) as session:
        make_period(session)
        make_counted(session)
        make_counted(session, district="420106", unit="420106")
        first, second = (make_officer(session).user_id for _ in range(2))
        taken: dict[str, int] = {"first_id": first, "second_id": second}
        ledger.cancel_count(session, seq=1, cause=Cause.R1, at=NOW + timedelta(days=1), **taken)
    engine.dispose()
    return run


def forge(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()


def test_a_past_day_is_told_as_it_was_known(run: Command) -> None:
    then, later = (json.loads(run("ledger", "replay", "--to", day, "--json").output) for day in (DAY, NEXT))
    assert (then["seq"], then["periods"]["P15"]["total"]) == (2, 2)
    assert then["periods"]["P15"]["by_unit"] == {"420106": 1, "WH-DHGX": 1}
    assert (later["seq"], later["periods"]["P15"]["total"]) == (3, 1)
    assert run("ledger", "head", "--on", DAY).output == f"{then['seq']} {then['hash']}\n"
    assert "P15：1 人" in run("ledger", "replay", "--to", NEXT, "--period", "P15").output
    assert json.loads(run("ledger", "replay", "--to", "2020-01-01", "--json").output)["periods"] == {}
    assert run("ledger", "replay", "--to", "yesterday").exit_code == 2


def test_a_head_kept_elsewhere_is_compared(run: Command, tmp_path: Path) -> None:
    published = run("ledger", "head", "--publish", "--on", DAY)
    assert published.exit_code == 0, published.output
    assert run("ledger", "head", "--publish", "--on", DAY).output == published.output
    kept = tmp_path / "heads.txt"
    kept.write_text(f"# kept by the auditor\n\n{published.output}", encoding="utf-8")
    verified = run("ledger", "verify", "--head", str(kept))
    assert (verified.exit_code, "1 个账本哈希一致" in verified.output) == (0, True)
    kept.write_text(f"{DAY} 2 {'0' * 64}\n{'9'} {'f' * 64}\n", encoding="utf-8")
    refused = run("ledger", "verify", "--head", str(kept))
    assert refused.exit_code == 1
    assert f"第 2 行：与已公布的账本哈希不一致（{DAY}）" in refused.output
    assert "第 9 行" in refused.output


def test_a_whole_ledger_forged_with_its_own_hashes_is_caught_by_a_kept_head(
    run: Command, database: Path, tmp_path: Path
) -> None:
    """Whoever owns the database can write a new chain; a head kept elsewhere still tells."""
    kept = tmp_path / "heads.txt"
    kept.write_text(run("ledger", "head").output, encoding="utf-8")
    engine = open_engine(f"sqlite:///{database}")
    forge(database, "DELETE FROM ledger_entry WHERE seq = 3")
    forge(database, "UPDATE placement SET state = 'counted' WHERE id = 1")
    assert run("ledger", "rebuild").exit_code == 0
    assert run("ledger", "verify").exit_code == 0
    assert "第 3 行" in run("ledger", "verify", "--head", str(kept)).output
    engine.dispose()


def test_sums_beside_the_ledger_are_compared_and_made_anew(run: Command, database: Path) -> None:
    forge(database, "UPDATE ledger_total SET total = 9 WHERE unit = '420106'")
    refused = run("ledger", "verify")
    assert refused.exit_code == 1
    assert "账本之外：合计表与逐笔重算的账本不一致（P15 420106" in refused.output
    assert run("ledger", "rebuild").exit_code == 0
    assert run("ledger", "verify").exit_code == 0


def test_months_close_in_order_and_a_changed_closed_month_is_found(run: Command, database: Path) -> None:
    assert "2026-05 已结账" in run("ledger", "close-month", "2026-05").output
    refused = run("ledger", "close-month", "2026-07")
    assert "请先结 2026-06 的账" in str(refused.exception)
    assert run("ledger", "close-month", "2026-06").exit_code == 0
    assert run("ledger", "verify").exit_code == 0
    forge(database, "UPDATE closed_month SET totals = '{}' WHERE month = '2026-06'")
    assert "已结账月份的合计与结账时不一致（2026-06）" in run("ledger", "verify").output


def test_the_head_of_a_day_that_is_not_over_is_not_published(run: Command, database: Path) -> None:
    refused = run("ledger", "head", "--publish", "--on", "2999-01-01")
    assert "还没有过完" in str(refused.exception)
    with session_scope(session_factory(open_engine(f"sqlite:///{database}"))) as session:
        assert session.scalars(select(PublishedHead)).all() == []
        assert len(session.scalars(select(LedgerEntry)).all()) == 3


def test_a_role_needs_postgresql(run: Command) -> None:
    refused = run("ledger", "make-role", "platform", given="secret\nsecret\n")
    assert "PostgreSQL" in str(refused.exception)


@pytest.mark.parametrize("line", ["hello", f"2 {'g' * 64}", "2026-01-01 x " + "0" * 64, f"2 {'0' * 63}"])
def test_a_line_that_is_no_head_is_named(line: str) -> None:
    with pytest.raises(HeadUnreadable, match="第 2 行"):
        heads_in(["# heads", line])
