"""The benchmarks of the whole match and of the market run, and their figures add up."""

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
    for steps in found["steps"].values():
        assert sum(row["share"] for row in steps) == pytest.approx(1, abs=0.01)
        assert {"mask", "dense", "BM25", "skills", "load rows"} <= {row["step"] for row in steps}
    assert found["steps"].keys() == {"match", "candidates"}
    assert found["postings"] > 0
    assert 0 < found["baseline"]["of_its_first_20_we_show"] <= 1


@pytest.mark.slow
def test_the_market_benchmark_finds_what_is_best_and_exceeds_no_cap() -> None:
    asked = ["bench", "market", "--postings", "3000", "--sample", "240", "--processes", "2", "--json"]
    ran = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert found["products"]["recall_beside_brute_force"] == 1
    assert found["comparisons"]["caps_exceeded"] == 0
    assert (found["together"]["compared"], found["together"]["found_alike"]) == (240, 1)
    assert found["comparisons"]["lists"]["gini"] <= found["comparisons"]["plain_top"]["gini"]
