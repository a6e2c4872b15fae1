"""A promise is made by trying, and kept when the skill is really added."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.documents import Conditions, PostingDocument
from matcher.growth import climb, learnt, lifts
from tests.unit.matcher.conftest import entries

TODAY = date(2026, 3, 1)


def test_a_promised_fit_is_the_fit_reached(engine, resumes, postings):
    promised = [
        (resume, posting, lift)
        for resume in resumes
        for posting in postings
        for lift in lifts(engine, resume, posting, today=TODAY)
    ]
    assert promised
    for resume, posting, lift in promised:
        assert engine.match(resume, posting, today=TODAY).fit == lift.fit < lift.then
        assert engine.match(learnt(resume, lift.skill), posting, today=TODAY).fit == lift.then


def test_only_known_skills_are_named_and_no_more_than_two(engine, resumes, postings):
    posting = replace(postings[0], requirements="Python、SQL、Excel、Go、R", skills=("养蜂",))
    named = lifts(engine, replace(resumes[1], skills=()), posting, today=TODAY)
    assert len(named) == 2
    assert {lift.skill for lift in named} <= engine.vocabulary.columns.keys()


def test_an_encoder_the_ranking_never_saw_promises_nothing(engine, resumes, postings):
    engine.judge.model = replace(engine.judge.model, encoder="another")
    assert lifts(engine, resumes[1], postings[0], today=TODAY) == ()
    assert engine.match(resumes[1], postings[0], today=TODAY).fit is None


@pytest.fixture
def offers():
    """Four postings that ask for nothing more, then one that asks for a skill, and another kind of work."""
    texts = [*("写分析报告" + "，报送结果" * n for n in range(4)), "写分析报告，会SQL", "收银"]
    return [PostingDocument(n, "数据分析师", text, text) for n, text in enumerate(texts, 1)]


@pytest.mark.parametrize(("intercept", "offered", "told"), [(-5, 6, True), (-9, 6, False), (-5, 2, False)])
def test_a_rise_is_told_of_fitting_postings_from_three_places_on(
    engine, resumes, offers, *, intercept, offered, told
):
    engine.judge.model = replace(engine.judge.model, intercept=intercept)
    offers, engine = offers[-offered:], engine.emptied()
    engine.postings.apply(entries(offers, engine.encode_postings(offers)), (), 8)
    by_id = {offer.id: offer for offer in offers}
    resume = replace(resumes[0], skills=(), text="写过分析报告")

    def rank(changed):
        return engine.rank_postings(
            changed, conditions=Conditions(), fetch=lambda ids: [by_id[id] for id in ids], today=TODAY
        )

    shown = rank(resume).matches
    promise = climb(engine, resume, shown, rank)
    if not told:
        assert promise is None
        return
    assert promise is not None
    assert promise.skill == "SQL"
    assert [match.id for match in shown].index(promise.posting_id) + 1 == promise.rank
    reached = [match.id for match in rank(learnt(resume, promise.skill)).matches]
    assert reached.index(promise.posting_id) + 1 == promise.then <= promise.rank - 3


def test_nothing_is_promised_where_nothing_is_missing(engine, resumes):
    assert climb(engine, resumes[0], (), pytest.fail) is None
