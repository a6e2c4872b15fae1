"""Light and full loaders agree, and folders that are no model are refused by name."""

from pathlib import Path

import numpy as np
import pytest

from matcher.encoder import (
    SentenceEncoder,
    StaticEncoder,
    as_stored,
    folder_digest,
    is_static,
    load_encoder,
    normalised,
)
from matcher.errors import UnknownEncoder

BUNDLED = Path(__file__).parents[3] / "data" / "models" / "xuezi-static-zh-v1"
TEXTS = [
    "数据分析师，熟悉 Python、SQL 与 Excel",
    "Ｃ＋＋开发工程师　Ｌｉｎｕｘ",
    "三甲医院护士，静脉输液",
    "字",
    "",
    "🙂",
    "用友做账报税。" * 300,
]


@pytest.fixture(scope="module")
def light() -> StaticEncoder:
    return StaticEncoder.load(BUNDLED)


def test_vectors_have_length_one_and_texts_without_words_are_zero(light):
    lengths = np.linalg.norm(light.encode(TEXTS), axis=1)
    assert lengths[[0, 1, 2, 3, 6]] == pytest.approx(1, abs=1e-5)
    assert light.encode([""])[0].any() == np.False_
    assert light.encode([]).shape == (0, light.dimension)


def test_a_text_has_one_vector_alone_or_among_others(light):
    together = light.encode(TEXTS * 200)
    assert np.array_equal(together[: len(TEXTS)], np.vstack([light.encode([t]) for t in TEXTS]))


def test_related_trades_lie_nearer_than_unrelated_ones(light):
    nurse, ward, ledger = light.encode(["护士", "病房护理，静脉输液，观察病情", "做账报税，编制财务报表"])
    assert nurse @ ward > nurse @ ledger + 0.1


def test_storing_twice_changes_nothing(light):
    stored = as_stored(light.encode(TEXTS))
    assert np.array_equal(as_stored(stored), stored)
    assert as_stored(normalised(np.zeros((1, 4), dtype=np.float32))).tolist() == [[0, 0, 0, 0]]


def test_the_bundled_model_is_static_small_and_described():
    assert is_static(BUNDLED)
    assert sum(path.stat().st_size for path in BUNDLED.rglob("*") if path.is_file()) <= 20e6
    assert "限制" in (BUNDLED / "README.md").read_text("utf-8")
    assert isinstance(load_encoder(BUNDLED), StaticEncoder)


def test_the_name_changes_with_the_weights(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    before = folder_digest(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert folder_digest(tmp_path) != before


def test_a_folder_without_a_model_is_refused_by_name(tmp_path):
    with pytest.raises(UnknownEncoder, match="static"):
        StaticEncoder.load(tmp_path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_reads_the_same_folder_to_the_same_vectors(light):
    full = SentenceEncoder(str(BUNDLED))
    ours, theirs = light.encode(TEXTS), full.encode(TEXTS)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines[[0, 1, 2, 3, 6]].min() > 0.9999
    assert (full.model_id, full.dimension) == (light.model_id, light.dimension)
