"""Figures others answer for: which stands, what they add up to, what they prove."""

from datetime import date
from decimal import Decimal

import pytest

from webapp.domain.figure_rules import (
    KindUnfit,
    MonthOutside,
    MoreThanWhole,
    SaidFigure,
    TooExact,
    check_figure,
    check_part,
)
from webapp.domain.figures import Figure, FigureKind, FigureStatus, by_year, judge, level, standing, total
from webapp.domain.indicators import Status
from webapp.domain.plan import Basis, DifferentMeasures, Group, by_measure, indicators, share_of
from webapp.domain.results import Case, Proof, levels, paced, projected, result, years_alone

P14 = indicators("P14")
OVER = date(2026, 11, 1)
DURING = date(2024, 3, 10)
Rows = list[tuple[str, str, float]]


def figure(kind: str, month: str, value: float, *, revision: int = 1, status: str = "approved") -> Figure:
    return Figure(
        FigureKind(kind), month, revision, Decimal(str(value)), FigureStatus(status), f"{month} 文件"
    )


def case(name: str, rows: Rows, *, on: date = OVER, **changes: object) -> Case:
    """One indicator of 2021-2025 with approved figures."""
    return Case(
        **{
            "indicator": P14[name],
            "target": P14[name].target,
            "first_on": date(2021, 1, 1),
            "last_on": date(2025, 12, 31),
            "on": on,
            "figures": standing(figure(*row) for row in rows),
        }
        | changes
    )


def yearly(*values: float, first: int = 2021) -> Rows:
    return [("yearly", f"{first + place}-12", value) for place, value in enumerate(values)]


def test_the_plan_has_its_eight_indicators_all_expected() -> None:
    eight = [one for one in P14.values() if one.group is Group.INDICATOR]
    assert [(one.measure, one.baseline, one.target, one.op) for one in eight] == [
        ("人", 1_067_400, 1_100_000, ">="),
        ("%", None, 6, "<"),
        ("%", Decimal("3.18"), 5, "<"),
        ("人", 1_397_000, 1_500_000, ">="),
        ("人次", 415_000, 650_000, ">="),
        ("人次", 90_300, 60_000, ">="),
        ("人", 260_000, 106_000, ">="),
        ("人", 120_000, 40_000, ">="),
    ]
    assert all(one.expected for one in eight)


def test_the_latest_approved_revision_stands() -> None:
    kept = standing(
        [
            figure("yearly", "2021-12", 10),
            figure("yearly", "2021-12", 12, revision=2),
            figure("yearly", "2021-12", 99, revision=3, status="unverified"),
            figure("yearly", "2021-12", 98, revision=4, status="refused"),
        ]
    )
    assert {slot: one.value for slot, one in kept.items()} == {(FigureKind.YEARLY, "2021-12"): 12}


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ([], None),
        (yearly(30, 31), (61, "2022-12")),
        ([*yearly(30), *yearly(34, first=2023)], (30, "2021-12")),
        ([("monthly", "2021-01", 2), ("monthly", "2021-02", 3)], (5, "2021-02")),
        ([("monthly", "2021-02", 3)], None),
        ([*yearly(30), ("cumulative", "2022-06", 48)], (48, "2022-06")),
        ([*yearly(30, 31, 32), ("cumulative", "2022-06", 48)], (93, "2023-12")),
        ([*yearly(30), ("monthly", "2021-01", 2)], (30, "2021-12")),
        ([*yearly(30), ("cumulative", "2021-12", 31)], (31, "2021-12")),
    ],
    ids=[
        "none",
        "years",
        "gap",
        "months",
        "no start",
        "cumulative",
        "further",
        "never mixed",
        "first choice",
    ],
)
def test_figures_are_added_up_by_kind_and_without_gaps(rows: Rows, known: object) -> None:
    found = total(standing(figure(*row) for row in rows), first="2021-01")
    assert (found and (found.value, found.until)) == known


def test_a_year_is_known_by_its_figure_its_months_or_between_two_cumulatives() -> None:
    rows = [
        ("cumulative", "2021-12", 30),
        ("cumulative", "2022-12", 62),
        *[("monthly", f"2023-{month:02}", 1) for month in range(1, 13)],
        ("cumulative", "2025-12", 150),
    ]
    found = by_year(standing(figure(*row) for row in rows), range(2021, 2026))
    assert {year: known.value for year, known in found.items()} == {2021: 30, 2022: 32, 2023: 12}


@pytest.mark.parametrize(
    ("value", "op", "status"),
    [
        ("4.99", "<", Status.WITHIN),
        ("5", "<", Status.AT_LIMIT),
        ("5.01", "<", Status.BREACH),
        ("5", ">=", Status.ON),
        ("4.99", ">=", Status.BEHIND),
        ("5", ">", Status.AT_LIMIT),
        ("5.01", ">", Status.ON),
    ],
)
def test_only_the_operator_decides(value: str, op: str, status: Status) -> None:
    assert judge(Decimal(value), Decimal(5), op) is status


