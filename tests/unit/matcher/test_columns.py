"""Sets of codes as columns answer as the sets would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.columns import Columns, Sets

codes = st.frozensets(st.sampled_from(["420102", "420103", "WH-DHGX", "job", "4201"]), max_size=3)


@given(st.lists(st.lists(codes, min_size=1), min_size=1, max_size=4), codes, st.data())
def test_sets_that_were_stacked_and_taken_still_answer(parts, asked, data):
    rows = [row for part in parts for row in part]
    stacked = Sets.stacked([Sets.of(part) for part in parts])
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    found = stacked.taken(np.array(chosen, dtype=np.int64)).empty_or_any(asked)
    assert found.tolist() == [not rows[row] or bool(rows[row] & asked) for row in chosen]


def test_columns_come_back_as_they_were_written():
    columns = Columns(
        {"id": np.arange(3), "pay": np.arange(3) * 1000}, {"kinds": Sets.of([{"job"}, {}, {"a"}])}
    )
    again = Columns.read(columns.written())
    assert again["pay"].tolist() == [0, 1000, 2000]
    assert again.sets["kinds"].empty_or_any(["job"]).tolist() == [True, True, False]
