"""A person's fields as resumes of many shapes write them."""

from datetime import date

import pytest

from webapp.domain.catalogues import institutions, majors
from webapp.domain.degrees import Degree
from webapp.reading.catalogue import Catalogue
from webapp.reading.fields import ResumeFields, read_fields, redacted

CATALOGUE = Catalogue(institutions().values(), majors())

FULL = """个人简历
姓 名：王亚男　　性别：女　民族：汉族　出生年月：2003.05
电 话：138 0000 0001  邮箱：Wang＠example.com  微信：wang_ya_nan
身份证：11010519491231002X
求职意向：数据分析师
教育背景
2022.09-2026.06   武汉理工大学   统计学   本科
主修课程：概率论、数理统计
GPA 3.6/4.0，获研究生推免资格
实习经历
2025.07-2025.09 某某科技有限公司 数据分析实习生
- 用 Python 清洗销售数据
- 写周报
2024.07-2024.08 某某银行 大堂助理
项目经历
校园大数据平台 2024.03-2024.06
负责后端
技能证书
英语六级（CET-6）、计算机二级
自我评价
认真"""

TWO_DEGREES = """张 三
男 | 24岁 | 中共党员 | 13900000002 | z3@example.com
教育经历
华中科技大学 | 计算机科学与技术 | 硕士 2023年9月—2026年6月
武汉大学法学院 法学 本科 2019年9月-2023年6月
科研经历
大学生创新创业计划 2021-2022
参加武汉大学生创业大赛"""

BARE = """李小明  13900000003
武汉职业技术学院 软件技术 2026届 大专
技能：Java、MySQL"""

STACKED = """欧阳雪
联系方式
电话 13900000004
教育背景
中国地质大学(武汉)
资源勘查工程(本科)
2022-2026
某某学校 高中 2019-2022"""


def read(text: str) -> ResumeFields:
    return read_fields(text, catalogue=CATALOGUE)


def test_a_labelled_resume_gives_every_field_without_doubt() -> None:
    fields = read(FULL)
    assert (fields.name, fields.mobile, fields.email) == ("王亚男", "13800000001", "wang@example.com")
    assert (fields.degree, fields.institution, fields.major) == (Degree.BACHELOR, "武汉理工大学", "统计学")
    assert fields.institution_code == "4142010497"
    assert fields.graduation_on == date(2026, 6, 30)
    assert fields.wanted == "数据分析师"
    assert fields.certificates == ("英语六级(CET-6)", "计算机二级")
    assert fields.doubtful == frozenset()


def test_experiences_and_projects_keep_heading_period_and_text() -> None:
    fields = read(FULL)
    first, second = fields.experiences
    assert (first.heading, first.period) == ("某某科技有限公司 数据分析实习生", "2025.07-2025.09")
    assert first.text == "- 用 Python 清洗销售数据\n- 写周报"
    assert second.heading == "某某银行 大堂助理"
    assert [(one.heading, one.text) for one in fields.projects] == [("校园大数据平台", "负责后端")]


def test_a_period_on_a_line_of_its_own_belongs_to_the_line_above() -> None:
    fields = read(
        "工作与实践\n养老护理院 志愿者\n2025.07-2025.09\n为老人做评估\n"
        "某医院 护士\n2024.06-2024.10\n轮转 44 周"
    )
    assert [(one.heading, one.period, one.text) for one in fields.experiences] == [
        ("养老护理院 志愿者", "2025.07-2025.09", "为老人做评估"),
        ("某医院 护士", "2024.06-2024.10", "轮转 44 周"),
    ]


@pytest.mark.parametrize("first", ["1. 为老人做评估", "12 名老人由我评估", "3、评估，登记（每日）；上报！"])
def test_a_line_after_a_period_keeps_its_number_and_its_punctuation(first) -> None:
    [episode] = read(f"工作与实践\n养老护理院 志愿者\n2025.07-2025.09\n{first}").experiences
    assert (episode.period, episode.text) == ("2025.07-2025.09", first)


@pytest.mark.parametrize("period", ["2025年7月1日-2025年9月30日", "2025.07.01 - 2025.09.30", "2025.07 至今"])
def test_a_period_is_kept_to_the_day(period) -> None:
    [episode] = read(f"工作与实践\n{period} 养老护理院 志愿者\n1. 为老人做评估").experiences
    assert (episode.period, episode.heading) == (period, "养老护理院 志愿者")


def test_the_highest_degree_wins_with_its_own_institution_and_major() -> None:
    fields = read(TWO_DEGREES)
    assert (fields.degree, fields.institution, fields.major, fields.graduation_on) == (
        Degree.MASTER,
        "华中科技大学",
        "计算机科学与技术",
        date(2026, 6, 30),
    )


def test_a_plan_to_study_on_is_no_degree() -> None:
    assert read("教育背景\n2022.09-2026.06 武汉大学 法学 本科 拟攻读硕士研究生").degree is Degree.BACHELOR


def test_a_contest_for_university_students_is_no_institution() -> None:
    fields = read("李四\n电话 13900000005\n项目经历\n武汉大学生创业大赛 一等奖\n湖北大学生音乐节 志愿者")
    assert fields.institution is None