def test_a_rate_has_last_mean_highest_and_breach_months_but_no_projection() -> None:
    rows = [("level", "2024-01", 5.9), ("level", "2024-02", 6.1), ("level", "2024-03", 5.7)]
    seen = levels(case("surveyed_unemployment", rows, on=DURING))
    assert seen is not None
    assert (seen.last, round(seen.average, 2), seen.highest, seen.breaches) == (
        Decimal("5.7"),
        5.9,
        Decimal("6.1"),
        ["2024-02"],
    )
    assert projected(case("surveyed_unemployment", rows, on=DURING)) is None
    assert level({}, limit=Decimal(6), op="<") is None


@pytest.mark.parametrize(
    ("value", "status"), [(4.9, Status.MET), (5, Status.AT_LIMIT), (5.1, Status.NOT_MET)]
)
def test_registered_unemployment_of_exactly_five_is_a_warning(value: float, status: Status) -> None:
    assert result(case("registered_unemployment", [("level", "2025-12", value)])).status is status


def test_an_old_level_proves_nothing_for_the_end() -> None:
    assert result(case("registered_unemployment", [("level", "2023-12", 4)])).status is Status.UNKNOWN


@pytest.mark.parametrize("name", ["migrant_training", "certificates", "senior_certificates"])
def test_far_above_a_target_below_its_baseline_is_met_and_never_a_breach(name: str) -> None:
    above = case(name, yearly(40_000, 40_000, 40_000, 40_000, 40_000))
    assert result(above).status is Status.MET
    during = case(name, yearly(40_000, 40_000, 40_000), on=DURING)
    assert result(during).status is Status.MET


@pytest.mark.parametrize(
    ("rows", "status", "proof"),
    [
        ([], Status.UNKNOWN, None),
        (yearly(300_000, 300_000, 300_000, 300_000, 300_000), Status.MET, Proof.REPORTED),
        (yearly(300_000, 300_000, 300_000, 300_000, 299_999), Status.NOT_MET, Proof.REPORTED),
        (yearly(300_000, 300_000, 300_000, 300_000), Status.UNKNOWN, Proof.REPORTED),
        ([("cumulative", "2024-06", 1_500_001)], Status.MET, Proof.REPORTED),
    ],
)
def test_a_closed_period_is_met_not_met_or_unknown(rows: Rows, status: Status, proof: Proof | None) -> None:
    found = result(case("retained", rows))
    assert (found.status, found.proof) == (status, proof)


def test_figures_of_the_press_prove_nothing() -> None:
    kept = standing([figure("yearly", f"{year}-12", 1e6, status="unverified") for year in range(2021, 2026)])
    assert result(case("retained", [], figures=kept)).status is Status.UNKNOWN


@pytest.mark.parametrize(("count", "status"), [(1_500_000, Status.MET), (1_499_999, Status.UNKNOWN)])
def test_a_lower_bound_proves_that_a_floor_was_reached_but_no_miss(count: int, status: Status) -> None:
    found = result(case("retained", [], platform=count))
    assert (found.status, found.proof) == (status, Proof.PLATFORM)


def test_a_reported_figure_is_the_value_even_where_the_platform_has_more() -> None:
    found = result(case("retained", [("cumulative", "2025-12", 1_400_000)], platform=1_600_000))
    assert (found.value, found.status) == (1_400_000, Status.NOT_MET)


def test_each_year_is_judged_alone_and_a_surplus_is_not_carried_over() -> None:
    rows = yearly(290_000, 190_000, 200_000)
    years = years_alone(case("qihang", rows))
    assert [one.status for one in years] == [
        Status.MET,
        Status.NOT_MET,
        Status.MET,
        Status.UNKNOWN,
        Status.UNKNOWN,
    ]
    assert result(case("qihang", rows)).status is Status.NOT_MET
    assert result(case("qihang", yearly(*[200_000] * 5))).status is Status.MET
    assert result(case("qihang", yearly(200_000, 200_000), on=DURING)).status is Status.UNKNOWN


def test_the_present_year_is_not_missed_before_it_is_over() -> None:
    years = years_alone(case("job_fairs", yearly(250, 260, 249), on=DURING))
    assert [one.status for one in years] == [Status.MET, Status.MET, Status.NOT_MET, Status.UNKNOWN]


def test_a_year_with_a_target_of_its_own_is_measured_by_it() -> None:
    years = years_alone(case("job_fairs", yearly(250, 260), year_targets={2022: Decimal(300)}))
    assert [one.status for one in years[:2]] == [Status.MET, Status.NOT_MET]


