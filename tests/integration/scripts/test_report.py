"""The commands of reports: a snapshot by its number, a report as bytes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.__main__ import main
from webapp.reports.names import REPORTS, TITLES


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'platform.db'}")
    monkeypatch.delenv("PLATFORM_ENV", raising=False)

    def run(*arguments: str):
        return CliRunner().invoke(main, arguments)

    assert run("migrate").exit_code == 0
    assert run("load-programme").exit_code == 0
    return run


def snapshot(run, *more: str) -> str:
    done = run("report-snapshot", *more)
    assert done.exit_code == 0, done.output
    return done.stdout.strip().splitlines()[-1]


def test_the_same_day_twice_is_one_snapshot(run):
    first, second = (snapshot(run, "--as-of", "2026-06-01") for _turn in range(2))
    assert first == second
    assert len({first, snapshot(run, "--as-of", "2026-06-02"), snapshot(run, "--period", "P14")}) == 3


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_a_report_is_written_and_written_again_the_same(run, tmp_path, form):
    number = snapshot(run, "--as-of", "2026-06-01")
    files = [tmp_path / f"{turn}.{form}" for turn in range(2)]
    for file in files:
        done = run("report", "situation", "--snapshot", number, "--format", form, "--out", str(file))
        assert done.exit_code == 0, done.output
    assert files[0].read_bytes() == files[1].read_bytes()
    answer = run("report", "situation", "--snapshot", number, "--format", form, "--out", "-")
    assert answer.stdout_bytes == files[0].read_bytes()


@pytest.mark.parametrize("name", REPORTS)
def test_a_programme_in_which_nobody_was_counted_has_every_report(run, tmp_path, name):
    number, file = snapshot(run), tmp_path / "report.html"
    assert run("report", name, "--snapshot", number, "--out", str(file)).exit_code == 0
    assert TITLES[name] in file.read_text("utf-8")


def test_names_are_listed_and_what_does_not_exist_is_refused(run):
    shown = run("report", "--help").output
    assert all(name in shown and title in shown for name, title in TITLES.items())
    assert run("report", "situation", "--snapshot", "nothing").exit_code != 0
    assert run("report", "nobody", "--snapshot", "x").exit_code != 0
    assert run("report-snapshot", "--as-of", "2099-01-01").exit_code != 0


def test_a_file_that_cannot_be_written_is_named(run, tmp_path):
    place = tmp_path / "missing" / "report.html"
    answer = run("report", "situation", "--snapshot", snapshot(run), "--out", str(place))
    assert answer.exit_code == 1
    assert f"{place}" in answer.output
    assert "No such file" in answer.output
