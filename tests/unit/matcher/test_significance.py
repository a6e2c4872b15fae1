"""A lead is told with its interval, and only a real one excludes zero."""

import numpy as np
import pytest

from matcher.evaluation.significance import difference, spearman, spearman_difference

DRAW = np.random.default_rng(7)


def test_a_steady_lead_is_certain_and_the_interval_holds_the_mean():
    theirs = DRAW.uniform(size=200)
    lead = difference(theirs + DRAW.uniform(0, 0.1, size=200), theirs)
    assert 0 < lead.low < lead.mean < lead.high
    assert lead.certain


def test_noise_is_no_lead():
    lead = difference(np.tile([1.0, 0.0], 50), np.tile([0.0, 1.0], 50))
    assert lead.mean == 0
    assert not lead.certain


def test_equal_figures_differ_by_nothing():
    same = DRAW.uniform(size=30)
    lead = difference(same, same)
    assert (lead.low, lead.mean, lead.high) == (0, 0, 0)


def test_the_interval_comes_out_the_same_again_and_turns_with_the_sides():
    ours, theirs = DRAW.uniform(size=50), DRAW.uniform(size=50)
    one, turned = difference(ours, theirs), difference(theirs, ours)
    assert difference(ours, theirs) == one
    assert turned.mean == pytest.approx(-one.mean)
    assert turned.low == pytest.approx(-one.high, abs=0.02)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param([1, 2, 3, 4], 1, id="the same order"),
        pytest.param([4, 3, 2, 1], -1, id="the reverse"),
        pytest.param([10, 20, 30, 4000], 1, id="only the order counts"),
        pytest.param([1, 1, 1, 1], 0, id="no order at all"),
        pytest.param([1, 2, 4, 3], 0.8, id="one pair exchanged"),
    ],
)
def test_spearman_of_worked_orders(scores, expected):
    assert spearman(np.array(scores), np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(expected)


def test_a_better_order_of_pairs_is_a_certain_lead():
    judged = DRAW.uniform(size=150)
    lead = spearman_difference(judged + DRAW.normal(0, 0.05, 150), DRAW.uniform(size=150), judged)
    assert lead.certain
    assert lead.low > 0.5
