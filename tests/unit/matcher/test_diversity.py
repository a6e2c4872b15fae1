"""No employer fills the first page while others are near; nobody is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.diversity import FIRST, MOST, NEAR, spread


def spread_by_name(ranked):
    return spread(ranked, employer=lambda one: one[0], score=lambda one: one[1])


def test_the_fourth_posting_of_an_employer_lets_a_near_one_go_first():
    ranked = [("甲", 0.9), ("甲", 0.89), ("甲", 0.88), ("甲", 0.87), ("乙", 0.8)]
    assert spread_by_name(ranked) == [*ranked[:3], ("乙", 0.8), ("甲", 0.87)]


def test_but_not_one_that_is_far():
    ranked = [("甲", 0.9), ("甲", 0.9), ("甲", 0.9), ("甲", 0.9), ("乙", 0.5)]
    assert spread_by_name(ranked) == ranked


def test_unnamed_employers_are_not_one_employer():
    ranked = [("", 0.9)] * 5 + [("乙", 0.8)]
    assert spread_by_name(ranked) == ranked


@pytest.mark.parametrize("count", [0, 1, 50])
def test_any_length_will_do(count):
    assert len(spread_by_name([("甲", 0.5)] * count)) == count


rankings = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.floats(0, 1))).map(
    lambda rows: sorted(rows, key=lambda row: -row[1])
)


@given(rankings)
def test_everybody_stays_and_only_near_ones_go_first(ranked):
    found = spread_by_name(ranked)
    assert sorted(found) == sorted(ranked)
    for place, (name, score) in enumerate(found[:FIRST]):
        waiting = found[place + 1 :]
        best = max((other for _, other in waiting), default=0)
        assert score >= NEAR * best
        if sum(one == name for one, _ in found[:place]) >= MOST:
            others = {one for one, s in waiting if s >= NEAR * score}
            assert all(sum(two == one for two, _ in found[:place]) >= MOST for one in others)
