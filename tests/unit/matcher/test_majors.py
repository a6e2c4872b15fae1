"""A major suits a posting by name, class or the trades it leads to."""

import pytest

from matcher.documents import PostingDocument


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
        ("统计学", PostingDocument(1, "数据分析师"), 0.7),
        ("统计学", PostingDocument(1, "店员"), 0.4),
    ],
)
def test_fit(majors, major, posting, fit):
    assert majors.fit(major, posting) == fit
