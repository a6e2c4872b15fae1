"""Reported beside traceable: vectors of DOMAIN 1.11, and what must hold of any table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.reported import Basis, Cell, Line, Table, of_month, until_month

R, P = Basis.REPORTED, Basis.PLATFORM


@pytest.mark.parametrize(
    ("traceable", "reported", "value", "basis", "contested"),
    [
        (60, 100, 100, R, False),
        (60, None, 60, P, False),
        (60, 50, 50, R, True),
        (50, 50, 50, R, False),
        (0, 0, 0, R, False),
        (3, 0, 0, R, True),
        (0, 313_000, 313_000, R, False),
    ],
)
def test_a_cell_is_the_reported_number_where_there_is_one(traceable, reported, value, basis, contested):
    cell = Cell(traceable, reported)
    assert (cell.value, cell.basis, cell.contested) == (value, basis, contested)


def test_coverage_is_of_what_was_reported_only():
    assert Line("420106", [Cell(60, 100), Cell(7)]).coverage == 0.6
    assert Line("420106", [Cell(60)]).coverage is None
    assert Line("420106", [Cell(60, 0)]).coverage is None


@pytest.mark.parametrize(
    ("city", "unallocated", "value", "shares"),
    [
        (None, None, 160, {R: 100 / 160, P: 60 / 160}),
        (200, 40, 200, {R: 140 / 200, P: 60 / 200}),
        (150, -10, 150, {R: 90 / 150, P: 60 / 150}),
        (160, 0, 160, {R: 100 / 160, P: 60 / 160}),
    ],
)
def test_a_total_of_the_city_leaves_an_unallocated_row(city, unallocated, value, shares):
    table = Table([Line("420106", [Cell(30, 100)]), Line("420111", [Cell(60)])], city)
    assert (table.unallocated, table.value, table.traceable) == (unallocated, value, 90)
    assert table.shares == shares


def test_nothing_known_is_a_total_of_nothing_without_shares():
    assert (Table([]).value, Table([]).shares) == (0, {})


TRACEABLE = {"2026-05": 10, "2026-06": 40, "2026-07": 25, "2026-08": 5}


@pytest.mark.parametrize(
    ("month", "monthly", "cumulative", "cells"),
    [
        ("2026-07", {}, {}, [(10, None), (40, None), (25, None)]),
        ("2026-07", {"2026-06": 90}, {}, [(10, None), (40, 90), (25, None)]),
        ("2026-07", {"2026-06": 90}, {"2026-06": 120}, [(50, 120), (25, None)]),
        ("2026-07", {}, {"2026-05": 20, "2026-06": 120}, [(50, 120), (25, None)]),
        ("2026-07", {}, {"2026-08": 200}, [(10, None), (40, None), (25, None)]),
        ("2026-07", {"2026-04": 3}, {}, [(0, 3), (10, None), (40, None), (25, None)]),
    ],
)
def test_a_cumulative_figure_stands_for_every_month_until_its_own(month, monthly, cumulative, cells):
    found = until_month(month, TRACEABLE, monthly, cumulative)
    assert [(one.traceable, one.reported) for one in found] == cells


def test_a_month_alone_is_one_cell():
    assert of_month("2026-06", TRACEABLE, {"2026-06": 90}) == [Cell(40, 90)]
    assert of_month("2026-09", TRACEABLE, {}) == [Cell(0)]


MONTHS = st.dictionaries(st.sampled_from([f"2026-{n:02}" for n in range(1, 13)]), st.integers(0, 500))


@given(
    MONTHS,
    MONTHS,
    MONTHS,
    st.sampled_from([f"2026-{n:02}" for n in range(1, 13)]),
    st.none() | st.integers(0, 9999),
)
def test_rows_add_up_nothing_is_counted_twice_and_shares_are_a_whole(
    traceable, monthly, cumulative, month, city
):
    line = Line("420106", until_month(month, traceable, monthly, cumulative))
    table = Table([line], city)
    assert line.traceable == sum(total for one, total in traceable.items() if one <= month)
    assert table.value == line.value + (table.unallocated or 0) == (line.value if city is None else city)
    assert sum(line.bases.values()) == line.value
    assert not table.value or sum(table.shares.values()) == pytest.approx(1)
    assert all(cell.value in {cell.reported, cell.traceable} for cell in line.cells)
