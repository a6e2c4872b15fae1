"""A major suits a posting by name, class, what its text says, or the work it leads to."""

import pytest

from matcher.documents import PostingDocument
from matcher.majors import RELATED, Majors, Occupation, runs_in_common


@pytest.mark.parametrize(
    ("major", "posting", "fit"),
    [
        ("护理学", PostingDocument(1, "护士", majors=("护理学",)), 1.0),
        ("软件工程", PostingDocument(1, "开发", majors=("计算机类",)), 0.95),
        ("软件工程", PostingDocument(1, "开发", majors=("网络工程",)), 0.7),
        ("护理学", PostingDocument(1, "开发", majors=("网络工程",)), 0.1),
        ("护理学", PostingDocument(1, "店员", majors=("不限",)), 0.4),
        ("", PostingDocument(1, "开发", majors=("网络工程",)), 0.1),
        ("", PostingDocument(1, "店员"), 0.4),
        ("统计学", PostingDocument(1, "分析", requirements="数学、统计学等专业"), 0.9),
        ("软件工程", PostingDocument(1, "开发", requirements="计算机相关专业"), 0.85),
        ("统计学", PostingDocument(1, "数据分析师"), 0.65),
        ("统计学", PostingDocument(1, "店员"), 0.4),
        ("统计学", PostingDocument(1, "分析", majors=("应用统计",)), 0.65),
    ],
)
def test_fit(majors, major, posting, fit):
    assert majors.fit(major, posting) == pytest.approx(fit)


def test_a_telling_word_of_a_title_counts_more_than_a_common_one():
    teachers = [
        Occupation((f"{subject}教师",), (major,))
        for subject, major in (("数学", "数学"), ("历史", "历史学"), ("音乐", "音乐学"), ("体育", "体育学"))
    ]
    majors = Majors({}, teachers)
    own, other = (majors.leads_to("数学", title) for title in ("高中数学教师", "高中历史教师"))
    assert own == pytest.approx(1)
    assert other < RELATED


def test_a_name_that_differs_little_is_the_same_major(majors):
    assert majors.leads_to("统计", "数据分析师") == 1


@pytest.mark.parametrize(
    ("phrase", "title", "runs"),
    [
        ("数据分析师", "初级数据分析专员", [(2, 6)]),
        ("Java开发", "高级java工程师", [(2, 6)]),
        ("护士", "会计", []),
        ("机械结构工程师", "结构机械工程师", [(0, 2), (2, 4), (4, 7)]),
    ],
)
def test_runs_two_phrases_share(phrase, title, runs):
    assert runs_in_common(phrase, title) == runs
