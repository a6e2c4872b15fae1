"""What can be told about small groups, held against every distribution of people there is."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.disclosure import Group, Told, gives_away

LEAST, MOST = 3, 9
KINDS = range(4)
SOME = st.frozensets(st.sampled_from(KINDS), min_size=1, max_size=3)


@st.composite
def tellings(draw):
    """How many people of four kinds there are, what is told of them, and the small groups among them."""
    people = draw(st.lists(st.integers(0, 4), min_size=4, max_size=4))
    told = [
        Told(count_of(people, kinds), dict.fromkeys(kinds, 1)) for kinds in draw(st.lists(SOME, max_size=3))
    ]
    groups = [
        Group(kinds, named=draw(st.booleans()))
        for kinds in draw(st.sets(SOME, max_size=4))
        if 0 < count_of(people, kinds) < LEAST
    ]
    return told, groups


def count_of(people, kinds):
    return sum(people[kind] for kind in kinds)


def tried_one_by_one(told, groups):
    fitting = [
        people
        for people in product(range(MOST + 1), repeat=len(KINDS))
        if all(count_of(people, one.kinds) == one.people for one in told)
    ]
    return any(
        max(count_of(people, group.kinds) for people in fitting) < LEAST
        or (group.named and min(count_of(people, group.kinds) for people in fitting) > 0)
        for group in groups
    )


@settings(max_examples=100, deadline=None)
@given(tellings())
def test_a_group_is_given_away_where_no_distribution_leaves_it_open(telling):
    told, groups = telling
    assert gives_away(told, groups, least=LEAST) == tried_one_by_one(told, groups)


@pytest.mark.parametrize("named", [True, False])
def test_of_two_people_beside_many_one_can_only_tell_what_is_told(named):
    pair, many = Group(frozenset({0}), named), Told(12, {0: 1, 1: 1})
    assert not gives_away([], [pair], least=LEAST)
    assert not gives_away([many], [pair], least=LEAST)
    assert gives_away([many, Told(10, {1: 1})], [pair], least=LEAST)


def test_that_somebody_is_in_a_group_is_told_only_of_one_a_table_names():
    """Ten are of one kind or both, eight of the other or both, fifteen in all: three or more are both."""
    both = frozenset({2})
    told = [Told(10, {0: 1, 2: 1}), Told(8, {1: 1, 2: 1}), Told(15, {0: 1, 1: 1, 2: 1, 3: 1})]
    assert gives_away(told, [Group(both, named=True)], least=4)
    assert not gives_away(told, [Group(both, named=False)], least=4)


def test_kinds_may_be_taken_off():
    """Today they are twelve with those who came and without those who went; nobody came."""
    went = Group(frozenset({"went"}), named=False)
    assert gives_away([Told(12, {0: 1}), Told(14, {0: 1, "went": 1})], [went], least=LEAST)
    assert not gives_away([Told(14, {0: 1, "went": 1})], [went], least=LEAST)


def test_of_nothing_nothing_is_told():
    assert not gives_away([], [], least=LEAST)
