"""Matching at the command line: what a command may tell of a graduate, and how much may be asked."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from scripts.__main__ import main
from tests.factories import make_graduate, make_posting, make_resume
from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.degrees import Degree


def run(*arguments):
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def posting_id(tmp_path, monkeypatch):
    """A posting that pays less than the one findable graduate hopes for."""
    address = f"sqlite:///{tmp_path / 'platform.db'}"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.delenv("PLATFORM_ENV", raising=False)
    assert run("migrate").exit_code == 0
    with session_scope(session_factory(open_engine(address))) as session:
        posting = make_posting(session, valid_until_on=None, pay_min=5000, pay_max=6000)
        graduate = make_graduate(
            session,
            major_name="护理学",
            degree=Degree.BACHELOR,
            graduation_on=date(2026, 6, 30),
            searchable=True,
            pay_min=9000,
        )
        make_resume(session, graduate)
        return posting.id


def test_a_candidate_is_headed_by_studies_and_the_hoped_for_pay_is_not_told(posting_id):
    done = run("candidates", "--posting", str(posting_id), "--json")
    assert done.exit_code == 0, done.output
    [row] = json.loads(done.stdout)
    assert set(row) == {"id", "title", "employer", "score", "reasons", "missing"}
    assert row["title"] == "护理学 · 本科 · 2026 届"
    said = "".join((*row["reasons"], *row["missing"]))
    assert said
    assert "薪" not in said


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("candidates", ("--posting", "1", "--top", "0")),
        ("match", ("--resume", __file__, "--top", "-1")),
        ("evaluate-explanations", ("--pairs", "0")),
    ],
)
def test_nothing_at_all_cannot_be_asked_for(command, asked):
    done = run(command, *asked)
    assert done.exit_code == 2
    assert "x>=1" in done.output
