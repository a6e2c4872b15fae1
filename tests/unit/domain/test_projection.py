"""The band of the months to come: season, plan, and how often it is right."""

import random
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.projection import LEAST_MONTHS, bands, months_between, plan_shares, season

SEASON = (0.03, 0.03, 0.05, 0.05, 0.08, 0.22, 0.26, 0.10, 0.06, 0.05, 0.04, 0.03)
MONTHS = months_between("2021-01", "2040-12")


def series(dice: random.Random, months: int, *, spread: float = 0.08) -> list[float]:
    """Graduates by month: a season, years that differ, months that differ."""
    values: list[float] = []
    level = 1.0
    for place in range(months):
        if place % 12 == 0:
            level = max(0.3, dice.gauss(1, spread))
        values.append(12_000 * SEASON[place % 12] * level * max(0.0, dice.gauss(1, 0.15)))
    return values


def steady(months: int) -> dict[str, float]:
    return {month: 12_000 * SEASON[int(month[5:]) - 1] for month in MONTHS[:months]}


def test_months_follow_each_other_over_the_year() -> None:
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-02", "2026-01") == []


@pytest.mark.parametrize(("months", "known"), [(0, False), (23, False), (24, True), (35, True)])
def test_a_season_needs_two_complete_years(months: int, *, known: bool) -> None:
    found = season(steady(months))
    assert (found is not None) is known
    if found:
        assert found == pytest.approx(SEASON)


def test_years_that_began_in_the_middle_say_nothing_of_the_season() -> None:
    assert season(dict.fromkeys(MONTHS[6:30], 1.0)) is None


def test_the_plan_follows_the_season_and_ends_with_the_whole() -> None:
    shares = plan_shares(months_between("2026-01", "2030-12"), SEASON)
    assert shares[5] == pytest.approx(0.46 / 5)
    assert shares[11] == pytest.approx(0.2)
    assert shares[-1] == pytest.approx(1)
    assert plan_shares(months_between("2026-01", "2030-12"), None)[29] == pytest.approx(0.5)


def test_less_than_three_years_of_months_make_no_band() -> None:
    assert bands(steady(LEAST_MONTHS - 1), MONTHS[40:50], reached=0) is None
    assert bands(steady(LEAST_MONTHS), MONTHS[40:50], reached=0) is not None


def test_years_without_any_difference_leave_no_doubt() -> None:
    found = bands(steady(48), MONTHS[48:60], reached=500)
    assert found is not None
    for band, grown in zip(found, accumulate(steady(60)[month] for month in MONTHS[48:60]), strict=True):
        assert band.low95 == pytest.approx(500 + grown)
        assert band.high95 == pytest.approx(500 + grown)


def test_the_same_history_gives_the_same_band_and_another_one_another() -> None:
    history = dict(zip(MONTHS, series(random.Random(3), 48), strict=False))
    first = bands(history, MONTHS[48:72], reached=7)
    assert first == bands(dict(history), MONTHS[48:72], reached=7)
    assert first != bands(history | {"2021-01": history["2021-01"] + 1}, MONTHS[48:72], reached=7)


@pytest.mark.parametrize(("years", "ahead"), [(3, 24), (5, 48), (8, 30)])
def test_the_band_covers_what_comes(years: int, ahead: int) -> None:
    """Five hundred futures: the 95 % band holds at least 90 % of them, the 80 % band most of its share."""
    dice, inside, inside80 = random.Random(20), 0, 0
    for _future in range(500):
        values = series(dice, years * 12 + ahead)
        history = dict(zip(MONTHS, values[: years * 12], strict=False))
        found = bands(history, MONTHS[years * 12 : years * 12 + ahead], reached=0, paths=150)
        assert found is not None
        truth, last = sum(values[years * 12 :]), found[-1]
        inside += last.low95 <= truth <= last.high95
        inside80 += last.low80 <= truth <= last.high80
    assert inside >= 450
    assert 340 <= inside80 < inside


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 10_000), min_size=LEAST_MONTHS, max_size=60),
    ahead=st.integers(1, 30),
    reached=st.integers(0, 10**6),
)
def test_bands_are_in_order_and_never_below_what_was_reached(
    values: list[int], ahead: int, reached: int
) -> None:
    history = dict(zip(MONTHS, values, strict=False))
    found = bands(history, MONTHS[len(values) : len(values) + ahead], reached=reached, paths=40)
    assert found is not None
    assert [band.month for band in found] == MONTHS[len(values) : len(values) + ahead]
    for band in found:
        assert reached <= band.low95 <= band.low80 <= band.high80 <= band.high95
        assert band.point >= reached
    assert all(one.point <= later.point for one, later in pairwise(found))
