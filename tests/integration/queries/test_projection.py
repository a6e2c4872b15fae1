"""The course of the count, read from kept sums of all periods."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.domain.definitions import standard
from webapp.domain.errors import NotFound
from webapp.domain.indicators import Status
from webapp.domain.projection import months_between
from webapp.models import RetainedSum, Target
from webapp.queries.breakdowns import CountFilter
from webapp.queries.officers import Reach
from webapp.queries.projection import OVER, TOO_FEW, course

ON = date(2026, 11, 20)
SEASON = {"06": 30, "07": 40}


def per_month(month: str) -> int:
    return SEASON.get(month[5:], 5)


@pytest.fixture
def history(session: Session):
    """Write what each month brought; every year is like the last."""

    def write(first: str, last: str, *, unit: str = "420106", times: int = 1) -> None:
        for month in months_between(first, last):
            session.add(
                RetainedSum(
                    period_id="P14" if month < "2026" else "P15",
                    definition_id=standard().id,
                    scope="unit",
                    dimension="attributed_month",
                    office=unit,
                    key=month,
                    grade="A",
                    total=times * per_month(month),
                )
            )
        session.flush()

    ends = {"start_on": date(2021, 1, 1), "end_on": date(2025, 12, 31)}
    factories.make_period(session, id="P14", status="closed", **ends)
    factories.make_period(session)
    return write


def target(session: Session, value: int, *, period: str = "P15", unit: str = "city") -> None:
    session.add(
        Target(period_id=period, indicator="retained", name="留汉", measure="人", unit=unit, value=value)
    )
    session.flush()


def test_years_that_are_all_alike_are_projected_without_doubt(session: Session, history) -> None:
    history("2022-01", "2026-11")
    target(session, 600)
    found = course(session, CountFilter("P15"), on=ON)
    assert (found.why_not, found.seasonal, found.known_months) == (None, True, 55)
    assert (found.end.point, found.end.low95, found.end.high95) == (600, 600, 600)
    by_month = {one.month: one for one in found.months}
    assert by_month["2026-06"].plan == 55
    assert by_month["2026-07"].point is None, "settled months have no band"
    assert by_month["2026-08"].point == 100, "months that fill up have one"
    assert (by_month["2026-11"].reached, by_month["2026-12"].reached) == (115, None)
    assert found.end.plan == 600
    assert found.pace.plan == pytest.approx(110)
    assert found.pace.status is Status.ON


def test_a_band_never_lies_below_what_is_recorded(session: Session, history) -> None:
    history("2022-01", "2026-11")
    history("2026-09", "2026-11", unit="420111", times=50)
    found = course(session, CountFilter("P15"), on=ON)
    for one in found.months:
        if one.reached is not None and one.low95 is not None:
            assert one.low95 >= one.reached
    assert found.end.low95 >= found.pace.actual


@pytest.mark.parametrize(("first", "known"), [("2023-08", 36), ("2023-09", 35)])
def test_three_years_of_settled_months_are_needed(session: Session, history, first: str, known: int) -> None:
    history(first, "2026-11")
    found = course(session, CountFilter("P15"), on=ON)
    assert found.known_months == known
    assert found.why_not == (TOO_FEW if known < 36 else None)
    assert (found.end.point is None) is (known < 36)


def test_before_two_complete_years_the_plan_is_straight(session: Session, history) -> None:
    history("2025-01", "2026-11")
    target(session, 600)
    found = course(session, CountFilter("P15"), on=ON)
    assert not found.seasonal
    assert found.months[5].plan == 60


def test_without_any_count_nothing_is_projected(session: Session, history) -> None:
    found = course(session, CountFilter("P15"), on=ON)
    assert (found.known_months, found.why_not, found.pace.status) == (0, TOO_FEW, Status.UNSET)


def test_a_unit_has_its_own_months_and_target(session: Session, history) -> None:
    history("2022-01", "2026-11")
    history("2022-01", "2026-11", unit="420111", times=3)
    target(session, 600)
    target(session, 7, unit="420111")
    found = course(session, CountFilter("P15", unit="420111"), on=ON)
    assert (found.pace.actual, found.pace.target, found.end.point) == (345, 7, 1800)
    mine = course(session, CountFilter("P15", reach=Reach(unit="420106")), on=ON)
    assert (mine.pace.actual, mine.pace.target) == (115, None)


def test_a_closed_period_is_not_projected_and_a_lower_bound_proves_no_miss(session: Session, history) -> None:
    history("2022-01", "2026-11")
    target(session, 1_500_000, period="P14")
    found = course(session, CountFilter("P14"), on=ON)
    assert (found.why_not, found.end.point) == (OVER, None)
    assert found.pace.status is Status.UNKNOWN
    assert found.pace.need is None


def test_a_closed_period_that_reached_its_target_has_met_it(session: Session, history) -> None:
    history("2022-01", "2026-11")
    target(session, 480, period="P14")
    assert course(session, CountFilter("P14"), on=ON).pace.status is Status.MET


def test_the_same_ledger_gives_the_same_band(session: Session, history) -> None:
    history("2022-01", "2026-11")
    history("2023-01", "2023-12", unit="420111", times=2)
    first, again = (course(session, CountFilter("P15"), on=ON) for _time in range(2))
    assert first.months == again.months
    assert first.end.low95 < first.end.low80 < first.end.high80 < first.end.high95


def test_a_period_nobody_knows_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        course(session, CountFilter("P99"), on=ON)
