"""What is said around a mention: how well, how urgently, or that it is not asked at all."""

import pytest

from matcher.skills import Skill, Vocabulary

TERMS = "Java Python Spring Excel PLC 护理 会计 审计 驾驶证 英语四级 护士证"
VOCABULARY = Vocabulary(Skill(term) for term in TERMS.split())


def said(text):
    return [(mention.term, mention.proficiency, mention.required) for mention in VOCABULARY.mentions(text)]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("了解Java", [1]),
        ("熟悉Java", [2]),
        ("熟练掌握Java、Python", [3, 3]),
        ("熟悉并精通Java", [4]),
        ("基本掌握Java", [2]),
        ("熟练掌握Java，了解Python", [3, 1]),
        ("精通Java；Python", [4, None]),
        ("精通Java\nPython", [4, None]),
        ("1、精通Java 2、Python", [4, None]),
        ("熟悉Java，有Spring经验", [2, None]),
        ("Excel（精通）", [4]),
        ("Excel熟练、Java了解", [3, 1]),
        ("Java熟悉Spring", [None, 2]),
        ("会Java", [None]),
    ],
)
def test_a_level_word_speaks_for_what_follows_it_in_the_sentence(text, levels):
    assert [level for _term, level, _required in said(text)] == levels


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("必须会Java", [True]),
        ("须持护士证", [True]),
        ("驾驶证必备", [True]),
        ("需要Java，了解Python", [True, None]),
        ("支持Java", [None]),
        ("Java持续改进", [None]),
        ("需求分析、Java", [None]),
        ("会PLC者优先", [False]),
        ("熟悉Java，了解Python者优先", [None, False]),
        ("有护士证，会Excel者优先", [False, False]),
        ("加分项：Java、Python", [False, False]),
        ("优先级队列，Java", [None]),
        ("Java", [None]),
    ],
)
def test_musts_and_pluses_are_told_apart(text, required):
    assert [must for _term, _level, must in said(text)] == required


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("不要求Java", []),
        ("无需护士证，熟悉Excel", ["Excel"]),
        ("英语四级不限，会Excel", ["Excel"]),
        ("包括但不限于Java", ["Java"]),
        ("语言不限（Java、Python）", ["Java", "Python"]),
        ("不会Java请勿投递", ["Java"]),
        ("Java最佳（不要求Python）", ["Java"]),
        ("对Java不作要求", []),
        ("经验不限，会Java", ["Java"]),
        ("Java经验不限", ["Java"]),
        ("有无驾驶证均可", []),
        ("无Java经验亦可，会Python", ["Python"]),
        ("PLC没用过，会Java", ["Java"]),
        ("不懂Java", []),
        ("会计、审计等相关专业，熟悉Excel", ["Excel"]),
        ("会计，审计等专业", []),
        ("会计类本科以上，会Excel", ["Excel"]),
        ("专业要求：会计、审计", []),
        ("有护士证，护理专业", ["护士证"]),
        ("护理专业知识扎实", ["护理"]),
        ("做过审计的会计专业学生", ["审计"]),
        ("带薪年假、英语四级培训、聚餐", []),
        ("熟悉Java，了解需求并能独立编写文档与测试，提供带薪年假", ["Java"]),
        ("• Java • 带薪年假", ["Java"]),
        ("会计等专业测试，Java", ["会计", "Java"]),
    ],
)
def test_what_is_not_asked_is_no_demand(text, terms):
    assert [term for term, _level, _required in said(text)] == terms
