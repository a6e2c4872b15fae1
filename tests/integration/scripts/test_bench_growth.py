"""Growth is fitted, held against its limits, and measured by the benchmarks themselves at tiny sizes."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scripts.__main__ import main
from tests.benchmarks.growth import BESIDE, HELD, complaints, grown, growth

SIZES = (50_000, 500_000, 2_000_000)
FINE = dict.fromkeys(SIZES, 1.0)


def rows(what: str, power: float) -> list[dict]:
    return grown({size: {what: 3 * (size / 1000) ** power} for size in SIZES})


@given(st.floats(-2, 3), st.floats(0.01, 100))
def test_the_power_of_a_power_law_is_found_whatever_its_scale(power, scale):
    assert growth(SIZES, [scale * size**power for size in SIZES]) == pytest.approx(power, abs=1e-6)


@given(st.permutations([0.9, 1.0, 1.1]))
def test_noise_of_a_tenth_moves_the_power_by_less_than_the_tolerance(noise):
    noisy = [factor * size for factor, size in zip(noise, SIZES, strict=True)]
    assert growth(SIZES, noisy) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("what", "power", "said"),
    [
        ("match, p50 ms", 0.99, None),
        ("match, p50 ms", 1.0, "below linear"),
        ("candidates, p99 ms", 1.05, "below linear"),
        ("search, all, p50 ms", 1.1, None),
        ("search, all, p50 ms", 1.11, "counts as linear"),
        ("market of the city, core h", 1.2, "counts as linear"),
        ("faiss flat, all, p50 ms", 1.5, None),
    ],
)
def test_what_grows_too_fast_is_named(what, power, said):
    found = [*complaints(rows(what, power), FINE)]
    assert bool(found) is bool(said)
    assert all(sentence.startswith(what) and said in sentence for sentence in found)


def test_a_search_may_grow_as_a_scan_does_on_the_same_machine():
    shown = grown({n: {"search, all, p50 ms": n**1.3, "faiss flat, all, p50 ms": n**1.31} for n in SIZES})
    assert not [*complaints(shown, FINE)]
    assert [row["at_most"] for row in shown] == [1.31, None]


def test_a_search_that_finds_too_little_is_named():
    (sentence,) = complaints([], FINE | {500_000: 0.97})
    assert "500,000" in sentence


def test_one_size_shows_no_growth():
    ran = CliRunner().invoke(main, ["bench", "growth", "--sizes", "1000"])
    assert ran.exit_code == 2
    assert "two sizes" in ran.output


@pytest.mark.slow
def test_tiny_sizes_give_one_table_and_a_second_run_measures_nothing_again(tmp_path):
    asked = ["bench", "growth", "--sizes", "300,600", "--sample", "2", "--json", "--folder", str(tmp_path)]
    ran = CliRunner().invoke(main, asked, catch_exceptions=False)
    found = json.loads(ran.stdout)
    assert ran.exit_code == bool(found["complaints"])
    assert {row["what"].partition(",")[0] for row in found["results"]} == {
        "index built", "index", "start from snapshot", "snapshot", "match", "candidates", "search",
        "faiss flat", "vectors and lists", "market", "market of the city",
    }  # fmt: skip
    assert found["recall"] == {"300": 1.0, "600": 1.0}
    named = {row["what"]: row for row in found["results"]}
    assert {named[what]["at_most"] for what in BESIDE} == {None}
    memory = named[HELD]
    assert memory["growth"] == 1
    assert memory["600"] == pytest.approx(600 * 512 / 2**20, abs=1e-4)
    again = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert json.loads(again.stdout) == found


@pytest.mark.slow
def test_a_search_may_use_what_a_match_has_indexed(tmp_path):
    folder = str(tmp_path / "match")
    asked = ["bench", "match", "--postings", "300", "--resumes", "1", "--rounds", "1", "--everything", "0"]
    ran = CliRunner().invoke(main, [*asked, "--folder", folder], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    asked = ["bench", "search", "--match-folder", folder, "--queries", "3", "--peers", "hnsw", "--json"]
    ran = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert found["postings"] == 300
    assert {row["recall"] for row in found["results"] if row["index"] == "planned"} == {1.0}
