"""Fused scores: what each part may and may not do."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.encoder import normalised
from matcher.fusion import FUSION, TEXT_LENGTH, TITLE_LENGTH, Fusion, Weights, fused, standardised
from matcher.neighbours import Influence, Neighbours

SHARES = arrays(np.float64, (3, 7), elements=st.floats(0, 1))


def test_a_worked_sum():
    score = fused(np.array([0.5]), np.array([0.4]), np.array([0.2]), Weights(words=0.5, characters=1.0))
    assert score == pytest.approx([(0.5 + 0.5 * 0.4 + 0.2) / 2.5])


@given(SHARES, SHARES, SHARES, st.floats(0, 1), st.integers(0, 2))
def test_more_of_anything_never_lowers_a_score(meaning, words, characters, more, which):
    parts = [meaning, words, characters]
    raised = [part + more * (number == which) for number, part in enumerate(parts)]
    assert (fused(*raised, FUSION.texts) >= fused(*parts, FUSION.texts)).all()


@given(SHARES, SHARES, SHARES)
def test_scores_from_zero_to_one_stay_there(meaning, words, characters):
    scores = fused(meaning, words, characters, FUSION.texts)
    assert scores.min() >= 0
    assert scores.max() <= 1 + 1e-9


@given(SHARES, SHARES, SHARES)
def test_a_pair_scores_the_same_whatever_else_was_found(meaning, words, characters):
    alone = fused(meaning[:, :1], words[:, :1], characters[:, :1], FUSION.titles)
    assert fused(meaning, words, characters, FUSION.titles)[:, :1] == pytest.approx(alone)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(0, FUSION.titles, id="nothing"),
        pytest.param(TITLE_LENGTH, FUSION.titles, id="titles"),
        pytest.param(TEXT_LENGTH, FUSION.texts, id="texts"),
        pytest.param(10 * TEXT_LENGTH, FUSION.texts, id="long texts"),
    ],
)
def test_weights_at_both_ends(length, expected):
    assert astuple(FUSION.weights(length)) == pytest.approx(astuple(expected))


def test_half_way_of_the_lengths_is_half_way_of_the_weights_as_factors():
    fusion = Fusion(Weights(0.1, 0.2), Weights(0.4, 0.2))
    assert astuple(fusion.weights((TITLE_LENGTH * TEXT_LENGTH) ** 0.5)) == pytest.approx((0.2, 0.2))


@given(st.floats(TITLE_LENGTH, TEXT_LENGTH), st.floats(TITLE_LENGTH, TEXT_LENGTH))
def test_what_is_shared_counts_more_the_more_two_texts_say(one, other):
    shorter, longer = sorted((one, other))
    assert FUSION.weights(shorter).words <= FUSION.weights(longer).words
    assert FUSION.weights(shorter).characters <= FUSION.weights(longer).characters


@given(arrays(np.float64, (3, 7), elements=st.integers(-50, 50).map(float)))
def test_standardised_scores_have_mean_zero_and_spread_one_or_are_all_zero(scores):
    for row, original in zip(standardised(scores), scores, strict=True):
        assert row.mean() == pytest.approx(0, abs=1e-9)
        assert row.std() == pytest.approx(1 if np.ptp(original) else 0)


def vectors(rows: list[list[float]]) -> np.ndarray:
    return normalised(np.array(rows, dtype=np.float32))


def test_near_documents_share_a_score_and_a_far_one_keeps_its_own():
    near = Neighbours(vectors([[1, 0.1, 0], [1, 0.3, 0], [0, 0, 1]]))
    found, synonym, stranger = near.shared(np.array([[1.0, 0.0, 0.5]]), Influence(share=1, crowding=0))[0]
    assert found > synonym > 0.4
    assert stranger == pytest.approx(0.5)


def test_a_document_near_to_everything_loses_to_one_that_stands_alone():
    crowd = [[1, 0.1 * number, 0] for number in range(6)]
    near = Neighbours(vectors([*crowd, [0, 0, 1]]))
    equal = np.full((1, 7), 0.5)
    assert near.shared(equal)[0].argmax() == 6
    assert near.shared(equal, Influence(share=1, crowding=0))[0] == pytest.approx(equal[0])


@given(st.integers(1, 40), st.integers(0, 9))
def test_sharing_does_not_depend_on_the_order_of_documents(count, seed):
    draw = np.random.default_rng(seed)
    rows, scores = vectors(draw.normal(size=(count, 8))), draw.uniform(size=(2, count))
    turned = draw.permutation(count)
    once = Neighbours(rows).shared(scores)
    assert np.isfinite(once).all()
    assert Neighbours(rows[turned]).shared(scores[:, turned]) == pytest.approx(once[:, turned], abs=1e-5)
