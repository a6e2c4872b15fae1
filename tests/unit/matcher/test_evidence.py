"""Every mention counts, a shown skill more than a claimed one, a must more than a plus."""

from dataclasses import replace
from itertools import pairwise

import pytest

from matcher.documents import PostingDocument, ResumeDocument, Span
from matcher.evidence import Reader, literal
from matcher.skills import Skill, Vocabulary
from matcher.text import field_text


@pytest.fixture(scope="module")
def reader():
    return Reader(
        Vocabulary(
            [
                Skill("Python"),
                Skill("SQL"),
                Skill("英语四级", ("CET4",), ladder="英语", level=4),
                Skill("英语六级", ("CET6",), ladder="英语", level=6),
            ]
        )
    )


def strength(reader, term, **fields):
    found = reader.shown(ResumeDocument(1, **fields)).get(term)
    return found.strength if found else 0.0


def test_evidence_grows_from_a_word_in_a_list_to_several_sentences(reader):
    grades = [
        strength(reader, "Python", text="爱读书"),
        strength(reader, "Python", text="技能：Python、SQL"),
        strength(reader, "Python", text="用Python写了爬虫"),
        strength(reader, "Python", skills=("Python",), text="用Python写了爬虫"),
        strength(reader, "Python", skills=("Python",), text="用Python写了爬虫，又用Python画图"),
    ]
    assert all(less < more for less, more in pairwise(grades))
    assert grades[-1] < 1


def test_a_listed_name_and_a_listed_word_are_alike(reader):
    assert strength(reader, "Python", skills=("Python",)) == strength(reader, "Python", text="SQL，Python")


@pytest.mark.parametrize("text", ["Python不会", "没用过Python"])
def test_what_is_denied_is_not_shown(reader, text):
    assert strength(reader, "Python", text=text) == 0


def test_a_higher_certificate_shows_the_lower_one(reader):
    shown = reader.shown(ResumeDocument(1, text="通过英语六级"))
    assert shown["英语四级"] == shown["英语六级"]
    assert "英语六级" not in reader.shown(ResumeDocument(1, text="通过英语四级"))


def test_a_must_weighs_more_than_a_plus_and_duties_ask_nothing(reader):
    posting = PostingDocument(1, "分析", "用SQL取数", "必须会Python；英语四级优先")
    asked = reader.asked(posting)
    assert asked["Python"].strength > asked["英语四级"].strength
    assert asked["Python"].required
    assert (asked["英语四级"].required, asked["英语四级"].plus) == (False, True)
    assert (asked["SQL"].required, asked["SQL"].plus) == (False, False)
    assert reader.asked(replace(posting, requirements=""))["SQL"].required


def test_spans_are_the_words_as_they_stand(reader):
    resume = ResumeDocument(1, skills=("SQL", "python"), text="会 PYTHON 和SQL")
    for term, evidence in reader.shown(resume).items():
        for span in evidence.spans:
            said = field_text(resume, span.field)[span.start : span.end]
            assert reader.vocabulary.canonical(said) == term


def test_a_school_is_no_skill():
    reader = Reader(Vocabulary([Skill("软件")]))
    assert reader.shown(ResumeDocument(1, text="武汉软件学院，学过软件"))["软件"].spans == (
        Span("resume", "text", 9, 11),
    )


def test_a_literal_is_found_whatever_its_case():
    assert literal("resume", ResumeDocument(1, text="Vue和vue"), "text", "VUE") == [
        Span("resume", "text", 0, 3),
        Span("resume", "text", 4, 7),
    ]
