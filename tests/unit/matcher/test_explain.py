"""Reasons say what is true of the pair, in Chinese, for every wish and requirement."""

import re
from dataclasses import replace
from datetime import date

import pytest

from matcher.documents import PostingDocument, ResumeDocument
from matcher.explain import SENTENCES

TODAY = date(2026, 3, 1)
RESUME = ResumeDocument(1, text="写过网站", kinds=frozenset({"job"}))
POSTING = PostingDocument(1, "网站编辑", start_on=date(2026, 7, 1))


@pytest.fixture
def codes(engine):
    def codes(resume, posting):
        match = engine.match(resume, posting, today=TODAY)
        return {reason.code for reason in (*match.reasons, *match.missing)}

    return codes


@pytest.mark.parametrize(
    ("wish", "offer", "code"),
    [
        ({}, {}, "kind_met"),
        ({}, {"kind": "internship"}, "kind_other"),
        ({"districts": frozenset({"420106"})}, {"district": "420106"}, "district_met"),
        ({"districts": frozenset({"420106"})}, {}, "district_other"),
        ({"pay_min": 5000}, {"pay_max": 5000}, "pay_met"),
        ({"pay_min": 5000}, {"pay_max": 4999}, "pay_short"),
        ({"pay_min": 5000}, {}, "pay_unknown"),
        ({"clusters": frozenset({"digital"})}, {"cluster": "digital"}, "cluster_met"),
        ({"start_on": date(2026, 7, 2)}, {}, "start_late"),
        ({"degree": 2}, {"degree_min": 2}, "degree_met"),
        ({"degree": 1}, {"degree_min": 2}, "degree_short"),
        ({}, {"degree_min": 2}, "degree_unknown"),
        ({"major": "护理学"}, {"majors": ("护理学",)}, "major_met"),
        ({"major": "护理学"}, {"majors": ("统计学",)}, "major_other"),
        ({"major": "统计学"}, {"requirements": "统计学优先"}, "major_related"),
        ({"wanted": ("网站编辑",)}, {}, "wanted"),
        ({"skills": ("SQL",)}, {"requirements": "会SQL"}, "skill_covered"),
        ({}, {"requirements": "会SQL"}, "skill_missing"),
        ({"skills": ("SQL",)}, {"requirements": "SQL优先"}, "plus_met"),
        ({}, {"requirements": "SQL优先"}, "plus_other"),
    ],
)
def test_each_wish_and_requirement_is_spoken_of(codes, wish, offer, code):
    assert code in codes(replace(RESUME, **wish), replace(POSTING, **offer))


def test_a_plus_is_not_counted_and_its_lack_costs_nothing(engine):
    asking = replace(POSTING, requirements="会Excel")
    pairs = [
        engine.pair(RESUME, posting, today=TODAY)
        for posting in (asking, replace(asking, requirements="会Excel，SQL优先"))
    ]
    assert pairs[0].signals.complete == pairs[1].signals.complete < 1
    counted = engine.match(RESUME, pairs[1].posting, today=TODAY)
    assert (counted.met, counted.asked) == (0, 1)


def test_wishes_left_open_are_not_spoken_of(codes):
    assert codes(ResumeDocument(1), PostingDocument(1, "店员", district="420106")) == set()


def test_a_listed_skill_outside_the_vocabulary_is_found_literally(engine):
    posting = replace(POSTING, skills=("养蜂",))
    match = engine.match(replace(RESUME, text="课余养蜂"), posting, today=TODAY)
    assert (match.met, match.asked) == (1, 1)
    assert {span.source for span in match.reasons[0].spans} == {"resume", "posting"}


def test_every_sentence_is_filled_by_its_facts(engine, resumes, postings):
    for resume in resumes:
        for posting in postings:
            match = engine.match(resume, posting, today=TODAY)
            for reason in (*match.reasons, *match.missing):
                assert not re.search(r"%\(|None", reason.sentence)
                assert set(re.findall(r"%\((\w+)\)", SENTENCES[reason.code])) <= set(reason.facts)
