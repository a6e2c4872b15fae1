"""Skills are found where they are meant and nowhere else."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from matcher.skills import Skill, Vocabulary, folded
from matcher.training.vocabulary import LEAST, MOST, major_categories

SHIPPED = Path(__file__).parents[3] / "data" / "taxonomy" / "skills.csv"


def rows(name):
    with (SHIPPED.parent / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def shipped():
    return Vocabulary.load(SHIPPED)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("熟悉C++、C#和.NET", ["C++", "C#", ".NET"]),
        ("熟悉C/C++", ["C语言", "C++"]),
        ("会Google广告", []),
        ("用golang写服务", ["Go"]),
        ("用 Go 写服务", ["Go"]),
        ("R&D部门", []),
        ("会用R做统计", ["R语言"]),
        ("Category和CRM", []),
        ("ＰＹＴＨＯＮ与ＳＱＬ语句", ["Python", "SQL"]),
        ("PythonWeb", []),
        ("Python3", ["Python"]),
        ("基础护理学", ["护理"]),
        ("A/B、C语言", ["C语言"]),
        ("", []),
    ],
)
def test_mentions_stand_alone(vocabulary, text, terms):
    assert [mention.term for mention in vocabulary.mentions(text)] == terms


def test_offsets_count_in_the_text_as_given(vocabulary):
    text = "ⅷ ﬀ 精通ＣＰＰ。"
    (mention,) = vocabulary.mentions(text)
    assert text[mention.start : mention.end] == "ＣＰＰ"


def test_names_are_folded_to_the_usual_one(vocabulary):
    assert vocabulary.canonical(" golang ") == "Go"
    assert vocabulary.canonical("养蜂") == "养蜂"
    assert vocabulary.terms(["cpp", ""], "会SQL") == {"C++", "SQL"}


def test_a_longer_word_that_means_something_else_is_passed_over():
    vocabulary = Vocabulary([Skill("会计", unless=("社会计",)), Skill("标定", unless=("目标定",))])
    assert [m.start for m in vocabulary.mentions("社会计划；会计；目标定位；标定")] == [5, 13]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("熟悉 C，会 Python", True),
        ("熟悉C、C++、Java", True),
        ("Python、R、C", True),
        ("SAS、R", True),
        ("SQL，R", True),
        ("取得心理健康C证", False),
        ("取得心理健康 C 证", False),
        ("持 C 证上岗", False),
        ("阅读 C 类文件", False),
        ("第 C 轮融资", False),
        ("走访A、B、C三类客户", False),
        ("走访 A、B、C 三类客户", False),
        ("A, B, C 三个等级", False),
    ],
)
def test_a_single_letter_is_a_language_only_where_it_marks_nothing(shipped, text: str, *, named: bool):
    assert bool(shipped.terms([], text) & {"C语言", "R语言"}) == named


@pytest.mark.parametrize(
    ("shown", "asked", "covers"),
    [
        ("英语六级", "英语四级", True),
        ("英语四级", "英语六级", False),
        ("英语专业八级", "英语六级", True),
        ("中级会计", "初级会计", True),
        ("注册会计师", "初级会计", False),
        ("普通话一级乙等", "普通话二级甲等", True),
        ("普通话二级乙等", "普通话二级甲等", False),
        ("高中教师资格证", "教师资格证", True),
        ("一级建造师", "二级建造师", True),
        ("驾驶证B2", "驾驶证", True),
        ("主管护师", "护士执业资格", True),
        ("Java", "Java", True),
        ("Java", "Python", False),
        ("养蜂", "养蜂", True),
    ],
)
def test_a_higher_rung_covers_a_lower_one(shipped, shown, asked, covers):
    assert shipped.covers(shown, asked) is covers


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("CET-6 通过", "英语六级"),
        ("大学英语六级", "英语六级"),
        ("有教资", "教师资格证"),
        ("护士执业资格证书", "护士执业资格"),
        ("普通话二甲", "普通话二级甲等"),
        ("助理会计师", "初级会计"),
        ("会CAD制图软件", "AutoCAD"),
        ("C1驾照", "驾驶证"),
        ("一建", "一级建造师"),
        ("office办公软件", "办公软件"),
    ],
)
def test_everyday_spellings_are_known(shipped, text, term):
    assert term in {mention.term for mention in shipped.mentions(text)}


FALSE_FRIENDS = "执行测试 协助产品经理 社会计划 C端用户 统一建模 商业保险 公积金 进行研究 复杂技术"


@pytest.mark.parametrize("text", FALSE_FRIENDS.split())
def test_false_friends_are_not_skills(shipped, text):
    assert not shipped.mentions(text)


def test_the_shipped_vocabulary_is_wide_and_unambiguous(shipped):
    assert len(shipped) >= 4500
    spellings = [folded(spelling) for skill in shipped.skills for spelling in skill.spellings]
    assert len(spellings) == len(set(spellings))
    assert not set(spellings) & {folded(word) for skill in shipped.skills for word in skill.unless}
    assert all(LEAST <= skill.weight <= MOST for skill in shipped.skills)


def test_every_major_category_has_its_skills(shipped):
    majors = major_categories(SHIPPED.parent)
    counted = Counter(majors[skill.category] for skill in shipped.skills)
    assert len(counted.keys() - {""}) == 12
    assert min(counted[major] for major in counted if major) >= 100


def test_ladders_rise_from_one_without_a_gap(shipped):
    ladders = defaultdict(set)
    for skill in shipped.skills:
        assert bool(skill.ladder) == bool(skill.level)
        ladders[skill.ladder].add(skill.level)
    del ladders[""]
    assert len(ladders) >= 30
    assert all(levels == set(range(1, len(levels) + 1)) and len(levels) > 1 for levels in ladders.values())


def test_every_occupation_has_a_category():
    prefixes = "|".join(row["occupations"] for row in rows("skill_categories.csv")).split("|")
    known = tuple(filter(None, prefixes))
    assert not [row["code"] for row in rows("occupations.csv") if not row["code"].startswith(known)]


def test_the_review_is_carried_out(shipped):
    known = {folded(spelling): skill.term for skill in shipped.skills for spelling in skill.spellings}
    for row in rows("skills_review.csv"):
        term = folded(row["term"])
        if row["decision"] == "keep":
            assert known[term] == row["term"]
        elif row["decision"] == "alias_of":
            assert known[term] == known[folded(row["value"])]
        elif row["decision"] == "drop":
            assert known.get(term) != row["term"]
