"""The engine ranks both ways, explains itself and treats people alike when asked to."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.documents import Conditions, PostingDocument, ResumeDocument
from matcher.text import field_text

TODAY = date(2026, 3, 1)


@pytest.fixture
def rank(engine, fetch_postings):
    def rank(resume=None, query="", conditions=None, **options):
        return engine.rank_postings(
            resume,
            query=query,
            conditions=conditions or Conditions(),
            fetch=fetch_postings,
            today=TODAY,
            **options,
        )

    return rank


def ids(ranking):
    return [match.id for match in ranking.matches]


def test_each_graduate_finds_the_posting_of_their_trade(rank, resumes):
    assert [ids(rank(resume))[0] for resume in resumes] == [1, 2, 3]


def test_each_posting_finds_the_graduate_of_its_trade(engine, postings, fetch_resumes):
    for posting in postings[:3]:
        ranking = engine.rank_resumes(posting, conditions=Conditions(), fetch=fetch_resumes, today=TODAY)
        assert ids(ranking)[0] == posting.id


def test_expired_and_full_postings_are_refused_and_counted(rank):
    ranking = rank()
    assert ranking.eligible == 3
    assert ranking.refused == {"expired": 1, "full": 1}


def test_conditions_narrow_the_list_and_say_what_they_refused(rank):
    ranking = rank(conditions=Conditions(degree=2, kinds=frozenset({"job"})))
    assert ids(ranking) == [2]
    assert ranking.refused == {"expired": 1, "full": 1, "kind": 1, "degree": 1}


def test_a_plain_question_finds_place_kind_and_words(rank):
    best = rank(query="光谷 数据分析 实习 能转正").matches[0]
    assert best.id == 1
    assert "数据分析" in {reason.facts.get("term") for reason in best.reasons}
    assert "converts" in {reason.code for reason in best.reasons}


def test_a_question_of_names_alone_is_answered(rank):
    assert ids(rank(query="武昌"))[0] == 2


def test_a_question_decides_before_the_fit_does(rank, resumes):
    statistician = resumes[0]
    assert ids(rank(statistician))[0] != 2
    assert ids(rank(statistician, query="静脉输液"))[0] == 2
    assert ids(rank(statistician, query="武昌"))[0] == 2


def test_without_question_or_person_the_newest_come_first(rank):
    assert ids(rank()) == [1, 2, 3]


def test_a_pair_scores_alone_as_in_either_list(engine, rank, resumes, postings, fetch_resumes):
    for resume in resumes:
        for match in rank(resume).matches:
            posting = next(one for one in postings if one.id == match.id)
            assert engine.match(resume, posting, today=TODAY) == match
            candidates = engine.rank_resumes(
                posting, conditions=Conditions(), fetch=fetch_resumes, today=TODAY
            )
            assert match.score in {one.score for one in candidates.matches if one.id == resume.id}


def test_requirements_met_are_counted(engine, resumes, postings):
    match = engine.match(resumes[0], postings[0], today=TODAY)
    assert (match.met, match.asked) == (3, 3)
    assert "具备所需技能：Python" in [reason.sentence for reason in match.reasons]
    other = engine.match(resumes[1], postings[0], today=TODAY)
    assert other.met == 0
    assert "未提到所需技能：SQL" in [reason.sentence for reason in other.missing]


def test_cited_words_are_words_of_the_text(engine, resumes, postings):
    for resume in resumes:
        for posting in postings:
            match = engine.match(resume, posting, today=TODAY)
            for reason in (*match.reasons, *match.missing):
                for span in reason.spans:
                    source = resume if span.source == "resume" else posting
                    assert field_text(source, span.field)[span.start : span.end]


def test_removing_the_cited_words_lowers_the_score(engine, postings):
    resume = ResumeDocument(9, text="会Python，写过网站", major="统计学", degree=2)
    before = engine.match(resume, postings[0], today=TODAY)
    cited = next(r for r in before.reasons if r.facts.get("skill") == "Python").spans[0]
    shorter = replace(resume, text=resume.text[: cited.start] + resume.text[cited.end :])
    assert engine.match(shorter, postings[0], today=TODAY).score < before.score


def test_pages_are_cut_from_one_ranking(rank, resumes):
    whole = ids(rank(resumes[0]))
    assert [ids(rank(resumes[0], top=1, offset=n))[0] for n in range(3)] == whole


def test_a_document_that_vanished_meanwhile_is_left_out(engine, resumes):
    ranking = engine.rank_postings(resumes[0], conditions=Conditions(), fetch=lambda _: [], today=TODAY)
    assert ranking.matches == ()


def test_an_empty_collection_answers_with_nothing(engine, fetch_postings):
    engine.postings.apply((), range(10), 8)
    ranking = engine.rank_postings(
        None, query="护士", conditions=Conditions(), fetch=fetch_postings, today=TODAY
    )
    assert ranking.matches == ()
    assert ranking.eligible == 0


def test_an_unread_field_never_enters_the_pair(engine, resumes):
    bare = PostingDocument(8, "店员")
    assert 0 <= engine.match(resumes[0], bare, today=TODAY).score <= 1
