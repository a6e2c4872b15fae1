"""The import command as an operator meets it: counted, interrupted, taken up again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import real_material
from webapp.database import open_engine
from webapp.migrations import upgrade

ROOT = Path(__file__).parents[3]
ROWS = 300
TABLES = {
    "posting": "title, duties, requirements, status, kind, pay_min, pay_max, district, origin, external_key",
    "employer": "name, credit_code, status, origin",
    "import_run": "kind, digest, position, imported, merged, refused",
    "import_problem": "row_number, reason",
    "match_change": "owner_kind, owner_id",
}


def written(path: Path) -> Path:
    """Write rows of every fate: live, archived, merged, refused, broken."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(ROWS):
            row = {
                "source": "zhaopin_wuhan2024" if number % 3 else "lagou_da2019",
                "title": f"岗位{number - number % 10 if number % 10 == 9 else number}",
                "description": f"岗位职责：完成第{number % 7}类工作。任职要求：认真。",
                "city": "武汉" if number % 2 else "上海",
                "company": None if number % 50 == 49 else f"单位{number % 40}",
                "salary": "6千-8千",
            }
            file.write("{broken\n" if number % 97 == 96 else json.dumps(row, ensure_ascii=False) + "\n")
    return path


def start(database: Path, file: Path, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "PLATFORM_ENV": "development"}
    return subprocess.Popen(
        [sys.executable, "-m", "scripts", "import-postings", str(file), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(database: Path, file: Path, *options: str) -> tuple[int, str]:
    process = start(database, file, *options)
    output, _ = process.communicate(timeout=300)
    return process.returncode, output


def migrated(path: Path) -> Path:
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def position(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT position FROM import_run").fetchone()
    connection.close()
    return found[0] if found else 0


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tables say, apart from instants and numbers given by the database."""
    with sqlite3.connect(database) as connection:
        rows = {
            table: sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in TABLES.items()
        }
    connection.close()
    return rows


def test_an_import_counts_what_it_did_and_names_the_rows_it_refused(tmp_path: Path) -> None:
    code, output = finish(migrated(tmp_path / "a.db"), written(tmp_path / "postings.jsonl"))
    assert code == 1
    assert "第 97 行：这一行不是完整的 JSON" in output
    assert "第 50 行：单位名称缺失" in output
    summary = output.splitlines()[0]
    assert summary.startswith("新增 ")
    assert sum(int("".join(filter(str.isdigit, part))) for part in summary.split("，")) == ROWS


def test_an_import_killed_in_the_middle_ends_with_the_same_database(tmp_path: Path) -> None:
    file = written(tmp_path / "postings.jsonl")
    whole, killed = migrated(tmp_path / "whole.db"), migrated(tmp_path / "killed.db")
    finish(whole, file, "--batch", "3")
    process = start(killed, file, "--batch", "3")
    while process.poll() is None and not position(killed) >= 30:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 0 < position(killed) < ROWS
    code, output = finish(killed, file, "--batch", "3")
    assert code == 1
    assert "合并" in output
    assert content(killed) == content(whole)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    file, database = written(tmp_path / "postings.jsonl"), migrated(tmp_path / "a.db")
    first = finish(database, file)
    before = content(database)
    assert finish(database, file) == first
    assert content(database) == before


def test_a_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"\x00\x01")
    process = start(migrated(tmp_path / "a.db"), file)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "请提供 JSON Lines" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_all_collected_postings_import_and_wuhans_go_live(tmp_path: Path) -> None:
    file = real_material() / "postings.jsonl.gz"
    database = migrated(tmp_path / "a.db")
    code, output = finish(database, file)
    assert code == 0, output
    assert output.splitlines()[0] == "新增 44,854 条，合并 45 条，拒绝 0 条。"
    with sqlite3.connect(database) as connection:
        found = dict(connection.execute("SELECT status, COUNT(*) FROM posting GROUP BY status"))
    connection.close()
    assert found == {"live": 625, "archived": 44_229}
