"""What a reader who can solve equations can learn about the cells that were left out."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reader import given_away
from webapp.domain.suppression import Sum, is_small, suppress

LEAST = 10
COUNTS = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 200))


def crossed(cells, name=""):
    """A table of rows by columns with its margins; margins carry the row's or the column's own name."""
    rows, columns = len(cells), len(cells[0])
    values = {(name, r, c): cells[r][c] for r in range(rows) for c in range(columns)}
    values |= {("row", r): sum(cells[r]) for r in range(rows)}
    values |= {(name, "column", c): sum(line[c] for line in cells) for c in range(columns)}
    values["all"] = sum(map(sum, cells))
    sums = [Sum(("row", r), tuple((name, r, c) for c in range(columns))) for r in range(rows)]
    sums += [Sum((name, "column", c), tuple((name, r, c) for r in range(rows))) for c in range(columns)]
    sums += [Sum("all", tuple(("row", r) for r in range(rows)))]
    sums += [Sum("all", tuple((name, "column", c) for c in range(columns)))]
    return values, sums


@st.composite
def tables(draw, most=5):
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    line = st.lists(COUNTS, min_size=columns, max_size=columns)
    return draw(st.lists(line, min_size=rows, max_size=rows))


@st.composite
def pairs_of_tables(draw):
    """A table, and the same people of every row by something else."""
    first, second = draw(tables(4)), []
    for line in first:
        cuts = draw(st.lists(st.integers(0, sum(line)), min_size=2, max_size=2).map(sorted))
        second.append([high - low for low, high in itertools.pairwise([0, *cuts, sum(line)])])
    return first, second


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([], set()),
        ([0, 12], set()),
        ([3, 12, 40], {0, 1}),
        ([3, 4, 40], {0, 1, 2}),
        ([3, 8, 40], {0, 1}),
        ([1, 9], {0, 1}),
        ([3, 0], {0, "all"}),
        ([10, 11], set()),
    ],
)
def test_columns_worked_by_hand(counts, hidden):
    """3 + 4 = 7 would give both away as less than 10, so the 40 goes with them."""
    values = {**dict(enumerate(counts)), "all": sum(counts)}
    sums = [Sum("all", tuple(range(len(counts))))]
    assert suppress(values, sums, least=LEAST) == hidden


def test_a_small_cell_in_the_middle_takes_a_rectangle_with_it():
    values, sums = crossed([[3, 20, 30], [25, 40, 50], [60, 70, 80]])
    hidden = suppress(values, sums, least=LEAST)
    assert hidden == {("", 0, 0), ("", 0, 1), ("", 1, 0), ("", 1, 1)}
    assert not given_away(values, sums, hidden, least=LEAST)


def test_two_tables_that_differ_by_one_group():
    """Everybody in one table, everybody but those from abroad in the other: the difference is a cell."""
    values = {"all": 120, "without": 116, "abroad": 4, "a": 70, "b": 46}
    sums = [Sum("all", ("without", "abroad")), Sum("without", ("a", "b"))]
    hidden = suppress(values, sums, least=LEAST, unpublished={"abroad"})
    assert hidden & {"all", "without"}
    assert not given_away(values, sums, hidden, least=LEAST)


@pytest.mark.parametrize(
    ("hidden", "found"),
    [
        (set(), {("", 0, 0): (3, 3)}),
        ({("", 0, 0)}, {("", 0, 0): (3, 3)}),
        ({("", 0, 0), ("", 0, 1), ("", 1, 0), ("", 1, 1)}, {("", 0, 0): (0, 8)}),
    ],
)
def test_what_is_left_out_with_too_little_is_found_by_the_reader(hidden, found):
    """In the rectangle 3 + 5 is shown, so the cell is at most 8."""
    values, sums = crossed([[3, 5], [25, 40]])
    ranges = given_away(values, sums, hidden, least=LEAST)
    assert ranges.items() >= found.items()


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_cell_of_a_crossed_table_can_be_worked_out(cells):
    values, sums = crossed(cells)
    assert not given_away(values, sums, suppress(values, sums, least=LEAST), least=LEAST)


@settings(max_examples=100, deadline=None)
@given(pairs_of_tables())
@example(
    (
        [[1, 2, 10], [0, 2, 4], [0, 0, 4], [0, 0, 0]],
        [[1, 5, 7], [0, 5, 1], [1, 2, 1], [0, 0, 0]],
    )
)
def test_no_cell_of_two_tables_with_common_rows_can_be_worked_out(pair):
    first, second = pair
    values, sums = crossed(first, "first")
    more, further = crossed(second, "second")
    values, sums = values | more, [*sums, *further]
    assert not given_away(values, sums, suppress(values, sums, least=LEAST), least=LEAST)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(COUNTS, min_size=1, max_size=4), min_size=1, max_size=4), st.integers(2, 20))
def test_no_cell_of_a_tree_can_be_worked_out(groups, least):
    values = {(g, p): count for g, group in enumerate(groups) for p, count in enumerate(group)}
    values |= {g: sum(group) for g, group in enumerate(groups)}
    values["all"] = sum(map(sum, groups))
    sums = [Sum(g, tuple((g, p) for p in range(len(group)))) for g, group in enumerate(groups)]
    sums.append(Sum("all", tuple(range(len(groups)))))
    assert not given_away(values, sums, suppress(values, sums, least=least), least=least)


@given(tables())
def test_nobody_is_no_secret_and_large_figures_of_a_table_without_small_ones_stay(cells):
    values, sums = crossed(cells)
    hidden = suppress(values, sums, least=LEAST)
    assert all(values[key] for key in hidden)
    assert bool(hidden) == any(is_small(value, LEAST) for value in values.values())
