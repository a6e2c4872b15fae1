"""A corpus of sentences as people write them: what is stopped, what is remarked, what passes."""

import pytest

from webapp.domain.employers import EmployerKind
from webapp.domain.wording import find_wording
from webapp.domain.wording_rules import RULES, Severity

BLOCKED = [
    ("sex", "本岗位限男性"),
    ("sex", "仅限女生应聘"),
    ("sex", "男士优先"),
    ("sex", "女性优先考虑，形象好"),
    ("sex", "优先录用男生"),
    ("sex", "性别要求：女"),
    ("sex", "性别：男"),
    ("sex", "不招女生"),
    ("sex", "诚聘女文员两名"),
    ("sex", "该岗位工作比较适合男生"),
    ("sex", "限 男"),
    ("sex", "限\u200b男"),
    ("sex", "限Ｍ男♂优先"),
    ("sex", "男♂优先"),
    ("sex", "女士勿扰"),
    ("sex", "只招男孩"),
    ("sex", "限nan"),
    ("sex", "條件：男優先"),
    ("family", "已婚已育优先"),
    ("family", "未婚者优先"),
    ("family", "两年内不得生育"),
    ("family", "入职3年内不能怀孕"),
    ("family", "入职需孕检"),
    ("family", "请在简历中注明婚育状况"),
    ("family", "近期无生育计划"),
    ("family", "要求单身"),
    ("origin", "限本市户籍"),
    ("origin", "需要本地户口"),
    ("origin", "不要河南人"),
    ("origin", "不要黑龙江人"),
    ("origin", "不招新疆人"),
    ("origin", "湖北籍优先"),
    ("origin", "户籍要求：武汉"),
    ("origin", "限城镇户口"),
    ("origin", "表达清楚，武汉户口"),
    ("origin", "東北人勿擾"),
    ("ethnicity", "仅限汉族"),
    ("ethnicity", "不招少数民族"),
    ("ethnicity", "藏族勿扰"),
    ("ethnicity", "民族：汉"),
    ("ethnicity", "要求无宗教信仰"),
    ("health", "入职体检包含乙肝五项"),
    ("health", "乙 肝携带者勿扰"),
    ("health", "需做两对半检查"),
    ("health", "体检查HBsAg"),
    ("health", "ＨＢｓＡｇ阴性"),
    ("health", "不招残疾人"),
    ("fee", "入职须缴纳保证金"),
    ("fee", "服装押金200元，离职退还"),
    ("fee", "先交培训费"),
    ("fee", "需收取报名费"),
    ("fee", "体检费自理"),
    ("fee", "入职后公司代保管毕业证"),
    ("fee", "扣押身份证"),
    ("loan", "培训费可分期，学成上岗"),
    ("loan", "先学后付，高薪就业"),
    ("loan", "零基础包就业高薪"),
    ("loan", "贷款支付学费"),
    ("scam", "招刷单员，日结"),
    ("scam", "发展下线有提成"),
    ("scam", "轻松月入三万"),
    ("contact", "联系电话13812345678"),
    ("contact", "电话：138 1234 5678"),
    ("contact", "请打壹三八零零一三八零零零"),
    ("contact", "加微信：hr_2026abc"),
    ("contact", "vx12345678"),
    ("contact", "QQ：1234567890"),
    ("contact", "简历发到 hr@example.com"),
    ("contact", "座机 027-87654321"),
]
REMARKED = [
    ("age", "35岁以下"),
    ("age", "年龄18-28岁"),
    ("age", "年龄不超过30"),
    ("age", "95后优先"),
    ("age", "三十五岁以下"),
    ("looks", "身高165以上"),
    ("looks", "五官端正"),
    ("school", "985/211院校优先"),
    ("school", "双一流高校毕业"),
    ("school", "全日制本科"),
    ("school", "第一学历本科"),
    ("school", "海归优先"),
    ("school", "毕业于名校"),
]
PASSES = [
    "男女不限",
    "不限男女",
    "性别不限，男女均可",
    "性别：男女不限",
    "不限户籍、民族、年龄",
    "不限985/211",
    "不要求985/211",
    "985、211均可，双一流不限",
    "热线 4006985211 由客服接听",
    "产品型号 A985 与 STM32F211",
    "管理985家门店",
    "负责女装设计与男鞋选品",
    "面向女性消费者做市场调研",
    "招女装设计师",
    "权限管理、男女鞋类目运营",
    "不收取任何费用，谨防以招聘名义收取押金",
    "公司承担体检费、培训费",
    "负责投标保证金台账管理",
    "负责客户押金的收取与核对",
    "编制培训费预算",
    "乙肝疫苗研发，负责临床试验数据管理",
    "入职体检不检测乙肝",
    "负责反刷单风控模型",
    "微信小程序开发，熟悉企业微信接口",
    "维护 QQ 群与微信公众号",
    "年满18周岁",
    "为10-15岁青少年开设编程课",
    "非全日制用工的社保咨询",
    "在武汉工作，能接受北京出差",
    "需要武汉大学合作项目经验",
    "会说湖北方言更好沟通",
    "熟悉少数民族文化传播",
    "产假、育儿假按国家规定",
    "2-3人一组，1985年建成的厂区",
    "上班时间 9:00-18:00，工作满一年调薪",
    "身份证复印件用于办理社保",
    "分期付款产品的数据分析",
    "岗前培训由公司免费提供",
]


@pytest.mark.parametrize(("rule", "text"), BLOCKED)
def test_forbidden_wording_stops_a_posting_under_its_own_rule(rule: str, text: str) -> None:
    found = find_wording(text, kind=EmployerKind.COMPANY)
    assert (rule, Severity.BLOCK) in {(one.rule.id, one.severity) for one in found}


@pytest.mark.parametrize(("rule", "text"), REMARKED)
def test_doubtful_wording_is_remarked_and_does_not_stop_a_company(rule: str, text: str) -> None:
    found = find_wording(text, kind=EmployerKind.COMPANY)
    assert {(one.rule.id, one.severity) for one in found} == {(rule, Severity.WARN)}


@pytest.mark.parametrize("text", PASSES)
def test_neutral_wording_passes_everywhere(text: str) -> None:
    for kind in EmployerKind:
        assert [one.words for one in find_wording(text, kind=kind)] == []


@pytest.mark.parametrize(
    "kind", [EmployerKind.STATE_OWNED, EmployerKind.PUBLIC_INSTITUTION, EmployerKind.GOVERNMENT]
)
@pytest.mark.parametrize("text", [text for rule, text in REMARKED if rule == "school"])
def test_state_employers_may_not_ask_for_a_school_s_rank(kind: EmployerKind, text: str) -> None:
    assert {one.severity for one in find_wording(text, kind=kind)} == {Severity.BLOCK}


@pytest.mark.parametrize("region", ["河南", "新疆", "广东", "北京", "东北", "湖北"])
def test_the_verdict_does_not_depend_on_which_province_is_named(region: str) -> None:
    [found] = find_wording(f"踏实肯干，不要{region}人。", kind=EmployerKind.COMPANY)
    assert found.rule.id == "origin"


def test_a_finding_cites_the_words_as_they_stand_in_the_text() -> None:
    text = "要求：\u3000限\u200b 男，会开车"
    [found] = find_wording(text, kind=EmployerKind.COMPANY)
    assert text[found.start : found.end] == found.words
    assert "男" in found.words


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_neutral_text_offered_by_a_rule_is_itself_clean(rule) -> None:
    assert find_wording(rule.neutral, kind=EmployerKind.PUBLIC_INSTITUTION) == []
    assert rule.clause
