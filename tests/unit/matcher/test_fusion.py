"""Fused scores: what each part may and may not do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.encoder import normalised
from matcher.fusion import (
    FOR_TEXTS,
    FOR_TITLES,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Weights,
    fused,
    standardised,
    weights_for,
)
from matcher.neighbours import Influence, Neighbours

SHARES = arrays(np.float64, (3, 7), elements=st.floats(0, 1))


def test_a_worked_sum():
    score = fused(np.array([0.5]), np.array([0.4]), np.array([0.2]), Weights(words=0.5, characters=1.0))
    assert score == pytest.approx([0.5 + 0.5 * 0.4 + 0.2])


@given(SHARES, SHARES, SHARES, st.floats(0, 1), st.integers(0, 2))
def test_more_of_anything_never_lowers_a_score(meaning, words, characters, more, which):
    parts = [meaning, words, characters]
    raised = [part + more * (number == which) for number, part in enumerate(parts)]
    assert (fused(*raised, FOR_TEXTS) >= fused(*parts, FOR_TEXTS)).all()


@given(SHARES, SHARES, SHARES)
def test_a_pair_scores_the_same_whatever_else_was_found(meaning, words, characters):
    alone = fused(meaning[:, :1], words[:, :1], characters[:, :1], FOR_TITLES)
    assert fused(meaning, words, characters, FOR_TITLES)[:, :1] == pytest.approx(alone)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(0, FOR_TITLES, id="nothing"),
        pytest.param(TITLE_LENGTH, FOR_TITLES, id="titles"),
        pytest.param(TEXT_LENGTH, FOR_TEXTS, id="texts"),
        pytest.param(10 * TEXT_LENGTH, FOR_TEXTS, id="long texts"),
    ],
)
def test_weights_at_both_ends(length, expected):
    assert weights_for(length) == expected


@given(st.floats(TITLE_LENGTH, TEXT_LENGTH), st.floats(TITLE_LENGTH, TEXT_LENGTH))
def test_what_is_shared_counts_more_the_longer_the_texts(one, other):
    shorter, longer = sorted((one, other))
    assert weights_for(shorter).words <= weights_for(longer).words
    assert weights_for(shorter).characters <= weights_for(longer).characters


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
