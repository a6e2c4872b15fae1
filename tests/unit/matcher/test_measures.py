"""Measures as worked examples, as trec_eval sees them, and as they must behave whatever comes."""

from math import inf, log2

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from matcher.evaluation.measures import Measures, mean, measured, ranks

GRADED = st.lists(st.integers(0, 3), min_size=1, max_size=150).filter(any)


@pytest.mark.parametrize(
    ("found", "grades", "expected"),
    [
        pytest.param([1], [1], (1, 1, 1, 1), id="the only relevant one comes first"),
        pytest.param([2], [1], (1 / 2, 1 / log2(3), 1, 1 / 2), id="the only one comes second"),
        pytest.param(
            [1, 3], [1, 1], ((1 + 2 / 3) / 2, (1 + 1 / 2) / (1 + 1 / log2(3)), 1, 1), id="one between"
        ),
        pytest.param(
            [1, 2], [1, 3], (1, (1 + 3 / log2(3)) / (3 + 1 / log2(3)), 1, 1), id="lower grade first"
        ),
        pytest.param([11], [2], (1 / 11, 0, 1, 0), id="just out of the first ten"),
        pytest.param([100, 101], [1, 1], ((1 / 100 + 2 / 101) / 2, 0, 1 / 2, 0), id="the edge of recall"),
        pytest.param(
            [1, inf], [1, 1], (1 / 2, 1 / (1 + 1 / log2(3)), 1 / 2, 1), id="one was never retrieved"
        ),
        pytest.param([inf], [3], (0, 0, 0, 0), id="nothing was retrieved"),
    ],
)
def test_measures_of_worked_rankings(found, grades, expected):
    judged = measured(np.array(found, dtype=float), np.array(grades))
    assert tuple(judged.printable().values()) == pytest.approx(expected)
    assert list(judged.printable()) == ["map", "ndcg@10", "recall@100", "mrr@10"]


def judged(scores: np.ndarray, grades: list[int]) -> Measures:
    relevant = np.flatnonzero(grades)
    return measured(ranks(scores)[relevant].astype(float), np.array(grades)[relevant])


@given(GRADED, st.randoms(use_true_random=False))
def test_measures_equal_those_of_trec_eval_with_equal_scores_too(grades, draw):
    scores = [draw.randint(0, 20) / 4 for _ in grades]
    names = [f"d{9999 - row}" for row in range(len(grades))]  # falling, as collections keep their documents
    evaluator = pytrec_eval.RelevanceEvaluator(
        {"q": dict(zip(names, grades, strict=True))}, {"map", "ndcg_cut_10", "recall_100", "recip_rank"}
    )
    theirs = evaluator.evaluate({"q": dict(zip(names, scores, strict=True))})["q"]
    ours = judged(np.array(scores), grades)
    first = theirs["recip_rank"] if theirs["recip_rank"] >= 0.1 else 0
    expected = (theirs["map"], theirs["ndcg_cut_10"], theirs["recall_100"], first)
    assert tuple(ours.printable().values()) == pytest.approx(expected, abs=1e-9)


@given(GRADED)
def test_a_perfect_ranking_scores_one_and_no_measure_leaves_zero_to_one(grades):
    perfect = judged(np.array(grades, dtype=float), grades)
    assert (perfect.map, perfect.ndcg_at_10, perfect.mrr_at_10) == pytest.approx((1, 1, 1))
    worst = judged(-np.array(grades, dtype=float), grades)
    assert all(0 <= value <= 1 + 1e-12 for value in worst.printable().values())
    assert worst.map <= perfect.map


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=40))
def test_ranks_number_every_document_once_and_keep_the_order_of_equal_scores(scores):
    placed = ranks(np.array(scores))
    assert sorted(placed) == list(range(1, len(scores) + 1))
    for earlier in range(len(scores)):
        for later in range(earlier + 1, len(scores)):
            assert (placed[earlier] < placed[later]) == (scores[earlier] >= scores[later])


def test_the_mean_counts_each_query_once():
    assert mean([Measures(1, 1, 1, 1), Measures(0, 0.5, 1, 0)]) == Measures(0.5, 0.75, 1, 0.5)
