"""The benchmark of the whole match runs, and its figures add up."""

import json

import pytest
from click.testing import CliRunner

from scripts.__main__ import main


@pytest.mark.slow
def test_the_match_benchmark_accounts_for_every_millisecond() -> None:
    asked = ["bench", "match", "--resumes", "2", "--rounds", "1", "--everything", "1", "--json"]
    ran = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert sum(row["share"] for row in found["steps"]) == pytest.approx(1, abs=0.01)
    assert {"mask", "dense", "BM25", "skills", "load rows"} <= {row["step"] for row in found["steps"]}
    assert found["postings"] > 0
    assert 0 < found["baseline"]["of_its_first_20_we_show"] <= 1
