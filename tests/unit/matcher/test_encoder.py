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
from webapp.settings import Settings

BUNDLED = Path(__file__).parents[3] / "data" / "models" / "xuezi-static-zh-v2"
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
    assert sum(path.stat().st_size for path in BUNDLED.rglob("*") if path.is_file()) <= 40e6
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


ODD = [
    *TEXTS,
    "C#/.NET  node.js；c++",
    "①②㎏㈱ﬁÅ가ガ",
    "𠮷野家ＡＢＣ\u200b工\ufeff程",
    "\n\t",
    "a" * 3000,
    "不认识的字龘靐齉爩",
    "1234567890",
]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_reads_the_same_folder_to_the_same_vectors(light):
    full = SentenceEncoder(str(BUNDLED))
    ours, theirs = light.encode(ODD), full.encode(ODD)
    assert (ours.any(axis=1) == theirs.any(axis=1)).all()
    known = ours.any(axis=1)
    assert known.sum() > len(ODD) / 2
    assert (ours * theirs).sum(axis=1)[known].min() > 0.9999
    assert (full.model_id, full.dimension) == (light.model_id, light.dimension)


@pytest.fixture(scope="module")
def transformer(tmp_path_factory) -> str:
    """A real transformer of one small layer with a real tokenizer, in an ordinary folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("transformer")
    characters = sorted({character for text in TEXTS for character in text.lower() if character.strip()})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(words), **size)).save_pretrained(folder)
    body = Transformer(str(folder), max_seq_length=64)
    whole = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[body, Pooling(32)], device="cpu").save(str(whole))
    return str(whole)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_any_sentence_transformers_folder_serves_as_encoder(transformer):
    encoder = load_encoder(Settings.from_environment({"MATCHER_ENCODER": transformer}).encoder)
    vectors = encoder.encode(TEXTS)
    assert isinstance(encoder, SentenceEncoder)
    assert vectors.shape == (len(TEXTS), encoder.dimension) == (len(TEXTS), 32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode([TEXTS[2]])[0] == pytest.approx(vectors[2], abs=1e-5)
    assert abs(float(vectors[0] @ vectors[2])) < 0.9999
    assert encoder.encode([]).shape == (0, 32)
    assert encoder.model_id == folder_digest(Path(transformer))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_name_that_is_no_model_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(UnknownEncoder, match="nowhere"):
        load_encoder(tmp_path / "nowhere")
