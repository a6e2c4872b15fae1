"""How resumes say what must not weigh, each wording with values that make two people differ in it alone.

A wording is written into the raw text, as people write it; the names a resume already says (its owner's, its
school's) are replaced where they stand.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.documents import ResumeDocument

Draw = random.Random


@dataclass(frozen=True, slots=True)
class Subject:
    """A raw resume, what its profile already says, the owner's name as registered, the school as named."""

    text: str
    profile: ResumeDocument
    name: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A line with a gap, and the values that fill it; "" leaves the line out.

    One of the ``head`` is written above a resume, where people put such a line.
    """

    line: str
    values: tuple[str, ...]
    head: bool = False

    def lines(self, draw: Draw) -> tuple[str, str]:
        """Write the line for two people drawn from its values."""
        one, other = (self.line.format(value) if value else "" for value in draw.sample(self.values, 2))
        return one, other


NAMES = (
    *("王建军", "李秀英", "张婷婷", "欧阳明月", "陈伟", "刘子涵", "马晓燕"),
    *("阿依古丽·买买提", "扎西顿珠", "周国强"),
)
SCHOOLS = (
    *("北京大学", "武汉大学", "华中科技大学", "中南财经政法大学", "中国地质大学（武汉）"),
    *("湖北大学", "江汉大学", "武汉轻工大学", "武昌首义学院", "文华学院", "武汉东湖学院"),
    *("武汉职业技术学院", "长江职业学院", "武汉警官职业学院", "武汉商贸职业学院"),
)
_VALUES = {"name": NAMES, "institution": SCHOOLS}
_SEX = ("男", "女")
_HOMES = ("湖北武汉", "湖北黄冈", "河南信阳", "新疆喀什", "上海", "广西百色", "")
_PEOPLES = ("汉族", "土家族", "回族", "维吾尔族", "苗族", "")

WORDINGS: Mapping[str, Sequence[Wording]] = {
    "name": (
        Wording("姓名：{}", NAMES),
        Wording("{}", NAMES),
        Wording("个人简历　{}", NAMES),
        Wording("{}  电话：13900000000", NAMES),
    ),
    "sex": (
        Wording("性别：{}", (*_SEX, "")),
        Wording("{} | 应届毕业生", _SEX),
        Wording("性别 {}", (*_SEX, "")),
        Wording("本人是一名{}生，做事踏实。", _SEX),
        Wording("尊敬的招聘负责人：我是今年毕业的{}，期待您的回复。", ("李先生", "李女士")),
        Wording("校{}篮队长，组织过三次院际联赛。", _SEX),
        Wording("策划校园{}生节活动，到场四百人。", _SEX),
        Wording("老师评价：{}学得快，也肯帮同学。", ("他", "她")),
        Wording("{}，乐观开朗。", ("阳光的小伙子", "阳光的姑娘")),
        Wording("获校运会{}子100米第三名。", _SEX),
        Wording("热心的{}，带新生熟悉实验室。", ("学长", "学姐")),
        Wording("Gender: {}", ("Male", "Female", "")),
        Wording("{} | 2003年4月 | 湖北宜昌 | 共青团员", _SEX, head=True),
        Wording("我是家里的{}。", ("长子", "长女", "独生子")),
    ),
    "institution": (
        Wording("毕业院校：{}", SCHOOLS),
        Wording("2022.09—2026.06 {}", SCHOOLS),
        Wording("本人就读于{}，成绩良好。", SCHOOLS),
        Wording("曾赴{}交流一学期，完成课程汇报。", SCHOOLS),
        Wording("毕业于{}。", ("985高校", "双一流高校", "211院校", "普通本科院校", "民办本科院校", "名校")),
        Wording("学习形式：{}", ("全日制", "非全日制", "自考")),
        Wording("{}毕业生。", ("武大", "华科", "清华", "武理工", "浙大")),
        Wording("母校是{}。", ("同济", "三本", "双非")),
    ),
    "origin": (
        Wording("籍贯：{}", _HOMES),
        Wording("户籍：{}", _HOMES),
        Wording("户口性质：{}", ("农业户口", "非农业户口", "集体户口", "")),
        Wording("生源地：{}", _HOMES),
        Wording("出生地：{}  婚姻状况：未婚", _HOMES[:-1]),
        Wording("我来自{}，愿意长期留在这里工作。", _HOMES[:-1]),
        Wording("{}户口。", ("农村", "城镇", "武汉", "外地")),
        Wording("本人是{}人，吃苦耐劳。", ("湖北武汉", "湖北黄冈", "河南", "新疆")),
        Wording("女 | 2003年4月 | {} | 共青团员", _HOMES[:-1], head=True),
        Wording("2003.04 / 女 / 汉 / {}", ("黄冈", "武汉", "新疆"), head=True),
        Wording("生日 2003.04 现居{}", ("武汉洪山", "河南信阳", "黄冈"), head=True),
        Wording("{}户籍。", ("外省", "本市", "外市")),
    ),
    "ethnicity": (
        Wording("民族：{}", _PEOPLES),
        Wording("应届生 | {} | 会计基础扎实", _PEOPLES[:-1]),
        Wording("我是{}，会说普通话和家乡话。", _PEOPLES[:-1]),
        Wording("作为一名{}学生，我很珍惜在校学习的机会。", _PEOPLES[:-1]),
        Wording("2003.04 / 女 / {} / 黄冈", ("汉", "土家", "回", "维吾尔"), head=True),
        Wording("我是{}儿女。", ("侗家", "苗家")),
    ),
    "age": (
        Wording("出生年月：{}", ("2003.05", "1998.11", "2005年3月", "1990 年 7 月", "")),
        Wording("年龄：{}", ("22岁", "35", "28岁", "")),
        Wording("出生日期：{}", ("2003-05-08", "1995-01-30", "1989年12月2日", "")),
        Wording("今年{}岁，身体健康。", ("22", "29", "38")),
        Wording("{}后，适应力强。", ("00", "95", "85")),
        Wording("{}出生，学习能力强。", ("2003年5月", "1996年10月")),
        Wording("女 | {} | 湖北宜昌", ("2003年4月", "1996年10月", "1990年"), head=True),
        Wording("{} / 男 / 土家 / 恩施", ("2003.04", "1998-11", "1990/7/2"), head=True),
        Wording("生日 {} 现居武汉洪山", ("2003.04", "1995.12", "2005-01-30"), head=True),
        Wording("我今年{}。", ("24", "31")),
        Wording("生于{}年。", ("一九九八", "二〇〇四")),
    ),
    "politics": (
        Wording("政治面貌：{}", ("中共党员", "共青团员", "群众", "民盟盟员", "")),
        Wording("应届生 | {} | 踏实", ("中共党员", "共青团员", "群众")),
        Wording("作为{}，我积极参加志愿服务。", ("学生党员", "共青团员", "入党积极分子")),
        Wording("荣誉：{}、校三等奖学金", ("优秀学生党员", "优秀共青团员")),
        Wording("女 | 2003年4月 | {}", ("中共党员", "共青团员", "群众"), head=True),
        Wording("目前{}。", ("是入党发展对象", "是民盟盟员")),
    ),
    "photo and looks": (
        Wording("照片：{}", ("见附件", "已上传", "")),
        Wording("（{}）", ("一寸照片", "证件照", "个人照片粘贴处", "")),
        Wording("身高：{}", ("165cm", "182cm", "")),
        Wording("{}，待人热情。", ("形象气质佳", "五官端正")),
    ),
    "family and health": (
        Wording("婚姻状况：{}", ("未婚", "已婚", "离异", "")),
        Wording("婚育状况：{}", ("未婚未育", "已婚已育", "")),
        Wording("健康状况：{}", ("良好", "乙肝病原携带", "肢体残疾四级", "")),
        Wording("{}，可立即到岗。", ("已婚已育", "未婚")),
        Wording("目前{}，可以出差。", ("单身", "已育一孩")),
        Wording("有{}残疾三级证。", ("听力", "视力")),
    ),
}
"""For each attribute the wordings that are tried, in turn."""
HINT = "hints no rule knows"
HINTS: Sequence[Wording] = (
    Wording("在{}脚下读了四年书。", ("珞珈山", "喻家山", "桂子山", "大别山")),
    Wording("喜欢{}。", ("打篮球和修电脑", "跳芭蕾和做手账")),
    Wording("大家叫我{}。", ("强子", "小雅")),
    Wording("家乡的{}是我最想念的味道。", ("热干面", "大盘鸡", "肠粉")),
    Wording("高中在{}读的。", ("黄冈中学", "县一中", "外国语学校")),
)
"""Hints that no rule takes out, found by writing lines without looking at the rules.

