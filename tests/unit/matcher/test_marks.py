"""What must not weigh is taken out of a text; what bears on the work stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.marks import spaced, without_head, without_marks, without_particulars, without_schools


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
    ("head", "left"),
    [
        ("女 | 2003年4月 | 湖北宜昌 | 共青团员", "| | |"),
        ("2003.04 / 女 / 汉 / 黄冈", "/ / /"),
        ("生日 2003.04 现居武汉洪山", ""),
        ("女\t1998-11-03\t湖北省宜昌市\t会计学\tPython", "会计学 Python"),
        ("求职意向：会计，武汉 | 河南信阳", "求职意向：会计，武汉 |"),
        ("意向城市：武汉/黄冈", "意向城市：武汉/黄冈"),
        ("硕士 | 光学工程 | 2026 年 6 月毕业", "硕士 | 光学工程 | 2026 年 6 月毕业"),
        ("1999.09 - 2003.06 本科", "1999.09 - 2003.06 本科"),
        ("武汉地铁 | 保安 | 上海银行", "武汉地铁 | 保安 | 上海银行"),
        ("实习经历\n某公司 | 武汉 | 2009.04", "实习经历 某公司 | 武汉 | 2009.04"),
    ],
)
def test_bare_particulars_above_the_first_section_go_and_the_rest_stays(head, left):
    assert " ".join(without_head(without_marks(head)).split()) == left


@pytest.mark.parametrize(
    "work",
    [
        "女装设计与男装打版", "妇产科与男科护理", "大学英语四级", "大学生创业计划", "其他人员的维护",
        "数据来自Kaggle", "为3-6岁幼儿设计课程", "服务群众", "苗族刺绣纹样研究", "少数民族语言文学",
        "完成211个订单", "年龄结构分析", "户籍管理系统开发", "用 MS Office 写报告", "党建活动策划",
        "复旦微电子实习", "浙大网新项目", "同济医院见习", "先生产业园", "重点大学生创新项目", "统招计划编制",
        "一本通编写", "自考会计证", "学长计划", "科学长期规划", "第二本科目",
        "听力残疾儿童康复", "已育肥猪出栏", "单身公寓运营", "客户发展对象筛选",
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
    blanked = without_head(without_schools(without_marks(text, spaced), spaced), spaced)
    assert len(blanked) == len(text)
    assert all(new in {old, " "} for old, new in zip(text, blanked, strict=True))
