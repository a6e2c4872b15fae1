"""Plain questions are read for kinds and places."""

import pytest

from matcher.documents import PostingDocument
from matcher.queries import parse


@pytest.mark.parametrize(
    ("text", "kinds", "districts", "rest"),
    [
        ("光谷 数据分析 实习 能转正", {"internship"}, {"WH-DHGX"}, "数据分析"),
        ("武昌区护士", set(), {"420106"}, "护士"),
        ("东西湖 仓库管理 全职", {"job"}, {"420112"}, "仓库管理"),
        ("沌口或汉阳的见习", {"traineeship"}, {"WH-JKQ", "420105"}, "或 的"),
        ("会计", set(), set(), "会计"),
        ("", set(), set(), ""),
    ],
)
def test_kinds_and_places_are_recognised(text, kinds, districts, rest):
    query = parse(text)
    assert (query.kinds, query.districts, query.rest) == (kinds, districts, rest)


@pytest.mark.parametrize(
    ("text", "districts", "rest"),
    [
        ("吴家山会计", {"420112"}, "会计"),
        ("武汉经开焊工", {"WH-JKQ"}, "焊工"),
        ("东湖新技术开发区护士", {"WH-DHGX"}, "护士"),
        ("武昌区域经理", {"420106"}, "区域经理"),
        ("化工区域经理", set(), "化工区域经理"),
    ],
)
def test_a_place_has_every_name_of_the_catalogue_and_no_region_is_one(text, districts, rest):
    query = parse(text)
    assert (query.districts, query.rest) == (districts, rest)


def test_an_internship_that_may_become_a_job_is_asked_for_by_its_mark():
    query = parse("实习 可以转正")
    assert (query.rest, query.converts) == ("", True)
    marked, said = PostingDocument(1, "助理", converts=True), PostingDocument(1, "助理", "表现好可转正")
    assert (
        query.relevance(marked, 0)
        == query.relevance(said, 0)
        > query.relevance(PostingDocument(1, "助理"), 0)
    )


def test_filler_words_are_not_searched():
    assert parse("想找会计的工作").terms == ("会计",)


def test_a_longer_word_is_looked_for_whole():
    assert parse("光谷 数据分析 实习 能转正").terms == ("数据分析",)


@pytest.mark.parametrize(
    ("posting", "similarity", "level"),
    [
        (PostingDocument(1, "会计", kind="internship", district="WH-DHGX"), 0.1, 6),
        (PostingDocument(1, "会计", kind="internship"), 0.1, 5),
        (PostingDocument(1, "会计"), 0.1, 4),
        (PostingDocument(1, "出纳"), 0.4, 4),
        (PostingDocument(1, "护士", kind="internship", district="WH-DHGX"), 0.1, 2),
        (PostingDocument(1, "护士"), 0.1, 0),
    ],
)
def test_a_question_is_answered_by_its_words_or_meaning_before_kind_and_place(posting, similarity, level):
    assert parse("光谷 会计 实习").level(posting, similarity) == level


def test_a_word_in_the_title_says_more_than_one_in_the_text():
    query = parse("会计")
    named = query.relevance(PostingDocument(1, "会计"), 0.3)
    mentioned = query.relevance(PostingDocument(1, "助理", "协助会计"), 0.3)
    absent = query.relevance(PostingDocument(1, "助理"), 0.3)
    assert 1 >= named > mentioned > absent >= 0
