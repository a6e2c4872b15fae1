"""Rows of collected postings become postings."""

from typing import Any

import pytest

from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind
from webapp.reading.postings import (
    NoDuties,
    NoEmployer,
    NoTitle,
    RawPosting,
    guess_kind,
    least_degree,
    read_posting,
    split_text,
)

ROW: dict[str, Any] = {
    "source": "zhaopin_wuhan2024",
    "title": "数据分析师",
    "description": "岗位职责：1、整理销售数据；2、写周报。 任职要求：1、本科及以上；2、熟悉 SQL。",
    "requirements": None,
    "skills": ["SQL", "Excel", "SQL"],
    "salary": "8-12K·14薪",
    "city": "武汉",
    "district": "东湖高新区",
    "education": "本科及以上",
    "experience": "经验不限",
    "company": "武汉某某科技有限公司",
    "industry": None,
    "category": "数据分析",
}


def posting(**changes: Any) -> RawPosting:
    return read_posting({**ROW, **changes}, "file.jsonl")


def test_a_row_becomes_a_posting() -> None:
    read = posting()
    assert (read.title, read.employer, read.kind) == ("数据分析师", "武汉某某科技有限公司", Kind.JOB)
    assert read.duties == "1、整理销售数据；2、写周报。"
    assert read.requirements == "1、本科及以上；2、熟悉 SQL。"
    assert read.skills == ("SQL", "Excel")
    assert read.pay is not None
    assert (read.pay.low, read.pay.high, read.pay.months) == (8000, 12000, 14)
    assert (read.district, read.degree_min, read.in_wuhan) == ("WH-DHGX", Degree.BACHELOR, True)
    assert read.collected_in == 2024


def test_the_same_row_has_the_same_key_and_another_text_another() -> None:
    assert posting().key == posting(salary="面议", city="武汉市").key
    assert posting().key != posting(title="数据工程师").key
    assert posting().key != posting(company="别家").key


@pytest.mark.parametrize(
    ("change", "refusal", "reason"),
    [
        ({"title": " "}, NoTitle, "岗位名称缺失"),
        ({"description": None}, NoDuties, "岗位内容缺失"),
        ({"company": None}, NoEmployer, "单位名称缺失"),
    ],
)
def test_a_row_without_what_a_posting_needs_is_refused(
    change: dict[str, Any], refusal: type[Exception], reason: str
) -> None:
    with pytest.raises(refusal, match=reason):
        posting(**change)


def test_a_posting_elsewhere_may_name_nobody_for_it_is_never_shown() -> None:
    assert posting(company=None, city="上海").employer is None


def test_a_district_word_means_nothing_outside_wuhan() -> None:
    assert posting(city="长沙", district="青山").district is None


def test_contacts_in_a_posting_are_hidden() -> None:
    read = posting(description="写代码，联系微信：hr_20240101 或 13900000001")
    assert "hr_2024" not in read.duties
    assert "139" not in read.duties


def test_a_title_with_a_number_to_call_is_hidden_too() -> None:
    assert posting(title="客服 电话13900000001").title == "客服 电话***"


def test_markup_stays_text() -> None:
    assert posting(title="<b>'; DROP TABLE posting;--").title == "<b>'; DROP TABLE posting;--"


@pytest.mark.parametrize(
    ("description", "duties", "requirements"),
    [
        ("岗位职责：写代码。任职要求：会 Python。", "写代码。", "会 Python。"),
        ("【工作内容】写代码\n【任职资格】会 Python", "写代码", "会 Python"),
        ("职位描述:写代码 岗位要求:会 Python", "写代码", "会 Python"),
        ("一、岗位职责 写代码 二、要求：会 Python", "写代码 二、", "会 Python"),
        ("写代码，按客户要求交付", "写代码，按客户要求交付", ""),
        ("任职要求：会 Python", "任职要求：会 Python", ""),
    ],
)
def test_a_mark_parts_duties_from_requirements(description: str, duties: str, requirements: str) -> None:
    assert split_text(description, "") == (duties, requirements)


def test_requirements_given_apart_are_not_said_twice() -> None:
    assert split_text("岗位职责：写代码。任职要求：会 Python。", "会 Python。") == ("写代码。", "会 Python。")


@pytest.mark.parametrize(
    ("education", "degree"),
    [
        ("本科及以上", Degree.BACHELOR),
        ("大专", Degree.ASSOCIATE),
        ("统招本科", Degree.BACHELOR),
        ("硕士/博士", Degree.MASTER),
        ("学历不限", None),
        ("中专/中技", None),
        ("3-5年", None),
        ("", None),
    ],
)
def test_the_least_degree_asked_for_is_read(education: str, degree: Degree | None) -> None:
    assert least_degree(education) is degree


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("新媒体运营实习生", Kind.INTERNSHIP),
        ("Marketing Intern", Kind.INTERNSHIP),
        ("国际内部审计 Internal Auditor", Kind.JOB),
        ("管理见习生", Kind.TRAINEESHIP),
        ("见习店长", Kind.JOB),
        ("课题组科研助理", Kind.RESEARCH_ASSISTANT),
        ("会计", Kind.JOB),
    ],
)
def test_the_kind_is_told_by_the_title(title: str, kind: Kind) -> None:
    assert guess_kind(title) is kind
