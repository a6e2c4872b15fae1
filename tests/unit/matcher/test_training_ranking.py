"""Learning is repeatable, keeps weights above zero, foresees, and refuses what is too little."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import NoBetter, TooLittleToLearn, UnreadableCollection
from matcher.ranking_model import RankingModel
from matcher.scoring import JUDGED, Signals
from matcher.training.judgements import judged_pairs
from matcher.training.ranking import (
    LEAST_OUTCOMES,
    Example,
    calibration,
    common_words,
    fitted,
    learn,
    learn_later,
    report,
)
from matcher.training.split import holds_out_resume
from webapp.settings import ROOT

BLANK = RankingModel(0.0, {}, encoder="abc")


def examples(count, *, seed=1, telling="words"):
    draw = random.Random(seed)
    found = []
    for number in range(count):
        signals = Signals(**{name: draw.random() for name in JUDGED})
        chance = getattr(signals, telling) ** 2
        found.append(Example(f"R{number % 40}", signals, draw.random() < chance))
    return found


def test_the_same_examples_give_the_same_model_that_found_what_tells():
    first, second = (learn(examples(600), BLANK, learnt={}) for _ in range(2))
    assert first == second
    assert max(first.weights, key=first.weights.__getitem__) == "words"
    assert all(weight >= 0 for weight in first.weights.values())
    assert (first.encoder, first.learnt["pairs"]) == ("abc", 600)
    assert first.figures["auc"] > 0.7
    assert sum(row["pairs"] for row in first.calibration) == 600


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_no_weight_falls_below_zero_though_a_signal_misleads(seed):
    table = np.random.default_rng(seed).random((60, 2))
    _, weights = fitted(table, (table[:, 0] < 0.5).astype(float))
    assert (weights >= 0).all()


def test_a_chance_means_what_it_says_on_pairs_not_seen():
    model = learn(examples(3000), BLANK, learnt={})
    fresh = [(one.resume, one.signals, 2 * one.good) for one in examples(3000, seed=2)]
    figures = report(model, fresh, good_from=2)
    assert figures["calibration_error"] < 0.06
    assert figures["auc"] > 0.7


def test_calibration_counts_tenths():
    rows = calibration(np.array([0.05, 0.15, 0.15, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert rows == [
        {"from": 0.0, "pairs": 1, "said": 0.05, "found": 0.0},
        {"from": 0.1, "pairs": 2, "said": 0.15, "found": 0.5},
        {"from": 0.9, "pairs": 1, "said": 1.0, "found": 1.0},
    ]


def test_words_of_many_texts_are_common_by_the_group_that_says_them_most():
    rare = [f"词{number}" for number in range(98)]
    words = common_words([["负责护理", "负责会计", *rare], ["护理"]])
    assert words["护理"] == 1
    assert words["负责"] == 0.02
    assert "会计" not in words


def test_too_few_outcomes_are_refused_with_the_numbers():
    few = examples(LEAST_OUTCOMES - 1)
    with pytest.raises(TooLittleToLearn, match=rf"{len(few)} 份.*{LEAST_OUTCOMES} 份"):
        learn_later(few, BLANK, learnt={})
    alike = [replace(one, good=True) for one in examples(LEAST_OUTCOMES)]
    with pytest.raises(TooLittleToLearn):
        learn_later(alike, BLANK, learnt={})


def test_outcomes_replace_a_model_that_foresees_worse_and_no_other():
    incumbent = RankingModel(0.0, {"degree": 1.0}, encoder="abc")
    model = learn_later(examples(800), incumbent, learnt={})
    assert model.meaning == "outcomes"
    assert model.audit == {}
    assert model.figures["auc"] > model.figures["incumbent_auc"]
    perfect = learn(examples(3000), BLANK, learnt={})
    reversed_time = [replace(one, good=not one.good) for one in examples(640)] + examples(160, seed=3)
    with pytest.raises(NoBetter):
        learn_later(reversed_time, perfect, learnt={})


def test_later_outcomes_never_enter_what_is_learnt():
    early, late = examples(800)[:640], examples(160, seed=9)
    incumbent = RankingModel(0.0, {"degree": 1.0})
    flipped = [replace(one, signals=replace(one.signals, kind=1.0)) for one in late]
    one, other = (learn_later([*early, *rest], incumbent, learnt={}) for rest in (late, flipped))
    assert one.weights == other.weights


def test_judged_pairs_are_split_by_resume():
    pairs = judged_pairs(ROOT / "data" / "judgements")
    tuning = {pair.resume_id for pair in pairs if not holds_out_resume(pair.resume_id)}
    kept = {pair.resume_id for pair in pairs if holds_out_resume(pair.resume_id)}
    assert not tuning & kept
    assert len(pairs) > 3000
    assert min(len(tuning), len(kept)) >= 50


def test_a_folder_without_judgements_is_named(tmp_path):
    with pytest.raises(UnreadableCollection, match=r"resumes\.jsonl"):
        judged_pairs(tmp_path)
