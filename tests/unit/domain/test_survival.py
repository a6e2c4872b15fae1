"""Wilson and Kaplan-Meier against tables worked by hand and printed in textbooks."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.survival import kaplan_meier, wilson

COUNTS = st.dictionaries(st.integers(1, 36), st.integers(0, 50), max_size=12)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (80, 100, 0.7112, 0.8666),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 1, 0.2065, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilsons_interval(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 5000), st.data())
def test_wilsons_interval_holds_the_share_and_turns_round_with_it(trials, data):
    successes = data.draw(st.integers(0, trials))
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials <= high + 1e-12 <= 1 + 2e-12
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


def test_a_table_worked_by_hand():
    """Of ten one leaves in month 2, two in 5, one in 8; traces end in 3, in 6 (two), in 12 (three)."""
    steps = kaplan_meier({2: 1, 5: 2, 8: 1}, {3: 1, 6: 2, 12: 3})
    assert [(one.month, one.at_risk, one.left, one.censored) for one in steps] == [
        (2, 10, 1, 0), (3, 9, 0, 1), (5, 8, 2, 0), (6, 6, 0, 2), (8, 4, 1, 0), (12, 3, 0, 3),
    ]  # fmt: skip
    assert [one.stays for one in steps] == pytest.approx([0.9, 0.9, 0.675, 0.675, 0.50625, 0.50625])
    width = 1.959963984540054 * math.sqrt(1 / 90 + 2 / 48 + 1 / 12) / -math.log(0.50625)
    assert steps[4].low == pytest.approx(0.50625 ** math.exp(width))
    assert (steps[4].low, steps[4].high) == pytest.approx((0.1396, 0.7903), abs=5e-4)


def test_the_textbook_table_of_freireich_and_others_1963():
    """6-mercaptopurine, 21 patients, as printed in Kalbfleisch & Prentice."""
    left = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    censored = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    stays = {one.month: one.stays for one in kaplan_meier(left, censored) if one.left}
    expected = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert stays == pytest.approx(expected, abs=5e-4)


def test_people_never_seen_again_tell_nothing():
    assert kaplan_meier({3: 1}, {0: 500, 6: 3}) == kaplan_meier({3: 1}, {6: 3})
    assert kaplan_meier({}, {0: 7}) == []


def test_when_everybody_has_left_nobody_stays():
    assert [one.stays for one in kaplan_meier({1: 2, 4: 2}, {})] == [0.5, 0.0]


@given(COUNTS, COUNTS)
def test_the_curve_never_rises_and_nobody_is_lost_from_it(left, censored):
    steps = kaplan_meier(left, censored)
    assert all(later.stays <= earlier.stays + 1e-12 for earlier, later in pairwise(steps))
    assert sum(one.left + one.censored for one in steps) == sum(left.values()) + sum(censored.values())
    assert all(0 <= one.low <= one.stays + 1e-12 <= one.high + 2e-12 <= 1 + 3e-12 for one in steps)


@given(COUNTS)
def test_without_lost_traces_the_curve_is_the_plain_share(left):
    total = sum(left.values())
    gone = 0
    for one in kaplan_meier(left, {}):
        if one.at_risk:
            gone += one.left
            assert one.stays == pytest.approx(1 - gone / total)
