"""Which figures of a published table are hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.publication import LEAST_SHOWN, publishable


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 12], [0, 12]),
        ([3, 12, 40], ["＜5", "＜15", 40]),
        ([4, 4, 40], ["＜5", "＜5", 40]),
        ([4, 5], ["＜5", "＜10"]),
        ([3, 0], ["＜5", 0]),
        ([5, 6], [5, 6]),
    ],
)
def test_the_worked_examples(counts, shown):
    assert publishable(counts) == shown


@given(st.lists(st.integers(0, 60)))
def test_no_small_figure_is_shown_and_none_can_be_had_by_subtraction(counts):
    shown = publishable(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if isinstance(cell, str)]
    assert all(not isinstance(cell, int) or cell == 0 or cell >= LEAST_SHOWN for cell in shown)
    assert len(hidden) != 1 or not any(cell for cell in shown if isinstance(cell, int))


@given(st.lists(st.integers(0, 60)))
def test_every_bound_shown_is_true(counts):
    for count, cell in zip(counts, publishable(counts), strict=True):
        if isinstance(cell, str):
            assert count < int(cell.removeprefix("＜"))
        else:
            assert count == cell
