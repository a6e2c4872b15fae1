"""Scores, missing parts, shifted weights; quantiles of kept counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.histogram import quantile
from webapp.domain.index_score import Component, Index, index_named, ranks, score, scored, shifted, spans

RISING = Component("up", "升", 60, 0.8, falling=False, says="")
FALLING = Component("down", "降", 40, 0.1, falling=True, says="")
INDEX = Index("T", 50, (RISING, FALLING))


@pytest.mark.parametrize(
    ("value", "component", "points"),
    [
        (0.0, RISING, 0),
        (0.4, RISING, 50),
        (0.8, RISING, 100),
        (1.0, RISING, 100),
        (0.1, FALLING, 100),
        (0.55, FALLING, 50),
        (1.0, FALLING, 0),
        (0.0, FALLING, 100),
    ],
)
def test_scores_worked_by_hand(value, component, points):
    assert score(value, component) == pytest.approx(points)


@pytest.mark.parametrize(
    ("values", "index", "known"),
    [
        ({"up": 0.8, "down": 0.55}, 80, 100),
        ({"up": 0.4}, 50, 60),
        ({"down": 0.1}, None, 40),
        ({}, None, 0),
    ],
)
def test_a_missing_part_is_never_zero(values, index, known):
    found = scored(values, INDEX)
    assert found.value == (None if index is None else pytest.approx(index))
    assert found.known == known


@pytest.mark.parametrize("name", ["district", "shortage"])
def test_weights_add_up_to_100_shifted_or_not(name):
    index = index_named(name)
    assert sum(one.weight for one in index.components) == 100
    for weights in shifted(index):
        assert sum(weights.values()) == pytest.approx(100)
        moved = [abs(weights[one.id] - one.weight) for one in index.components]
        assert max(moved) == pytest.approx(5)


def test_equals_share_a_place():
    assert ranks({"a": 3.0, "b": 5.0, "c": 3.0}) == {"b": 1, "a": 2, "c": 2}


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.fixed_dictionaries({"up": st.floats(0, 1), "down": st.floats(0, 1)})
    )
)
def test_the_true_place_lies_within_its_span(places):
    found = spans(places, INDEX)
    for name, place in ranks({one: scored(values, INDEX).value for one, values in places.items()}).items():
        assert found[name][0] <= place <= found[name][1]


@given(st.lists(st.integers(0, 50), min_size=1), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]))
def test_a_quantile_is_a_value_that_at_least_that_share_does_not_exceed(values, share):
    found = quantile({value: values.count(value) for value in values}, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values) or found == min(values)


def test_nobody_has_no_quantile():
    assert quantile({}, 0.5) is None