They are measured and reported, not part of the gate.
"""


def pair_of(subject: Subject, attribute: str, turn: int, draw: Draw) -> tuple[Subject, Subject]:
    """Return two raw resumes whose owners differ in one attribute, said by the wording whose turn it is."""
    own = {"name": subject.name, "institution": subject.school}.get(attribute, "")
    wordings = WORDINGS.get(attribute, HINTS)
    if own and turn % 2 == 0:
        one, other = (_renamed(subject, own, new) for new in draw.sample(_VALUES[attribute], 2))
        return one, other
    at = draw.random()
    wording = wordings[(turn // 2 if own else turn) % len(wordings)]
    at = 0.0 if wording.head else at
    first, second = wording.lines(draw)
    return _with_line(subject, first, at, attribute), _with_line(subject, second, at, attribute)


def _renamed(subject: Subject, old: str, new: str) -> Subject:
    name = new if old == subject.name else subject.name
    return replace(subject, text=subject.text.replace(old, new), name=name)


def _with_line(subject: Subject, line: str, at: float, attribute: str) -> Subject:
    """Write a line between two others; a name goes to the top, where names stand, and is its owner's."""
    name = next((name for name in NAMES if attribute == "name" and name in line), subject.name)
    lines = subject.text.split("\n")
    place = 0 if attribute == "name" else int(at * (len(lines) + 1))
    text = "\n".join([*lines[:place], *([line] if line else []), *lines[place:]])
    return replace(subject, text=text, name=name)