def test_both_readings_of_an_ambiguous_sentence_are_kept() -> None:
    both = [one.id for one in P14.values() if len(one.readings) > 1]
    assert both == ["posts", "well_paid_posts", "talent_flats", "stations", "bases"]
    assert {P14[name].basis for name in both} == {Basis.PERIOD_TOTAL}
    rows = yearly(200_000, 300_000)
    assert result(case("posts", rows, on=DURING)).status is Status.MET
    assert [one.status for one in years_alone(case("posts", rows, on=DURING))][:2] == [
        Status.NOT_MET,
        Status.NOT_MET,
    ]


def test_the_pace_of_reported_figures_is_that_of_the_month_they_reach() -> None:
    now = paced(case("retained", [("cumulative", "2023-06", 600_000)], on=DURING))
    assert now is not None
    assert (now.plan, now.ratio, now.need) == (750_000, 0.8, 30_000)


def test_the_plan_follows_the_season_once_two_complete_years_are_known() -> None:
    months = [(year, month) for year in (2021, 2022) for month in range(1, 13)]
    rows = [("monthly", f"{year}-{month:02}", 80 if month == 6 else 20) for year, month in months]
    plan = {"target": Decimal(1500), "on": date(2023, 7, 5)}
    half = [("monthly", f"2023-{month:02}", 80 if month == 6 else 20) for month in range(1, 7)]
    now = paced(case("urban_new_jobs", [*rows, *half], **plan))
    assert now is not None
    assert (round(now.plan or 0, 6), round(now.ratio or 0, 6)) == (780, round(780 / 780, 6))
    straight = paced(case("urban_new_jobs", [*rows[:12], *half], **plan))
    assert straight is not None
    assert straight.plan == 300, "a gap ends the sum after one year; its plan is a straight line"


def test_three_complete_years_are_projected() -> None:
    found = projected(case("retained", yearly(32, 31, 34), on=DURING))
    assert found is not None
    assert (round(found.point, 2), round(found.low, 2), round(found.high, 2)) == (161.67, 149.67, 173.67)
    assert projected(case("retained", yearly(32, 31), on=DURING)) is None


def test_persons_and_person_times_are_never_divided_nor_put_on_one_axis() -> None:
    with pytest.raises(DifferentMeasures):
        share_of(P14["subsidised_training"], P14["certificates"], (1, 2))
    assert share_of(P14["senior_certificates"], P14["certificates"], (4, 10)) == 0.4
    eight = [one for one in P14.values() if one.group is Group.INDICATOR]
    assert {measure: len(listed) for measure, listed in by_measure(eight).items()} == {
        "人": 4,
        "%": 2,
        "人次": 2,
    }


def said(**changes: object) -> SaidFigure:
    return SaidFigure(
        **{
            "period_id": "P14",
            "indicator": "retained",
            "unit": "city",
            "kind": FigureKind.YEARLY,
            "month": "2024-12",
            "value": Decimal(319_300),
            "document": "统计公报（演示）",
        }
        | changes
    )


@pytest.mark.parametrize(
    ("name", "changes", "refusal"),
    [
        ("retained", {"kind": FigureKind.LEVEL}, KindUnfit),
        ("surveyed_unemployment", {}, KindUnfit),
        ("qihang", {"kind": FigureKind.CUMULATIVE}, KindUnfit),
        ("retained", {"month": "2024-11"}, MonthOutside),
        ("retained", {"month": "2026-12"}, MonthOutside),
        ("retained", {"month": "2020-12"}, MonthOutside),
        ("retained", {"value": Decimal(319_301)}, None),
        ("retained", {"value": Decimal("319300.5")}, TooExact),
        ("posts", {"value": Decimal("1.5")}, TooExact),
        ("talent_flats", {"value": Decimal("1.5")}, None),
        ("talent_flats", {"value": Decimal("1.55")}, TooExact),
        ("posts", {"value": Decimal(-1)}, TooExact),
        ("service_share", {"kind": FigureKind.LEVEL, "value": Decimal("100.1")}, TooExact),
    ],
)
def test_what_may_be_written_down(name: str, changes: dict[str, object], refusal: type | None) -> None:
    days = {"first_on": date(2021, 1, 1), "last_on": date(2025, 12, 31), "on": OVER}
    if refusal is None:
        check_figure(said(**changes), P14[name], **days)
        return
    with pytest.raises(refusal):
        check_figure(said(**changes), P14[name], **days)


def test_a_month_that_is_not_over_has_no_figure_yet() -> None:
    days = {"first_on": date(2021, 1, 1), "last_on": date(2025, 12, 31), "on": date(2024, 12, 31)}
    with pytest.raises(MonthOutside):
        check_figure(said(), P14["retained"], **days)


def test_a_part_is_never_more_than_its_whole() -> None:
    part, whole = P14["senior_certificates"], P14["certificates"]
    check_part(part, Decimal(8), whole, Decimal(8))
    check_part(part, Decimal(9), whole, None)
    with pytest.raises(MoreThanWhole):
        check_part(part, Decimal(9), whole, Decimal(8))
