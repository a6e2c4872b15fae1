"""What a reader learns who has the same people by several definitions, and can subtract."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reader import given_away
from webapp.domain.definitions import definition, definitions
from webapp.domain.differences import TOTAL, Difference, Figure, left_out, net_of, untold
from webapp.domain.publication import HIDDEN, LEAST_SHOWN

GRADES = ("A", "B", "C")
UNITS = ("420106", "420111", "WH-DHGX")
FACTS = st.tuples(
    st.sampled_from(UNITS), st.sampled_from(GRADES), st.sampled_from(["11", "12"]), st.sampled_from([0, 1])
)


def graded(key: str, a: int, b: int, c: int, unit: str | None = None) -> Figure:
    return Figure(definition(key), (("A", a), ("B", b), ("C", c)), unit)


def in_turn(figures, truth=()) -> list[Figure]:
    """Publish figures one after the other; the truth holds those too that nobody publishes, where known."""
    counted = {(one.definition, one.unit): one for one in (*figures, *truth)}
    public: list[Figure] = []
    for figure in figures:
        secret = [counted[at].unpublished() for at in untold([*public, figure]) if at in counted]
        public.append(replace(figure, hidden=left_out(figure, [*secret, *public])))
    return public


def shown_in_turn(figures):
    return [figure.shown for figure in in_turn(figures)]


def test_a_small_grade_is_not_the_difference_of_two_totals():
    first, second = shown_in_turn((graded("D1", 10, 20, 3), graded("D2", 10, 20, 0)))
    assert first == {"A": HIDDEN, "B": 20, "C": "＜5", TOTAL: 33}
    assert second == {"A": HIDDEN, "B": 20, "C": 0, TOTAL: HIDDEN}, "33 − 30 would tell the 3"


def test_the_other_way_round_the_wide_total_gives_way():
    second, first = shown_in_turn((graded("D2", 10, 20, 0), graded("D1", 10, 20, 3)))
    assert second == {"A": 10, "B": 20, "C": 0, TOTAL: 30}
    assert first == {"A": 10, "B": 20, "C": "＜5", TOTAL: HIDDEN}


def test_few_outside_their_graduation_year_are_a_small_cell_although_every_cell_is_large():
    _wide, narrow = shown_in_turn((graded("D1", 40, 50, 60), graded("D4", 39, 49, 59)))
    assert set(narrow.values()) == {HIDDEN}


def test_large_differences_leave_everything():
    figures = (graded("D1", 40, 50, 60), graded("D2", 40, 50, 0), graded("D4", 30, 40, 50))
    assert [one[TOTAL] for one in shown_in_turn(figures)] == [150, 90, 120]


def test_definitions_that_hold_each_other_in_one_grade_only_are_subtracted_there():
    """Nobody has published by D1, but D2 and D5 hold the same people of grade A but those with code 12."""
    _two, five = shown_in_turn((graded("D2", 40, 50, 0), graded("D5", 38, 30, 60)))
    assert five["A"] == HIDDEN


def test_the_last_unit_is_not_the_city_without_all_others():
    city, unit = shown_in_turn((graded("D1", 40, 50, 60), graded("D1", 37, 30, 30, "420106")))
    assert city == {"A": 40, "B": 50, "C": 60, TOTAL: 150}
    assert unit["A"] == HIDDEN
    assert unit[TOTAL] == HIDDEN or HIDDEN in {unit["B"], unit["C"]}


def test_a_figure_published_twice_is_seen_as_the_first_time():
    figure = graded("D1", 10, 20, 3)
    first, second = shown_in_turn((figure, figure))
    assert first == second


def test_a_correction_does_not_tell_what_has_become_few():
    _first, second = shown_in_turn((graded("D1", 10, 20, 10), graded("D1", 10, 20, 3)))
    assert second == {"A": 10, "B": 20, "C": "＜5", TOTAL: HIDDEN}, "33 − 10 − 20 would tell the 3"


def test_a_correction_by_few_people_does_not_tell_how_few():
    _first, second = shown_in_turn((graded("D1", 40, 50, 60), graded("D1", 37, 50, 60)))
    assert second == {"A": HIDDEN, "B": 50, "C": 60, TOTAL: HIDDEN}


def test_a_correction_by_many_is_shown():
    assert shown_in_turn((graded("D1", 40, 50, 60), graded("D1", 30, 50, 70)))[1] == {
        "A": 30, "B": 50, "C": 70, TOTAL: 150,
    }  # fmt: skip


def test_a_corrected_unit_is_taken_from_the_city():
    """The rest of the city was 13, too many to hide; the correction leaves 3."""
    *_before, corrected = shown_in_turn((
        graded("D1", 40, 50, 60),
        graded("D1", 27, 30, 30, "420106"),
        graded("D1", 37, 30, 30, "420106"),
    ))  # fmt: skip
    assert corrected["A"] == HIDDEN


def test_nothing_is_shown_that_bounds_what_nobody_has_published():
    """By D4 the unit holds at most its 7 by D1: of 11 in the city at least 4 would be elsewhere."""
    _unit, city, _narrow = shown_in_turn((
        graded("D1", 6, 1, 0, "WH-DHGX"),
        graded("D4", 9, 2, 0),
        graded("D4", 6, 1, 0, "WH-DHGX"),
    ))  # fmt: skip
    assert city == {"A": HIDDEN, "B": "＜5", "C": 0, TOTAL: HIDDEN}


def test_definitions_that_are_the_same_in_one_grade_bound_each_other_between_city_and_unit():
    """D1 and D3 hold the same people of grade A: 9 − 5 would tell the 4 elsewhere."""
    _city, unit, _late = shown_in_turn((
        graded("D1", 9, 8, 3),
        graded("D3", 5, 0, 0, "420111"),
        graded("D3", 9, 0, 0),
    ))  # fmt: skip
    assert unit == {"A": HIDDEN, "B": 0, "C": 0, TOTAL: HIDDEN}


def test_a_large_city_is_shown_by_every_definition_beside_its_units():
    """Few of grade C in one unit take two cells there and two of another unit with them, and no more."""
    city = {"D1": (8000, 1900, 99), "D2": (8000, 1900, 0), "D3": (8000, 0, 0), "D5": (7700, 1830, 90)}
    units = [(5000, 1200, 60), (2000, 500, 36), (1000, 200, 3)]
    figures = [graded("D1", *people, unit) for people, unit in zip(units, UNITS, strict=True)]
    shown = in_turn([*(graded(key, *people) for key, people in city.items()), *figures])
    assert [len(one.hidden) for one in shown] == [0, 0, 0, 0, 0, 2, 2]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(FACTS, max_size=120),
    st.permutations([(key, unit) for key in sorted(definitions()) for unit in (None, *UNITS)]),
    st.integers(1, 20),
    st.data(),
)
def test_no_small_group_can_be_worked_out_whatever_was_published_when(people, order, many, data):
    """Some of the figures are published twice."""
    truth = {
        (key, unit): graded(key, *(counted(people, key, unit, grade) for grade in GRADES), unit)
        for key, unit in order
    }
    again = data.draw(st.lists(st.sampled_from(order[:many]), max_size=3))
    check(in_turn([truth[at] for at in (*order[:many], *again)], truth.values()))


def check(figures: list[Figure]) -> None:
    values, sums = net_of(figures)
    hidden = {key for key in values if isinstance(key, Difference)}
    hidden |= {(place, part) for place, figure in enumerate(figures) for part in figure.hidden}
    assert not given_away(values, sums, hidden, least=LEAST_SHOWN)


def counted(people, key: str, unit: str | None, grade: str) -> int:
    rule = definition(key)
    return sum(
        (unit is None or unit == at)
        and proof == grade
        and grade in rule.grades
        and code not in rule.without_codes
        and not (rule.in_graduation_year and late)
        for at, proof, code, late in people
    )
