"""When two postings are one post: worked examples of each condition, and the rule measured."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.seeded_posts import measure, seeded
from webapp.domain.post_likeness import (
    DOUBTFUL,
    SAME,
    SLACK_DAYS,
    Offer,
    employer_key,
    likeness,
    shingles,
    title_key,
    title_likeness,
)
from webapp.domain.postings import Kind

TEXT = "负责政务服务事项申报、审批流转等模块的后端设计与编码；优化数据库表结构与查询；编写接口文档。"
OTHER_TEXT = "接待来店客人，介绍菜品与活动，开台结账，保持大厅整洁，听取意见并向店长反馈。"
ONE = Offer(
    posting_id=1,
    employer_id=1,
    employer_key=employer_key("武汉云果科技有限公司"),
    genuine=True,
    title_key=title_key("Java 后端开发工程师"),
    kind=Kind.JOB,
    place="420106",
    first_on=date(2026, 3, 1),
    last_on=date(2026, 5, 1),
)
BOARD = replace(ONE, posting_id=2, employer_id=2, genuine=False)


def alike(other: Offer, text: str = TEXT, one: Offer = ONE) -> float:
    texts = {one.posting_id: shingles(TEXT), other.posting_id: shingles(text)}
    return likeness(one, other, texts.__getitem__)


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("武汉云果科技有限公司", "武汉云果科技有限责任公司", True),
        ("武汉云果科技有限公司", " 武汉市云果科技有限公司 ", True),
        ("睿瀛科技(武汉)有限公司", "睿瀛科技（武汉）有限责任公司", True),
        ("湖北省演示集团股份有限公司", "湖北演示集团股份有限公司", True),
        ("武汉云果科技有限公司", "武汉云果信息有限公司", False),
        ("武汉云果科技有限公司", "武汉云果科技有限公司洪山分公司", False),
        ("有限公司", "股份有限公司", False),
    ],
)
def test_a_name_is_compared_without_signs_and_legal_form(*, name: str, other: str, same: bool) -> None:
    assert (employer_key(name) == employer_key(other)) is same


@pytest.mark.parametrize(
    "title",
    [
        "Java后端开发工程师",
        "急聘 Java 后端开发工程师",
        "【高薪诚聘】JAVA 后端开发工程师（双休+五险一金）",
        "Java 后端研发工程师（武汉·洪山）8-12K·13薪",
        "2026届校招-Java 后端开发工程师（5名）",
        "Ｊａｖａ后端开发程序员",
    ],
)
def test_marks_of_boards_pay_and_places_are_no_part_of_a_title(title: str) -> None:
    assert title_key(title) == ONE.title_key == "java后端开发工程师"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Java 开发工程师", "Java 工程师岗", 0.8),
        ("C++ 开发工程师", "C 开发工程师", 0.0),
        ("前端开发工程师", "后端开发工程师", 0.0),
        ("数据分析师1", "数据分析师2", 0.0),
        ("品牌传播专员", "品牌传播", 0.8),
        ("产品经理", "旅游产品经理", 0.6),
        ("运营经理", "运营专员", 0.0),
        ("环保工艺工程师实习生", "化工工艺工程师实习生", 0.0),
    ],
)
def test_titles_agree_by_their_special_words(one: str, other: str, expected: float) -> None:
    found = title_likeness(title_key(one), title_key(other))
    assert found == title_likeness(title_key(other), title_key(one)) == pytest.approx(expected)


def test_a_copy_on_a_board_is_the_same_post() -> None:
    assert alike(BOARD) == 1
    assert alike(BOARD, TEXT[:30]) == 1, "boards cut texts off"


@pytest.mark.parametrize(
    "changes",
    [
        {"employer_key": "别家"},
        {"genuine": True},
        {"kind": Kind.INTERNSHIP},
        {"place": "420102"},
        {"title_key": title_key("Java 前端开发工程师")},
        {"first_on": ONE.last_on + timedelta(days=SLACK_DAYS + 1), "last_on": date(2026, 12, 1)},
        {"first_on": date(2025, 1, 1), "last_on": ONE.first_on - timedelta(days=SLACK_DAYS + 1)},
    ],
)
def test_one_contradiction_parts_two_postings(changes: dict[str, object]) -> None:
    assert alike(replace(BOARD, **changes)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"place": None},
        {"employer_id": 1, "employer_key": "改了名的单位"},
        {"first_on": ONE.last_on + timedelta(days=SLACK_DAYS), "last_on": date(2026, 12, 1)},
    ],
)
def test_what_is_unknown_or_near_does_not_part_them(changes: dict[str, object]) -> None:
    assert alike(replace(BOARD, **changes)) == 1


def test_a_zone_and_its_district_are_one_place() -> None:
    zone, district = replace(ONE, place="WH-DHGX"), replace(BOARD, place="420111")
    assert alike(district, one=zone) == 1


def test_the_same_title_for_other_work_is_another_post() -> None:
    assert alike(BOARD, OTHER_TEXT) < DOUBTFUL


def test_other_words_for_the_title_need_more_of_the_text() -> None:
    half = TEXT[: len(TEXT) // 2] + OTHER_TEXT[: len(TEXT) // 2]
    reworded = replace(BOARD, title_key=title_key("Java 后端工程师岗"))
    assert alike(BOARD, half) >= SAME > alike(reworded, half) >= DOUBTFUL


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_seeded_duplicates_are_found_and_lookalikes_are_not(seed: int) -> None:
    found = measure(seeded(seed))
    assert found.posts >= 1000
    assert found.precision >= 0.98
    assert found.recall >= 0.9
    assert abs(found.counted - found.true) / found.true <= 0.02
