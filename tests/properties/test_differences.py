"""What a reader learns who has the same people by several definitions, and holds them against one another."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reader import given_away
from webapp.domain.definitions import definition, definitions
from webapp.domain.differences import TOTAL, Figure, left_out
from webapp.domain.programme import units
from webapp.domain.publication import HIDDEN, LEAST_SHOWN
from webapp.domain.suppression import Sum

GRADES = ("A", "B", "C")
UNITS = ("420106", "420111", "WH-DHGX")
KINDS = [(grade, code, late) for grade in GRADES for code in ("11", "12") for late in (0, 1)]
SORTS = [(unit, *kind) for unit in units() for kind in KINDS]


def crowd(unit=UNITS[0], code="11", late=0, **grades):
    return Counter({(unit, grade, code, late): people for grade, people in grades.items()})


def covered(key, unit, part):
    """The sorts of people a definition counts at a place."""
    rule = definition(key)
    return {
        (at, proof, code, late)
        for at, proof, code, late in SORTS
        if unit in {None, at}
        and part in {proof, TOTAL}
        and proof in rule.grades
        and code not in rule.without_codes
        and not (rule.in_graduation_year and late)
    }


def figure(people, key, unit=None):
    cells = ((grade, sum(people[one] for one in covered(key, unit, grade))) for grade in GRADES)
    return Figure(definition(key), tuple(cells), unit)


def publish(public, people, *wanted):
    """Publish figures one after the other, given by definition or by definition and unit."""
    for one in wanted:
        key, unit = one if isinstance(one, tuple) else (one, None)
        fresh = figure(people, key, unit)
        hidden = left_out(fresh, public, lambda rule, at: figure(people, rule.id, at).grades)
        public = [*public, replace(fresh, hidden=hidden)]
    return public


def shown(people, *wanted):
    return [one.shown for one in publish([], people, *wanted)]


def test_a_small_grade_is_not_the_difference_of_two_totals():
    first, second = shown(crowd(A=10, B=20, C=3), "D1", "D2")
    assert first == {"A": HIDDEN, "B": 20, "C": HIDDEN, TOTAL: 33}
    assert second == {"A": HIDDEN, "B": 20, "C": 0, TOTAL: HIDDEN}, "33 − 30 would tell the 3"


def test_the_other_way_round_the_wide_total_gives_way():
    second, first = shown(crowd(A=10, B=20, C=3), "D2", "D1")
    assert second == {"A": 10, "B": 20, "C": 0, TOTAL: 30}
    assert first == {"A": 10, "B": 20, "C": HIDDEN, TOTAL: HIDDEN}


def test_few_outside_their_graduation_year_are_a_small_group_although_every_cell_is_large():
    _wide, narrow = shown(crowd(A=39, B=49, C=59) + crowd(A=1, B=1, C=1, late=1), "D1", "D4")
    assert set(narrow.values()) == {HIDDEN}


def test_large_differences_leave_everything():
    people = crowd(A=30, B=40, C=50) + crowd(A=10, B=10, C=10, late=1)
    assert [one[TOTAL] for one in shown(people, "D1", "D2", "D4")] == [150, 90, 120]


def test_definitions_that_hold_each_other_in_one_grade_only_are_held_against_each_other_there():
    """Nobody has published by D1, but D2 and D5 hold the same people of grade A but those with code 12."""
    _two, five = shown(crowd(A=38, B=30, C=60) + crowd(A=2, B=20, code="12"), "D2", "D5")
    assert five["A"] == HIDDEN


def test_the_last_unit_is_not_the_city_without_all_others():
    people = crowd(A=37, B=30, C=30) + crowd(UNITS[1], A=3, B=20, C=30)
    city, unit = shown(people, "D1", ("D1", UNITS[0]))
    assert city == {"A": 40, "B": 50, "C": 60, TOTAL: 150}
    assert unit["A"] == HIDDEN
    assert unit[TOTAL] == HIDDEN or HIDDEN in {unit["B"], unit["C"]}


def test_a_figure_published_twice_is_seen_as_the_first_time():
    first, second = shown(crowd(A=10, B=20, C=3), "D1", "D1")
    assert first == second


def test_a_correction_does_not_tell_what_has_become_few():
    public = publish([], crowd(A=10, B=20, C=10), "D1")
    *_first, second = publish(public, crowd(A=10, B=20, C=3), "D1")
    assert second.shown == {"A": 10, "B": 20, "C": HIDDEN, TOTAL: HIDDEN}, "33 − 10 − 20 would tell the 3"


def test_a_correction_by_few_people_does_not_tell_how_few():
    public = publish([], crowd(A=40, B=50, C=60), "D1")
    *_first, second = publish(public, crowd(A=37, B=50, C=60), "D1")
    assert second.shown == {"A": HIDDEN, "B": 50, "C": 60, TOTAL: HIDDEN}


def test_a_correction_by_many_is_shown():
    public = publish([], crowd(A=40, B=50, C=60), "D1")
    *_first, second = publish(public, crowd(A=30, B=50, C=70), "D1")
    assert second.shown == {"A": 30, "B": 50, "C": 70, TOTAL: 150}


def test_a_corrected_unit_is_taken_from_the_city():
    """The rest of the city was 13, too many to hide; the correction leaves 3."""
    rest = crowd(UNITS[1], B=20, C=30)
    public = publish([], crowd(A=27, B=30, C=30) + crowd(UNITS[1], A=13) + rest, "D1", ("D1", UNITS[0]))
    assert all(not one.hidden for one in public)
    corrected = publish(public, crowd(A=37, B=30, C=30) + crowd(UNITS[1], A=3) + rest, ("D1", UNITS[0]))[-1]
    assert corrected.shown["A"] == HIDDEN


def test_nothing_is_shown_that_bounds_what_nobody_has_published():
    """D1 and D3 hold the same people of grade A: 9 − 5 would tell the 4 elsewhere."""
    people = crowd(UNITS[1], A=5, B=4, C=2) + crowd(A=4, B=4, C=1)
    _city, unit = shown(people, "D1", ("D3", UNITS[1]))
    assert unit == {"A": HIDDEN, "B": 0, "C": 0, TOTAL: HIDDEN}


def test_a_group_no_table_names_may_be_known_not_to_be_empty():
    """By D4 the unit holds at most its 7 by D1: of 11 in the city at least 4 are elsewhere, or many more."""
    people = crowd(UNITS[2], A=6, B=1) + crowd(A=3, B=1)
    _unit, city = shown(people, ("D1", UNITS[2]), "D4")
    assert city == {"A": HIDDEN, "B": HIDDEN, "C": 0, TOTAL: 11}


def test_a_large_city_is_shown_by_every_definition_beside_its_units():
    """Few of grade C in one unit take two cells there and two of another unit with them, and no more."""
    people = crowd(A=4700, B=1130, C=50) + crowd(A=300, B=70, C=10, code="12")
    people += crowd(UNITS[1], A=2000, B=500, C=36) + crowd(UNITS[2], A=1000, B=200, C=3)
    public = publish([], people, "D1", "D2", "D3", "D5", *(("D1", unit) for unit in UNITS))
    assert [len(one.hidden) for one in public] == [0, 0, 0, 0, 0, 2, 2]


def test_nothing_more_is_shown_where_figures_contradict_each_other():
    """Nobody is in any unit, yet there are people in the city: a unit has left the list of units since."""

    def count(rule, unit):
        cells = zip(GRADES, (10, 20, 3), strict=True)
        return tuple((grade, people * (unit is None and grade in rule.grades)) for grade, people in cells)

    rule = definition("D1")
    public = [Figure(rule, count(rule, unit), unit) for unit in units()]
    assert left_out(Figure(rule, count(rule, None)), public, count) == {*GRADES, TOTAL}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(KINDS)), max_size=100),
    st.permutations([(key, unit) for key in sorted(definitions()) for unit in (None, *UNITS)]),
    st.integers(2, 12),
    st.booleans(),
)
def test_no_small_group_can_be_worked_out_whatever_was_published_when(facts, order, many, again):
    """Some figures are published twice."""
    people = Counter((unit, *kind) for unit, kind in facts)
    assert not worked_out(publish([], people, *order[:many], *order[: 2 * again]), people)


def worked_out(public, people):
    """What a reader finds who knows of which sorts people can be; he may find that somebody is somewhere."""
    groups, named = {}, set()
    for one in public:
        for part in one.values:
            groups[one.definition.id, one.unit, part] = covered(one.definition.id, one.unit, part)
    named |= groups.keys()
    for (wide, inside), (narrow, taken) in permutations(list(groups.items()), 2):
        if taken < inside and wide[2] == narrow[2]:
            groups[wide, narrow] = inside - taken
    for key, unit, part in named:
        units = [at for rule, at, same in named if rule == key and same == part and at is not None]
        if unit is None and units:
            groups[key, part, "elsewhere"] = covered(key, None, part) - {
                one for at in units for one in covered(key, at, part)
            }
    values = {one: people[one] for one in SORTS}
    values |= {name: sum(people[one] for one in sorts) for name, sorts in groups.items()}
    seen = {
        (one.definition.id, one.unit, part) for one in public for part in one.values if part not in one.hidden
    }
    found = given_away(
        values,
        [Sum(name, tuple(sorts)) for name, sorts in groups.items()],
        values.keys() - seen,
        least=LEAST_SHOWN,
    )
    return {
        name: span
        for name, span in found.items()
        if name in groups and (name in named or span[1] < LEAST_SHOWN)
    }
