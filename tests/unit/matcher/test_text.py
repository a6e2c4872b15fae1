"""Only what bears on the work is embedded."""

import pytest

from matcher.documents import PostingDocument, ResumeDocument
from matcher.text import TEXT_LIMIT, field_text, prepared


@pytest.mark.parametrize(
    "private",
    ["姓名：张三", "性别：女", "民族: 土家族", "政治面貌：中共党员", "出生年月：2003.05", "籍贯：湖北恩施",
     "户口：武汉", "身高：170", "中共党员", "武汉大学", "华中科技大学"],
)  # fmt: skip
def test_origin_sex_age_politics_and_school_are_left_out(private):
    text = prepared(ResumeDocument(1, text=f"{private}\n用Python做数据分析"))
    assert private not in text
    assert "用Python做数据分析" in text


def test_language_certificates_are_no_schools():
    assert "大学英语四级" in prepared(ResumeDocument(1, text="通过大学英语四级"))


def test_benefits_and_praise_are_left_out_of_postings():
    posting = PostingDocument(1, "会计", "做账报税。福利待遇：五险一金、下午茶", "细心", ("用友",))
    assert prepared(posting) == "会计\n用友\n做账报税。 细心"


@pytest.mark.parametrize(
    ("duties", "work"),
    [
        ("工作地址：武汉市洪山区\n岗位职责：护理病人，写病历", "岗位职责：护理病人，写病历"),
        ("公司简介：我们很好。岗位职责：护理病人", "岗位职责：护理病人"),
        ("福利待遇：\n1. 五险一金\n2. 下午茶\n任职要求：护士证", "任职要求：护士证"),
        ("【工作时间】：双休\n【岗位职责】：做账", "【岗位职责】：做账"),
        ("负责上班时间：排班表的编制", "负责上班时间：排班表的编制"),
    ],
)
def test_what_follows_a_benefit_stays(duties, work):
    assert prepared(PostingDocument(1, "岗位", duties)) == f"岗位\n{work}"


def test_a_text_is_bounded():
    assert len(prepared(PostingDocument(1, "长", "字" * 10_000))) == TEXT_LIMIT


def test_lists_are_cited_as_one_text():
    assert field_text(ResumeDocument(1, skills=("Python", "SQL")), "skills") == "Python、SQL"
