"""Fit and score stay in [0, 1] and rise with everything good; the policy keeps to its band."""

from dataclasses import asdict, fields, replace

from hypothesis import given
from hypothesis import strategies as st

from matcher.policy import BAND, POLICY, Terms
from matcher.queries import stretched
from matcher.ranking_model import RankingModel
from matcher.scoring import JUDGED, Signals, blended

share = st.floats(0, 1)
signals = st.builds(Signals, **{field.name: share for field in fields(Signals)})
terms = st.builds(Terms, **{field.name: share for field in fields(Terms)})
models = st.builds(
    RankingModel, st.floats(-9, 9), st.fixed_dictionaries(dict.fromkeys(JUDGED, st.floats(0, 9)))
)


@given(models, signals)
def test_a_chance_is_a_share(model, found):
    assert 0 <= model.chance(asdict(found)) <= 1


@given(models, signals, st.sampled_from(JUDGED), share)
def test_more_of_anything_good_never_lowers_a_chance(model, found, name, value):
    better = replace(found, **{name: max(value, getattr(found, name))})
    assert model.chance(asdict(better)) >= model.chance(asdict(found))


@given(terms, st.sampled_from(sorted(POLICY)), share)
def test_policy_moves_a_chance_within_its_band_and_rises_with_every_condition(found, name, value):
    better = replace(found, **{name: max(value, getattr(found, name))})
    assert 1 - BAND - 1e-9 <= found.factor <= better.factor + 1e-9 <= 1 + 2e-9


def test_policy_counts_every_condition_once():
    everything, nothing = (Terms(**dict.fromkeys(POLICY, value)) for value in (1.0, 0.0))
    assert (round(everything.factor, 9), round(nothing.factor, 9)) == (1, 1 - BAND)
    assert set(POLICY) == {field.name for field in fields(Terms)}


@given(share, share, share)
def test_a_question_and_a_person_blend_within_their_bounds(relevance, fit, other):
    assert 0 <= blended(relevance, fit) <= 1
    assert blended(relevance, max(fit, other)) >= blended(relevance, fit)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_nearer_texts_are_never_less_similar(one, other):
    low, high = sorted((one, other))
    assert 0 <= stretched(low) <= stretched(high) <= 1
