"""Which figures of a published column are hidden."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.publication import HIDDEN, LEAST_SHOWN, publishable
from webapp.domain.suppression import is_small


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 12], [0, 12]),
        ([3, 12, 40], ["＊", "＊", 40]),
        ([4, 4, 40], ["＊", "＊", 40]),
        ([2, 2, 40], ["＊", "＊", "＊"]),
        ([4, 5], ["＊", "＊"]),
        ([3, 0], ["＊", 0]),
        ([5, 6], [5, 6]),
    ],
)
def test_the_worked_examples(counts, shown):
    assert publishable(counts) == shown


@given(st.lists(st.integers(0, 60)))
def test_small_figures_are_hidden_and_every_figure_shown_is_true(counts):
    for count, cell in zip(counts, publishable(counts), strict=True):
        assert cell in {count, HIDDEN}
        assert cell == HIDDEN or not 0 < count < LEAST_SHOWN


@settings(max_examples=60)
@given(st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_who_knows_the_sum_and_that_no_zero_is_hidden_finds_no_small_figure(counts):
    shown = publishable(counts)
    if not is_small(sum(counts), LEAST_SHOWN):
        hidden = [place for place, cell in enumerate(shown) if cell == HIDDEN]
        rest = sum(counts[place] for place in hidden)
        fitting = [tried for tried in product(range(1, rest + 1), repeat=len(hidden)) if sum(tried) == rest]
        for number, place in enumerate(hidden):
            if is_small(counts[place], LEAST_SHOWN):
                assert len({tried[number] for tried in fitting}) > 1
