"""Skills are found where they are meant and nowhere else."""

from pathlib import Path

import pytest

from matcher.skills import Vocabulary

SHIPPED = Path(__file__).parents[3] / "data" / "taxonomy" / "skills.csv"


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


def test_the_shipped_vocabulary_is_wide_and_unambiguous():
    shipped = Vocabulary.load(SHIPPED)
    assert len(shipped) >= 1200
    spellings = [s.lower() for skill in shipped.skills for s in (skill.term, *skill.aliases)]
    assert len(spellings) == len(set(spellings))
    assert len({skill.category for skill in shipped.skills}) >= 15
    found = {m.term for m in shipped.mentions("会做账、报税，熟悉用友；静脉输液；Revit建模；备课")}
    assert {"做账", "报税", "用友", "静脉输液", "Revit", "备课"} <= found
