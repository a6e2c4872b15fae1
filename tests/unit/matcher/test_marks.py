"""What must not weigh is taken out of a text; what bears on the work stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.marks import spaced, without_marks, without_particulars, without_schools


def bare(text):
    return " ".join(without_schools(without_marks(text)).split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("性别：男 民族：汉族 软件工程", "性别：女 民族：土家族 软件工程"),
        ("籍贯：湖北 黄冈  专业：会计", "籍贯：河南信阳  专业：会计"),
        ("出生年月：2003 年 5 月  本科", "出生年月：2001.11  本科"),
        ("男 | 22岁 | 汉族 | 中共党员 | 会计", "女 | 25岁 | 回族 | 群众 | 会计"),
        ("校男篮队长，做事细致", "校女篮队长，做事细致"),
        ("我是一名男生，来自湖北黄冈农村，会做账", "我是一名女生，来自河南信阳，会做账"),
        ("他把账做平了", "她把账做平了"),
        ("在武汉大学实习时做过电网调度", "在中南财经政法大学实习时做过电网调度"),
        ("就读于中国地质大学（武汉）地质学", "就读于中国地质大学(武汉)地质学"),
        ("985高校，会计", "双一流高校，会计"),
        ("全日制本科，会计", "自考本科，会计"),
        ("00后，会计", "95后，会计"),
        ("武大计算机专业，会计", "华科计算机专业，会计"),
        ("清华、会计", "复旦、会计"),
        ("统招本科，会计", "自考本科，会计"),
        ("一本院校，会计", "三本院校，会计"),
        ("热心的学长，会计", "热心的学姐，会计"),
        ("身高165cm，五官端正，会计", "会计"),
    ],
)
def test_people_who_differ_in_what_must_not_weigh_read_alike(one, other):
    assert bare(one).replace("，", " ").split() == bare(other).replace("，", " ").split()


@pytest.mark.parametrize(
    "work",
    [
        "女装设计与男装打版", "妇产科与男科护理", "大学英语四级", "大学生创业计划", "其他人员的维护",
        "数据来自Kaggle", "为3-6岁幼儿设计课程", "服务群众", "苗族刺绣纹样研究", "少数民族语言文学",
        "完成211个订单", "年龄结构分析", "户籍管理系统开发", "用 MS Office 写报告", "党建活动策划",
        "复旦微电子实习", "浙大网新项目", "同济医院见习", "先生产业园", "重点大学生创新项目", "统招计划编制",
        "一本通编写", "自考会计证", "学长计划", "科学长期规划", "第二本科目",
        "照片精修", "iPhone 985元", "30岁以上用户画像", "90后用户调研",
    ],
)  # fmt: skip
def test_words_of_work_stay(work):
    assert bare(work) == work


def test_former_names_are_names():
    assert "职业技术学院" not in bare("武汉职业技术学院，机电")


def test_an_employer_reads_no_particulars_and_else_what_was_written():
    assert without_particulars("性别：女，校女篮队长，武汉大学") == "，校女篮队长，武汉大学"


WRITTEN = st.sampled_from("男女生汉族武大学院来自湖北岁 2003年5月98：,，\n") | st.characters()


@given(st.text(WRITTEN, max_size=60))
def test_blanked_words_leave_every_offset_true(text):
    blanked = without_schools(without_marks(text, spaced), spaced)
    assert len(blanked) == len(text)
    assert all(new in {old, " "} for old, new in zip(text, blanked, strict=True))
