"""Only a model that an audit has passed since it last changed may rank people."""

from dataclasses import replace

import pytest

from matcher.engine import MatchingEngine
from matcher.errors import UnusableRanking
from matcher.ranking_model import RankingModel
from matcher.scoring import JUDGED
from matcher.text import TEXT_VERSION
from webapp.settings import ROOT, Settings

MODEL = RankingModel(-2.0, {"words": 3.0}, common_words={"负责": 0.5}, encoder="abc")
RUNS = {"encoder": "abc", "text": TEXT_VERSION}


def test_what_is_saved_is_read_again(tmp_path):
    sealed = MODEL.audited(passed=True, **RUNS)
    sealed.save(tmp_path / "ranking.json")
    assert RankingModel.load(tmp_path / "ranking.json") == sealed
    assert sealed.audit == {"weights": MODEL.digest, "passed": True, **RUNS}


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (MODEL, "没有公平性审计的记录"),
        (replace(MODEL.audited(passed=True), intercept=-3.0), "改动过"),
        (replace(MODEL.audited(passed=True), weights={"words": 4.0}), "改动过"),
        (replace(MODEL.audited(passed=True), figures={"auc": 1.0}), "改动过"),
        (MODEL.audited(passed=False), "没有通过"),
        (MODEL.audited(passed=True, **RUNS | {"encoder": "def"}), "别的编码器"),
        (MODEL.audited(passed=True, **RUNS | {"text": "1"}), "文本规则"),
    ],
)
def test_an_unsealed_changed_or_failed_model_is_refused_by_name(tmp_path, model, reason):
    model.save(tmp_path / "ranking.json")
    with pytest.raises(UnusableRanking, match=rf"ranking\.json.*{reason}"):
        RankingModel.load(tmp_path / "ranking.json")
    assert RankingModel.read(tmp_path / "ranking.json") == model


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 9}', '{"format": 1, "weight": 2}'])
def test_a_file_that_is_no_model_is_refused_with_a_remedy(tmp_path, content):
    (tmp_path / "ranking.json").write_text(content, "utf-8")
    with pytest.raises(UnusableRanking, match="train-ranking"):
        RankingModel.load(tmp_path / "ranking.json")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnusableRanking, match="读不出来"):
        RankingModel.load(tmp_path / "ranking.json")


def test_the_engine_opens_with_the_bundled_model_and_with_no_unsealed_one(tmp_path):
    assert MatchingEngine.open(ROOT / "data", Settings().encoder).calibrated
    for name in ("taxonomy", "models"):
        (tmp_path / name).mkdir()
    for file in (ROOT / "data" / "taxonomy").iterdir():
        (tmp_path / "taxonomy" / file.name).symlink_to(file)
    MODEL.save(tmp_path / "models" / "ranking.json")
    with pytest.raises(UnusableRanking):
        MatchingEngine.open(tmp_path, Settings().encoder)


def test_the_bundled_weights_are_never_negative_and_weigh_what_was_judged():
    model = RankingModel.load(ROOT / "data" / "models" / "ranking.json")
    assert set(model.weights) == set(JUDGED)
    assert all(weight >= 0 for weight in model.weights.values())
