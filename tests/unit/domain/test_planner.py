"""Levers add up, count nobody twice, and take exactly their own away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.planner import (
    LEAST_GROUP,
    Aside,
    Effect,
    Lever,
    Offer,
    Place,
    added,
    median_rate,
    offer,
    ranked,
    rate,
    scenario,
)

PEOPLE = {
    Place.RETAINED: 70,
    Place.WAITING: 11,
    Place.PROVISIONAL: 5,
    Place.CLAIMED: 7,
    Place.UNPLACED: 20,
    Aside.LATE_WAITING: 4,
    Aside.LATE_PROVISIONAL: 1,
    Aside.LATE_CLAIMED: 2,
    Aside.GROWN: 100,
    Aside.GROWN_RETAINED: 60,
    Aside.GROWN_UNPLACED: 15,
    Aside.BROKEN: 3,
}


@pytest.mark.parametrize(
    ("lever", "most", "beyond"),
    [
        (Lever.VERIFY, 11, 4),
        (Lever.ONBOARD, 5, 1),
        (Lever.COMPLETE, 7, 2),
        (Lever.KEEP, 12, 12),
        (Lever.STAY, 0, 0),
    ],
)
def test_what_a_lever_adds_at_most(lever: Lever, most: int, beyond: int) -> None:
    assert offer(lever, "", PEOPLE, years=4.1) == Offer(lever, "", most, beyond)


@pytest.mark.parametrize(
    ("middle", "most"),
    [(None, 0), (0.60, 0), (0.55, 0), (0.61, 1), (0.615, 2), (0.7, 10), (0.9, 15)],
    ids=["not known", "at it", "above it", "one short", "rounded up", "ten short", "as many as there are"],
)
def test_the_way_to_the_median_ends_with_those_who_have_nothing(middle: float | None, most: int) -> None:
    assert offer(Lever.LIFT, "4142010486", PEOPLE, middle=middle).most == most


def test_a_rate_needs_thirty_people_and_a_median_three_rates() -> None:
    small = {Aside.GROWN: LEAST_GROUP - 1, Aside.GROWN_RETAINED: 20}
    large = [{Aside.GROWN: 100, Aside.GROWN_RETAINED: kept} for kept in (50, 60, 80)]
    assert rate(small) is None
    assert offer(Lever.LIFT, "", small, middle=0.9).most == 0
    assert median_rate([small, *large[:2]]) is None
    assert median_rate([small, *large]) == 0.6


def test_offers_are_ranked_by_people_and_empty_ones_left_out() -> None:
    listed = [Offer(Lever.VERIFY, "a", 3, 0), Offer(Lever.KEEP, "b", 9, 9), Offer(Lever.LIFT, "c", 0, 0)]
    assert [one.key for one in ranked(listed)] == ["b", "a"]
    assert added([*listed, Offer(Lever.VERIFY, "z", 4, 1)], Lever.VERIFY) == Offer(Lever.VERIFY, "", 7, 1)


def test_fewer_leavers_change_who_is_here_and_not_the_count() -> None:
    assert scenario([], {Lever.STAY: 1 / 3}, leavers=30) == [Effect(Lever.STAY, 1 / 3, 0, 0, 10)]


SHARES = st.dictionaries(st.sampled_from(list(Lever)), st.integers(0, 100).map(lambda one: one / 100))
NOW = (Lever.VERIFY, Lever.ONBOARD, Lever.COMPLETE, Lever.LIFT)
"""Levers that count people who are here already."""
OFFERS = st.lists(
    st.builds(
        lambda lever, most, late: Offer(lever, "", most, min(most, late)),
        st.sampled_from([*NOW, Lever.KEEP]),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    unique_by=lambda one: one.lever,
)


@given(offers=OFFERS, shares=SHARES, gone=st.sampled_from(list(Lever)), leavers=st.integers(0, 10**5))
def test_setting_a_lever_to_nothing_takes_exactly_its_addition_away(
    offers: list[Offer], shares: dict[Lever, float], gone: Lever, leavers: int
) -> None:
    whole = scenario(offers, shares, leavers=leavers)
    without = scenario(offers, {**shares, gone: 0.0}, leavers=leavers)
    assert without == [effect for effect in whole if effect.lever is not gone]


@given(
    shares=SHARES,
    sums=st.fixed_dictionaries({one: st.integers(0, 1000) for one in (*Place, *Aside)}),
    middle=st.none() | st.floats(0, 1),
)
def test_people_counted_now_are_never_more_than_there_are(
    shares: dict[Lever, float], sums: dict[str, int], middle: float | None
) -> None:
    sums[Aside.GROWN_UNPLACED] = min(sums[Aside.GROWN_UNPLACED], sums[Place.UNPLACED])
    offers = [offer(lever, "", sums, middle=middle) for lever in NOW]
    counted = sum(effect.counted for effect in scenario(offers, shares))
    uncounted = sum(sums[place] for place in Place if place is not Place.RETAINED)
    assert 0 <= counted <= uncounted