def test_a_resume_without_headings_still_gives_its_school() -> None:
    fields = read(BARE)
    assert (fields.name, fields.degree, fields.major) == ("李小明", Degree.ASSOCIATE, "软件技术")


def test_a_former_name_leads_to_the_institution_of_today() -> None:
    assert read(BARE).institution == "武汉职业技术大学"


def test_a_supplied_month_is_doubtful() -> None:
    assert read(BARE).doubtful == {"graduation_on"}
    assert read(STACKED).doubtful == {"graduation_on"}


def test_lines_set_one_below_the_other_belong_to_one_entry() -> None:
    fields = read(STACKED)
    assert (fields.name, fields.institution, fields.major) == (
        "欧阳雪",
        "中国地质大学（武汉）",
        "资源勘查工程",
    )


def test_an_institution_outside_the_catalogue_is_kept_and_doubtful() -> None:
    fields = read("教育经历\n2022.09-2026.06 University of Nowhere 计算机科学与技术 硕士")
    assert (fields.institution, fields.institution_code) == ("University of Nowhere", None)
    assert "institution" in fields.doubtful


def test_a_degree_told_by_the_institution_alone_is_doubtful() -> None:
    fields = read("教育背景\n武汉大学 新闻学 2022.09-2026.06")
    assert fields.degree is Degree.BACHELOR
    assert fields.doubtful == {"degree"}


def test_nothing_is_invented_where_nothing_is_said() -> None:
    fields = read("我喜欢学习，做事认真，愿意在武汉工作。")
    empty = (fields.name, fields.mobile, fields.email, fields.degree, fields.institution, fields.major)
    assert empty == (None,) * 6
    assert (fields.graduation_on, fields.wanted) == (None, None)
    assert fields.doubtful == frozenset()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("姓名：张伟", "张伟"),
        ("姓 名: 张 伟", "张伟"),
        ("姓名  张伟  性别  男", "张伟"),
        ("姓名：阿依古丽·买买提", "阿依古丽·买买提"),
        ("张伟的个人简历", "张伟"),
        ("个人简历 - 张伟", "张伟"),
        ("张伟 | 男 | 22岁", "张伟"),
        ("张伟  13900000001", "张伟"),
        ("司马亚男", "司马亚男"),
        ("姓名：Li Wei", "Li Wei"),
        ("求职人：演示·张伟　（硕士）", "演示·张伟"),
        ("尊敬的老师：我叫张伟，就读于武汉大学", "张伟"),
    ],
)
def test_names_are_found_however_they_are_set(line: str, name: str) -> None:
    fields = read(f"{line}\n教育背景\n武汉大学 法学 本科")
    assert fields.name == name
    assert "name" not in fields.doubtful


def test_a_name_read_late_stands_beside_the_contacts_and_is_doubtful() -> None:
    fields = read("学习经历\n主修：高等数学\n实习经历\n高级工\n写周报\n张伟\n本科\n联系方式\n13900000001")
    assert (fields.name, "name" in fields.doubtful) == ("张伟", True)


def test_a_letter_says_it_in_sentences() -> None:
    fields = read(
        "我是武汉大学软件工程专业的硕士毕业生，2026 年 6 月毕业。\n"
        "2025.07到2025.09，我在某公司实习。\n我报考过博士。"
    )
    assert (fields.degree, fields.major, fields.graduation_on) == (
        Degree.MASTER,
        "软件工程",
        date(2026, 6, 30),
    )


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2022.09-2026.06", date(2026, 6, 30)),
        ("2022.9—2026.7", date(2026, 7, 31)),
        ("2022年9月 至 2026年6月", date(2026, 6, 30)),
        ("2022/09 – 2026/06", date(2026, 6, 30)),
        ("２０２２.０９～２０２６.０６", date(2026, 6, 30)),
        ("2022-09 ~ 2026-06", date(2026, 6, 30)),
        ("2022.09.01-2026.06.30", date(2026, 6, 30)),
        ("2022年9月—至今", None),
        ("毕业时间：2026年6月", date(2026, 6, 30)),
        ("2026年6月毕业", date(2026, 6, 30)),
    ],
)
def test_the_day_of_graduation_is_read_from_any_period(period: str, day: date | None) -> None:
    assert read(f"教育背景\n武汉大学 法学 本科 {period}").graduation_on == day


def test_skills_come_from_the_words_passed_in() -> None:
    found = read_fields(
        FULL, catalogue=CATALOGUE, find_skills=lambda text: ["Python"] if "Python" in text else []
    )
    assert found.skills == ("Python",)


def test_a_redacted_resume_names_nobody() -> None:
    text = redacted(FULL, "王亚男")
    for private in (
        "王亚男",
        "138",
        "@example",
        "＠example",
        "wang_ya_nan",
        "女",
        "汉族",
        "2003",
        "11010519491231",
    ):
        assert private not in text
    assert "武汉理工大学" in text
    assert "用 Python 清洗销售数据" in text


def test_a_spread_name_is_redacted_too() -> None:
    assert "张" not in redacted(TWO_DEGREES, "张三")
