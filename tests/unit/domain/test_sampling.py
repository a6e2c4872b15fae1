"""A draw nobody can choose, and an interval that keeps its promise."""

import math
import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.sampling import commitment, draw, error_interval, seed_of


@pytest.mark.parametrize(
    ("wrong", "unverifiable", "size", "population", "bounds"),
    [
        (0, 0, 5, 10, (0.0, 0.3)),
        (5, 0, 5, 10, (0.7, 1.0)),
        (0, 5, 5, 10, (0.0, 1.0)),
        (2, 0, 10, 10, (0.2, 0.2)),
        (2, 3, 10, 10, (0.2, 0.5)),
        (0, 0, 0, 10, (0.0, 1.0)),
        (0, 0, 0, 0, (0.0, 1.0)),
    ],
)
def test_intervals_worked_by_hand(wrong, unverifiable, size, population, bounds):
    """(0 of 5 from 10): C(7,5)/C(10,5) = 0.083 keeps 3 possible, C(6,5)/C(10,5) = 0.024 excludes 4."""
    assert error_interval(wrong, unverifiable, size=size, population=population) == pytest.approx(bounds)


def test_in_a_large_city_the_interval_is_clopper_and_pearsons():
    """5 of 100 binomial: 1.64 % to 11.28 % (Clopper & Pearson 1934)."""
    found = error_interval(5, 0, size=100, population=1_500_000)
    assert found == pytest.approx((0.01643, 0.11284), abs=2e-4)


def chance(found: int, size: int, marked: int, population: int) -> float:
    return (
        math.comb(marked, found) * math.comb(population - marked, size - found) / math.comb(population, size)
    )


@pytest.mark.parametrize(("size", "population"), [(5, 12), (20, 60), (30, 200)])
def test_whatever_the_truth_is_the_interval_covers_it(size, population):
    bounds = [error_interval(found, 0, size=size, population=population) for found in range(size + 1)]
    for marked in range(population + 1):
        covered = sum(
            chance(found, size, marked, population)
            for found in range(size + 1)
            if bounds[found][0] <= marked / population + 1e-12
            and marked / population <= bounds[found][1] + 1e-12
        )
        assert covered >= 0.95 - 1e-9, marked


def test_two_thousand_audits_cover_the_truth_in_at_least_94_of_100():
    """The draw itself is simulated, each time from another seed; 7 % of the counts are wrong."""
    rng, population, size = random.Random(20261126), 300, 60
    wrong = set(rng.sample(range(population), 21))
    interval = cache(lambda found: error_interval(found, 0, size=size, population=population))
    covered = 0
    for number in range(2_000):
        found = len(wrong.intersection(draw(f"seed{number}", range(population), size)))
        low, high = interval(found)
        covered += low <= len(wrong) / population <= high
    assert covered / 2_000 >= 0.94


def test_every_row_is_drawn_about_as_often_as_every_other():
    """1,000 draws of 20 of 100: 200 times each, give or take five standard deviations."""
    times = dict.fromkeys(range(100), 0)
    for number in range(1_000):
        for row in draw(f"even{number}", range(100), 20):
            times[row] += 1
    assert max(abs(one - 200) for one in times.values()) < 5 * math.sqrt(1_000 * 0.2 * 0.8)


@given(st.sets(st.integers(1, 10**7), max_size=60), st.integers(0, 70), st.randoms(use_true_random=False))
def test_a_draw_again_gives_the_same_people_in_whatever_order_rows_come(rows, size, rng):
    first = draw("seed", sorted(rows), size)
    shuffled = sorted(rows)
    rng.shuffle(shuffled)
    assert draw("seed", shuffled, size) == first
    assert len(first) == len(set(first)) == min(size, len(rows))
    assert set(first) <= rows


def test_the_seed_needs_the_secret_the_frozen_ledger_and_the_later_head():
    usual = {"secret": "s", "frozen_hash": "f", "beacon": "b"}
    seeds = {seed_of(**usual), *(seed_of(**usual | {name: "other"}) for name in usual)}
    assert len(seeds) == 4
    assert commitment("s") not in seeds
    assert commitment("s") == commitment("s") != commitment("t")
