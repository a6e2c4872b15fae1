"""Fit and score stay in [0, 1] and rise with every signal; the policy keeps to its band."""

from dataclasses import asdict, fields, replace

from hypothesis import given
from hypothesis import strategies as st

from matcher.queries import stretched
from matcher.ranking_model import RankingModel
from matcher.scoring import BAND, JUDGED, POLICY, Signals, blended, policy

share = st.floats(0, 1)
signals = st.builds(Signals, **{field.name: share for field in fields(Signals)})
models = st.builds(
    RankingModel, st.floats(-9, 9), st.fixed_dictionaries(dict.fromkeys(JUDGED, st.floats(0, 9)))
)


def score(model, found):
    return model.chance(asdict(found)) * policy(found)


@given(models, signals)
def test_a_score_is_a_share(model, found):
    assert 0 <= score(model, found) <= model.chance(asdict(found)) <= 1


@given(models, signals, st.sampled_from([field.name for field in fields(Signals)]), share)
def test_more_of_anything_good_never_lowers_a_score(model, found, name, value):
    better = replace(found, **{name: max(value, getattr(found, name))})
    assert score(model, better) >= score(model, found)


@given(signals)
def test_policy_moves_a_score_within_its_band(found):
    assert 1 - BAND <= policy(found) + 1e-9
    assert policy(found) <= 1 + 1e-9


def test_policy_counts_every_condition_nobody_judged_and_nothing_else():
    everything, nothing = (Signals(**dict.fromkeys(Signals.__dataclass_fields__, v)) for v in (1.0, 0.0))
    assert (policy(everything), policy(nothing)) == (1, 1 - BAND)
    assert set(JUDGED) | set(POLICY) == {field.name for field in fields(Signals)}


@given(share, share, share)
def test_a_question_and_a_person_blend_within_their_bounds(relevance, fit, other):
    assert 0 <= blended(relevance, fit) <= 1
    assert blended(relevance, max(fit, other)) >= blended(relevance, fit)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_nearer_texts_are_never_less_similar(one, other):
    low, high = sorted((one, other))
    assert 0 <= stretched(low) <= stretched(high) <= 1
