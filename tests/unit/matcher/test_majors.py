"""A major suits a posting by name, class, what its text says, or the work it leads to."""

import pytest

from matcher.documents import PostingDocument
from matcher.majors import FITTING, RELATED, Majors, Occupation, runs_in_common
from webapp.settings import ROOT


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


@pytest.fixture(scope="module")
def catalogue():
    return Majors.load(ROOT / "data" / "taxonomy")


@pytest.mark.parametrize(
    ("major", "asked", "suits"),
    [
        ("护理学", "兽医学", False),
        ("护理学", "计算机科学与技术", False),
        ("护理", "会计", False),
        ("软件工程", "动物医学", False),
        ("护理", "护理学", True),
        ("护理", "助产学", True),
        ("会计", "财务管理", True),
        ("计算机科学与技术", "软件工程", True),
    ],
)
def test_a_kind_of_degree_is_no_class_of_majors(catalogue, major, asked, suits):
    assert (catalogue.fit(major, PostingDocument(1, "招聘", majors=(asked,))) >= FITTING) is suits


def test_majors_that_share_a_name_keep_the_classes_of_every_level(catalogue):
    posting = PostingDocument(1, "开发", majors=("计算机类",))
    assert catalogue.fit("计算机科学与技术", posting) == pytest.approx(0.95)


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
