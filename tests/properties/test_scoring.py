"""The score stays in [0, 1] and rises with every signal."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from matcher.scoring import WEIGHTS, Signals, blended, score, stretched

share = st.floats(0, 1)
signals = st.builds(Signals, **{field.name: share for field in fields(Signals)})


@given(signals)
def test_a_score_is_a_share(found):
    assert 0 <= score(found) <= 1


@given(signals, st.sampled_from(sorted(WEIGHTS)), share)
def test_more_of_anything_good_never_lowers_a_score(found, name, value):
    better = replace(found, **{name: max(value, getattr(found, name))})
    assert score(better) >= score(found)


def test_everything_is_everything_and_nothing_is_nothing():
    assert score(Signals(**dict.fromkeys(WEIGHTS, 1.0))) == 1
    assert score(Signals(**dict.fromkeys(WEIGHTS, 0.0))) == 0
    assert set(WEIGHTS) == {field.name for field in fields(Signals)}


@given(share, share, share)
def test_a_question_and_a_person_blend_within_their_bounds(relevance, fit, other):
    assert 0 <= blended(relevance, fit) <= 1
    assert blended(relevance, max(fit, other)) >= blended(relevance, fit)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_nearer_texts_are_never_less_similar(one, other):
    low, high = sorted((one, other))
    assert 0 <= stretched(low) <= stretched(high) <= 1
