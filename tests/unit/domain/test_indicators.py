"""The vectors of DOMAIN 2.3."""

from datetime import date

import pytest

from webapp.domain.indicators import Status, months_elapsed, pace, planned, project


@pytest.mark.parametrize(("month", "plan"), [(6, 15.0), (12, 30.0), (30, 75.0), (60, 150.0)])
def test_linear_plan(month: int, plan: float) -> None:
    assert planned(150, month, 60) == plan


def test_pace_and_need_in_the_middle() -> None:
    standing = pace(60, 150, month=30, months=60)
    assert (standing.ratio, standing.gap, standing.need) == (0.8, -15.0, 3.0)
    assert standing.status is Status.BEHIND


@pytest.mark.parametrize(
    ("actual", "status"),
    [(75, Status.ON), (74.9, Status.WATCH), (71.25, Status.WATCH), (71.24, Status.BEHIND)],
)
def test_thresholds_belong_to_the_better_status(actual: float, status: Status) -> None:
    assert pace(actual, 150, month=30, months=60).status is status


@pytest.mark.parametrize(("actual", "status"), [(150, Status.MET), (149, Status.NOT_MET)])
def test_at_the_end_nothing_is_needed_any_more(actual: float, status: Status) -> None:
    standing = pace(actual, 150, month=60, months=60)
    assert standing.need is None
    assert standing.status is status


def test_on_the_first_day_there_is_no_ratio() -> None:
    standing = pace(0, 150, month=0, months=60)
    assert standing.ratio is None
    assert standing.need == 2.5


def test_without_a_target_only_the_actual_is_stated() -> None:
    standing = pace(7, None, month=3, months=60)
    assert (standing.actual, standing.plan, standing.need, standing.status) == (7, None, None, Status.UNSET)


def test_projection_from_three_years() -> None:
    projection = project(97, [32, 31, 34], 2)
    assert projection is not None
    assert (round(projection.point, 2), round(projection.low, 2), round(projection.high, 2)) == (
        161.67,
        149.67,
        173.67,
    )


def test_two_years_are_not_enough_for_a_projection() -> None:
    assert project(63, [32, 31], 3) is None


@pytest.mark.parametrize(
    ("on", "elapsed"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 0),
        (date(2026, 1, 31), 0),
        (date(2026, 2, 1), 1),
        (date(2030, 12, 31), 59),
        (date(2031, 1, 1), 60),
        (date(2040, 1, 1), 60),
    ],
)
def test_full_months_of_a_period(on: date, elapsed: int) -> None:
    assert months_elapsed(date(2026, 1, 1), date(2030, 12, 31), on) == (elapsed, 60)
