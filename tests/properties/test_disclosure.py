"""What can be told about figures left out, held against every table there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.disclosure import given_away
from webapp.domain.suppression import Sum, is_small

LEAST = 3
MOST = 9
"""No table below has a larger figure."""


@st.composite
def nets(draw):
    """Four cells in two rows and two columns, some sums of theirs, and the keys nobody sees."""
    cells = draw(st.lists(st.integers(0, MOST // 2), min_size=4, max_size=4))
    groups = draw(st.lists(st.sets(st.integers(0, 3), min_size=2, max_size=2), max_size=4, unique_by=tuple))
    values = {f"cell {place}": count for place, count in enumerate(cells)}
    sums = []
    for group in map(sorted, groups):
        total = f"sum of {group}"
        values[total] = sum(cells[place] for place in group)
        sums.append(Sum(total, tuple(f"cell {place}" for place in group)))
    hidden = draw(st.sets(st.sampled_from(sorted(values))))
    return values, sums, hidden


def every_table(values, sums, hidden):
    """All tables of whole people that fit what is shown, tried one by one."""
    for tried in product(range(MOST + 1), repeat=4):
        table = {f"cell {place}": count for place, count in enumerate(tried)}
        table |= {one.total: sum(table[part] for part in one.parts) for one in sums}
        if all(table[key] == value for key, value in values.items() if key not in hidden):
            yield table


@settings(max_examples=60, deadline=None)
@given(nets())
def test_given_away_is_what_no_table_leaves_open(net):
    values, sums, hidden = net
    fitting = list(every_table(values, sums, hidden))
    expected = {
        key
        for key, value in values.items()
        if is_small(value, LEAST)
        and not (min(one[key] for one in fitting) == 0 and max(one[key] for one in fitting) >= LEAST)
    }
    assert set(given_away(values, sums, hidden, least=LEAST)) == expected


def test_a_small_figure_that_is_shown_is_given_away():
    assert list(given_away({"a": 2, "b": 5}, [], set(), least=LEAST)) == ["a"]


def test_of_nothing_nothing_is_told():
    assert list(given_away({}, [], set(), least=LEAST)) == []
