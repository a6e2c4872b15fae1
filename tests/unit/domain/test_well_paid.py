"""高薪优岗: the least pay of a year against dated floors and the market."""

from dataclasses import replace
from datetime import date

import pytest

from webapp.domain.degrees import Degree
from webapp.domain.posting_rules import PostingTerms
from webapp.domain.postings import Kind
from webapp.domain.well_paid import Market, is_well_paid, version_on

ON = date(2026, 6, 15)
POST = PostingTerms(
    kind=Kind.JOB, title="软件工程师", degree_min=Degree.BACHELOR, pay_min=8334, pay_max=20000
)
MARKET = Market("2026-06", {Degree.BACHELOR: 120_000, Degree.MASTER: 90_000})


@pytest.mark.parametrize(
    ("kind", "degree", "pay", "months", "well_paid"),
    [
        (Kind.JOB, Degree.BACHELOR, 8334, 12, True),
        (Kind.JOB, Degree.BACHELOR, 8333, 12, False),
        (Kind.JOB, Degree.MASTER, 11539, 13, True),
        (Kind.JOB, Degree.MASTER, 11538, 13, False),
        (Kind.JOB, None, 6667, 12, True),
        (Kind.JOB, Degree.DOCTOR, 20000, 12, False),
        (Kind.INTERNSHIP, Degree.BACHELOR, 30000, 12, False),
    ],
)
def test_well_paid_is_the_lower_bound_of_a_year_against_the_floor_of_the_degree(
    *, kind: Kind, degree: Degree | None, pay: int, months: int, well_paid: bool
) -> None:
    terms = replace(POST, kind=kind, degree_min=degree, pay_min=pay, pay_max=pay * 2, months=months)
    assert is_well_paid(terms, on=ON) is well_paid


@pytest.mark.parametrize(
    ("degree", "pay", "well_paid"),
    [
        (Degree.BACHELOR, 10_000, True),
        (Degree.BACHELOR, 9_999, False),
        (Degree.MASTER, 12_500, True),
        (Degree.MASTER, 12_499, False),
        (None, 6_667, True),
    ],
)
def test_the_larger_of_floor_and_market_decides(*, degree: Degree | None, pay: int, well_paid: bool) -> None:
    terms = replace(POST, degree_min=degree, pay_min=pay, pay_max=pay)
    assert is_well_paid(terms, on=ON, market=MARKET) is well_paid


def test_no_pay_and_no_rule_in_force_make_no_well_paid_post() -> None:
    assert not is_well_paid(replace(POST, pay_min=None), on=ON)
    assert not is_well_paid(replace(POST, pay_min=90_000), on=date(2020, 12, 31))


def test_the_version_names_the_dated_rule_and_the_month_of_the_market() -> None:
    assert version_on(ON) == "HP-2026.1"
    assert version_on(ON, MARKET) == "HP-2026.1/2026-06"
    assert version_on(date(2020, 12, 31)) == ""
