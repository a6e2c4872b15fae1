"""What is cited counts; taking it away is taking it out of the document itself."""

from datetime import date

import pytest

from matcher.documents import PostingDocument, ResumeDocument
from matcher.engine import MatchingEngine
from matcher.faithfulness import examine, without
from matcher.training.judgements import WORTH_APPLYING, judged_pairs
from webapp.settings import ROOT, Settings


@pytest.mark.parametrize(
    ("document", "cut", "rest"),
    [
        (ResumeDocument(1, text="会Python和SQL"), ("text", 1, 7), ResumeDocument(1, text="会和SQL")),
        (ResumeDocument(1, skills=("A", "BC")), ("skills", 2, 4), ResumeDocument(1, skills=("A",))),
        (ResumeDocument(1, skills=("A", "BC")), ("skills", 0, 1), ResumeDocument(1, skills=("BC",))),
        (ResumeDocument(1, major="护理"), ("major", 0, 2), ResumeDocument(1)),
        (PostingDocument(1, "护士长"), ("title", 0, 2), PostingDocument(1, "长")),
    ],
)
def test_words_are_cut_out_of_a_document(document, cut, rest):
    assert without(document, *cut) == rest


def test_explanations_of_the_tiny_engine_are_counted(engine, resumes, postings):
    pairs = [(resume, posting) for resume in resumes for posting in postings]
    figures = examine(engine, pairs, today=date(2026, 3, 1)).printable()
    assert figures["citations"] > 0
    assert figures["inside_the_text"] == 1
    assert examine(engine, [], today=date(2026, 3, 1)).printable()["cited_removal_lowers"] is None


@pytest.mark.slow
def test_explanations_of_judged_pairs_hold_what_is_asked_of_them():
    engine = MatchingEngine.open(ROOT / "data", Settings().encoder)
    good = [one for one in judged_pairs(ROOT / "data" / "judgements") if one.grade >= WORTH_APPLYING]
    pairs = [(one.resume, one.posting) for one in good[::8]]
    figures = examine(engine, pairs, today=date(2026, 11, 26)).printable()
    assert figures["citations"] > 300
    assert figures["inside_the_text"] == 1
    assert figures["cited_removal_lowers"] >= 0.95
    assert figures["mean_move_uncited"] < figures["mean_move_cited"] / 3
    assert figures["uncited_moves_less"] >= 0.8
