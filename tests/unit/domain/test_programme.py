from datetime import date, timedelta

import pytest

from webapp.domain.catalogues import districts
from webapp.domain.programme import gb2260_of, minimum_wage, outcome_code, rulesets, unit_name, unit_of, units


def test_every_place_has_exactly_one_unit_on_every_day_of_ten_years() -> None:
    from webapp.domain.programme import _partition

    day = date(2021, 1, 1)
    while day < date(2031, 1, 1):
        for place in districts():
            lines = [
                unit for code, unit, first, last in _partition() if code == place and first <= day <= last
            ]
            assert len(lines) == 1, (place, day)
        day += timedelta(days=15)


def test_every_unit_of_the_partition_is_a_unit() -> None:
    assert {unit_of(place, date(2026, 1, 1)) for place in districts()} == set(units())
    assert len(units()) == 16


@pytest.mark.parametrize(
    ("place", "on", "unit"),
    [
        ("420113", date(2026, 1, 1), "WH-JKQ"),
        ("WH-CJXQ", date(2021, 12, 31), "420116"),
        ("WH-CJXQ", date(2022, 1, 1), "WH-CJXQ"),
        ("430100", date(2026, 1, 1), None),
        (None, date(2026, 1, 1), None),
    ],
)
def test_who_reports_for_a_place(place: str | None, on: date, unit: str | None) -> None:
    assert unit_of(place, on) == unit


def test_zones_have_a_national_district() -> None:
    assert gb2260_of("WH-DHGX") == "420111"
    assert gb2260_of("420106") == "420106"


@pytest.mark.parametrize(("code", "mapped"), [("11", "11"), ("271", "27"), ("81", "80"), (" 511 ", "51")])
def test_sub_codes_are_mapped(code: str, mapped: str) -> None:
    found = outcome_code(code)
    assert found is not None
    assert found.code == mapped


def test_unknown_codes_are_never_guessed() -> None:
    assert outcome_code("99") is None
    assert outcome_code("") is None


def test_minimum_wage_is_dated() -> None:
    assert minimum_wage(date(2024, 1, 31)) == 0
    assert minimum_wage(date(2024, 2, 1)) == 2210


def test_names_for_people() -> None:
    assert unit_name("420106") == "武昌区"
    assert unit_name("?") == "?"
    assert rulesets()["RS-2026.1"].cohort_years == 5
