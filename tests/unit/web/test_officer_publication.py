"""Which figures of a published column are hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.publication import HIDDEN, LEAST_SHOWN, publishable


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 12], [0, 12]),
        ([3, 12, 40], ["＜5", "＊", 40]),
        ([4, 4, 40], ["＜5", "＜5", 40]),
        ([2, 2, 40], ["＜5", "＜5", "＊"]),
        ([4, 5], ["＜5", "＊"]),
        ([3, 0], ["＜5", 0]),
        ([5, 6], [5, 6]),
    ],
)
def test_the_worked_examples(counts, shown):
    assert publishable(counts) == shown


@given(st.lists(st.integers(0, 60)))
def test_small_figures_are_hidden_and_every_figure_shown_is_true(counts):
    for count, cell in zip(counts, publishable(counts), strict=True):
        assert cell in {count, HIDDEN, f"＜{LEAST_SHOWN}"}
        assert (cell == f"＜{LEAST_SHOWN}") == (0 < count < LEAST_SHOWN)
