"""The commands that make a city and import its lists: killed, taken up again, run twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parents[3]
PEOPLE, ROWS = "600", "500"
TABLES = {
    "evidence": "placement_id, type, grade, method, sha256, valid_from_on, valid_to_on",
    "placement": "id, state, grade, return_reason",
    "import_run": "kind, digest, position, imported, merged, refused, unmatched, total, findings",
    "import_match": "row_number, grade, finding, graduate_id, placement_id",
    "import_problem": "row_number, reason",
    "ledger_entry": "seq, kind, hash",
}


def start(database: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "PLATFORM_ENV": "development"}
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(database: Path, *arguments: str) -> tuple[int, str]:
    process = start(database, *arguments)
    output, errors = process.communicate(timeout=600)
    assert "Traceback" not in errors, errors
    return process.returncode, output


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    assert finish(folder / "city.db", "make-city", "--graduates", PEOPLE)[0] == 0
    finish(
        folder / "city.db",
        "make-insurance-list",
        str(folder / "list.csv"),
        "--graduates",
        PEOPLE,
        "--rows",
        ROWS,
    )
    return folder


def copied(city: Path, name: str) -> Path:
    with sqlite3.connect(city / "city.db") as source, sqlite3.connect(city / name) as target:
        source.backup(target)
    return city / name


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(database) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in TABLES.items()
        }


def position(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT position FROM import_run").fetchone()
    return found[0] if found else 0


def test_a_killed_import_goes_on_and_a_second_one_changes_nothing(city: Path):
    file = str(city / "list.csv")
    whole, killed = copied(city, "whole.db"), copied(city, "killed.db")
    code, said = finish(whole, "import-insurance", file, "--batch", "7")
    assert code == 1
    assert f"共 {ROWS} 行" in said
    process = start(killed, "import-insurance", file, "--batch", "7")
    while process.poll() is None and not position(killed) >= 30:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 0 < position(killed) < int(ROWS)
    finish(killed, "import-insurance", file, "--batch", "7")
    assert content(killed) == content(whole)
    before = content(whole)
    assert "已经导入过" in finish(whole, "import-insurance", file)[1]
    assert content(whole) == before
    assert finish(whole, "ledger", "verify")[0] == 0


def test_the_same_rows_as_a_workbook_are_known(city: Path):
    database = copied(city, "book.db")
    finish(database, "import-insurance", str(city / "list.csv"))
    with sqlite3.connect(database) as connection:
        evidence = connection.execute("SELECT COUNT(*) FROM evidence").fetchone()
    book = openpyxl.Workbook()
    for row in (city / "list.csv").read_text("utf-8-sig").splitlines():
        book.active.append(row.split(","))
    book.save(city / "list.xlsx")
    _code, said = finish(database, "import-insurance", str(city / "list.xlsx"))
    assert "已计入，现有行政记录确认" not in said
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT COUNT(*) FROM evidence").fetchone() == evidence


def test_a_checker_counts_what_the_list_has_proved(city: Path):
    database = copied(city, "counted.db")
    with sqlite3.connect(database) as connection:
        before = connection.execute("SELECT SUM(total) FROM ledger_total").fetchone()[0]
    _code, said = finish(
        database, "import-insurance", str(city / "list.csv"), "--checker", "officer0000052@city.example.com"
    )
    counted = next(int(line.rsplit("：", 1)[1]) for line in said.splitlines() if "核对后已计入" in line)
    with sqlite3.connect(database) as connection:
        after = connection.execute("SELECT SUM(total) FROM ledger_total").fetchone()[0]
    assert counted > 0
    assert after == before + counted
    assert finish(database, "ledger", "verify")[0] == 0


def test_a_list_of_another_kind_is_refused_in_a_sentence(city: Path):
    process = start(city / "city.db", "import-roll", str(city / "list.csv"))
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "表头里缺少" in said
    assert "Traceback" not in said


def test_a_city_is_refused_where_people_are(city: Path):
    process = start(city / "city.db", "make-city", "--graduates", "100")
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "合成城市只能建在空库里" in said
