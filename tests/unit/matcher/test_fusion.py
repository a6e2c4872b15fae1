"""Fused scores: what each part may and may not do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.encoder import normalised
from matcher.fusion import WEIGHTS, Weights, fused, standardised
from matcher.neighbours import Neighbours

SHARES = arrays(np.float64, (3, 7), elements=st.floats(0, 1))


def test_a_worked_sum():
    score = fused(np.array([0.5]), np.array([0.4]), np.array([0.2]), Weights(words=0.5, characters=1.0))
    assert score == pytest.approx([0.5 + 0.5 * 0.4 + 0.2])


@given(SHARES, SHARES, SHARES, st.floats(0, 1), st.integers(0, 2))
def test_more_of_anything_never_lowers_a_score(meaning, words, characters, more, which):
    parts = [meaning, words, characters]
    raised = [part + more * (number == which) for number, part in enumerate(parts)]
    assert (fused(*raised) >= fused(*parts)).all()


@given(SHARES, SHARES, SHARES)
def test_a_pair_scores_the_same_whatever_else_was_found(meaning, words, characters):
    alone = fused(meaning[:, :1], words[:, :1], characters[:, :1])
    assert fused(meaning, words, characters)[:, :1] == pytest.approx(alone)


def test_all_parts_count():
    assert min(WEIGHTS.words, WEIGHTS.characters) > 0


@given(arrays(np.float64, (3, 7), elements=st.integers(-50, 50).map(float)))
def test_standardised_scores_have_mean_zero_and_spread_one_or_are_all_zero(scores):
    for row, original in zip(standardised(scores), scores, strict=True):
        assert row.mean() == pytest.approx(0, abs=1e-9)
        assert row.std() == pytest.approx(1 if np.ptp(original) else 0)


def vectors(rows: list[list[float]]) -> np.ndarray:
    return normalised(np.array(rows, dtype=np.float32))


def test_near_documents_share_a_score_and_a_far_one_keeps_its_own():
    shared = Neighbours(vectors([[1, 0.1, 0], [1, 0.12, 0], [0, 0, 1]])).shared(np.array([[1.0, 0.0, 0.5]]))[
        0
    ]
    assert shared[0] > shared[1] > shared[0] - 0.2, "the synonym is pulled up to the one that was found"
    assert shared[2] == pytest.approx(0.5)


def test_a_document_near_to_everything_loses_to_one_that_stands_alone():
    crowd = [[1, 0.1 * number, 0] for number in range(6)]
    shared = Neighbours(vectors([*crowd, [0, 0, 1]])).shared(np.full((1, 7), 0.5))[0]
    assert shared.argmax() == 6


@given(st.integers(1, 40), st.integers(0, 9))
def test_sharing_does_not_depend_on_the_order_of_documents(count, seed):
    draw = np.random.default_rng(seed)
    rows, scores = vectors(draw.normal(size=(count, 8))), draw.uniform(size=(2, count))
    turned = draw.permutation(count)
    once = Neighbours(rows).shared(scores)
    assert np.isfinite(once).all()
    assert Neighbours(rows[turned]).shared(scores[:, turned]) == pytest.approx(once[:, turned], abs=1e-5)
