"""What a posting must say, by worked examples at the boundaries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from webapp.domain.degrees import Degree
from webapp.domain.employers import EmployerKind, fits_credit_code
from webapp.domain.posting_rules import PostingTerms, check_posting
from webapp.domain.postings import Kind

ON = date(2026, 6, 15)
GOOD = PostingTerms(
    kind=Kind.JOB,
    title="数据分析师",
    duties="整理城市就业数据，编写取数脚本和报表，和业务同事一起找出问题的原因，写成每周两次的分析简报，"
    "并维护指标口径文档。刚开始由有经验的同事带着做，三个月内独立负责一个主题，半年后参与数据平台的建设。",
    requirements="会用 SQL 和 Python，能把结论讲清楚。",
    headcount=2,
    district="WH-DHGX",
    address="光谷大道 1 号",
    pay_min=8000,
    pay_max=11000,
    months=13,
    valid_until_on=ON + timedelta(days=60),
)


def blocking(terms: PostingTerms, kind: EmployerKind = EmployerKind.COMPANY) -> list[str]:
    return [one.field for one in check_posting(terms, employer_kind=kind, on=ON) if one.blocking]


def remarks(terms: PostingTerms) -> list[str]:
    problems = check_posting(terms, employer_kind=EmployerKind.COMPANY, on=ON)
    return [one.field for one in problems if not one.blocking]


def test_a_complete_posting_has_nothing_to_mend() -> None:
    assert check_posting(GOOD, employer_kind=EmployerKind.PUBLIC_INSTITUTION, on=ON) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("duties", "写代码"),
        ("requirements", ""),
        ("headcount", None),
        ("headcount", 0),
        ("headcount", 5001),
        ("district", None),
        ("district", "110000"),
        ("address", " "),
        ("pay_min", None),
        ("pay_min", 2209),
        ("pay_max", 7999),
        ("months", 11),
        ("months", 25),
        ("valid_until_on", None),
        ("valid_until_on", ON),
        ("valid_until_on", ON + timedelta(days=91)),
        ("start_on", ON - timedelta(days=1)),
    ],
)
def test_what_the_law_demands_is_asked_for_at_its_field(field: str, value: object) -> None:
    assert blocking(replace(GOOD, **{field: value})) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headcount", 5000),
        ("pay_min", 2210),
        ("pay_max", 8000),
        ("months", 12),
        ("months", 24),
        ("valid_until_on", ON + timedelta(days=1)),
        ("valid_until_on", ON + timedelta(days=90)),
        ("start_on", ON),
    ],
)
def test_the_boundary_itself_is_allowed(field: str, value: object) -> None:
    assert blocking(replace(GOOD, **{field: value})) == []


def test_conditions_may_be_a_degree_alone() -> None:
    assert blocking(replace(GOOD, requirements="", degree_min=Degree.BACHELOR)) == []


def test_a_trainee_s_allowance_may_be_below_the_minimum_wage() -> None:
    assert blocking(replace(GOOD, kind=Kind.TRAINEESHIP, pay_min=1800, pay_max=1800)) == []


def test_short_duties_and_a_wide_range_of_pay_are_remarked_only() -> None:
    terms = replace(GOOD, duties="整理城市就业数据，编写取数脚本和报表，写分析简报。", pay_max=24001)
    assert blocking(terms) == []
    assert remarks(terms) == ["duties", "pay_max"]
    assert remarks(replace(GOOD, pay_max=24000)) == []


@pytest.mark.parametrize("field", ["title", "duties", "requirements", "address"])
def test_forbidden_wording_is_shown_where_it_stands_with_clause_and_neutral_text(field: str) -> None:
    terms = replace(GOOD, **{field: f"{getattr(GOOD, field)}，男士优先"})
    [problem] = check_posting(terms, employer_kind=EmployerKind.COMPANY, on=ON)
    assert (problem.field, problem.blocking, problem.words) == (field, True, "男士优先")
    assert "妇女权益保障法" in (problem.clause or "")
    assert problem.neutral


def test_forbidden_wording_hidden_among_skills_is_found() -> None:
    assert blocking(replace(GOOD, skills=("Python", "限男性"))) == ["skills"]


def test_the_rank_of_a_school_stops_a_state_employer_and_is_remarked_for_a_company() -> None:
    terms = replace(GOOD, requirements="985 院校毕业，会 SQL。")
    assert blocking(terms, EmployerKind.STATE_OWNED) == ["requirements"]
    assert blocking(terms) == []
    assert remarks(terms) == ["requirements"]


@pytest.mark.parametrize(
    ("kind", "start", "fits"),
    [
        (EmployerKind.COMPANY, "91", True),
        (EmployerKind.STATE_OWNED, "91", True),
        (EmployerKind.PUBLIC_INSTITUTION, "91", False),
        (EmployerKind.PUBLIC_INSTITUTION, "12", True),
        (EmployerKind.COMPANY, "12", False),
        (EmployerKind.GOVERNMENT, "11", True),
        (EmployerKind.SOCIAL, "52", True),
        (EmployerKind.COMPANY, "51", False),
        (EmployerKind.SOCIAL, "81", True),
        (EmployerKind.COMPANY, "N2", True),
    ],
)
def test_the_kind_of_an_organisation_fits_its_credit_code(
    *, kind: EmployerKind, start: str, fits: bool
) -> None:
    assert fits_credit_code(kind, start + "420100000000000X") is fits
