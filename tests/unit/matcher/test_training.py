"""Training is repeatable, goes on after a kill, and ends in an ordinary folder."""

import dataclasses

import numpy as np
import pytest

from matcher.encoder import SentenceEncoder, StaticEncoder
from matcher.skills import Skill, Vocabulary
from matcher.training import teachers
from matcher.training.corpus import Corpus
from matcher.training.pairs import Pair
from matcher.training.recipe import Recipe, Share
from matcher.training.teachers import features
from matcher.training.tokenizer import vocabulary
from tests.unit.matcher.small_corpus import write

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SKILLS = Vocabulary([Skill("静脉输液"), Skill("C++", ("cpp",))])


@pytest.fixture(scope="module")
def train():
    return pytest.importorskip("matcher.training.train")


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe(teachers=(), words=600, dimension=16, features=32, steps=6, batch=8, warm_up=2)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    root = tmp_path_factory.mktemp("corpus")
    write(root)
    return Corpus(root, root / "taxonomy")


@pytest.fixture(scope="module")
def trained(train, recipe, corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("models") / "whole"
    train.train(corpus, SKILLS, out, recipe, lambda *_: None)
    return out


def weights(folder):
    return (folder / "model.safetensors").read_bytes()


@pytest.fixture
def often_kept(train, monkeypatch):
    monkeypatch.setattr(train, "KEPT_EVERY", 2)
    return train


def test_the_same_recipe_gives_the_same_weights_also_after_a_kill(
    often_kept, recipe, corpus, trained, tmp_path
):

    def killed(deed, done, _total):
        if (deed, done) == ("训练", 5):
            raise KeyboardInterrupt

    heard = []
    with pytest.raises(KeyboardInterrupt):
        often_kept.train(corpus, SKILLS, tmp_path / "killed", recipe, killed)
    often_kept.train(corpus, SKILLS, tmp_path / "killed", recipe, lambda *said: heard.append(said))
    assert [done for deed, done, _ in heard if deed == "训练"] == [5, 6]
    assert weights(tmp_path / "killed") == weights(trained)
    assert [path.name for path in tmp_path.iterdir()] == ["killed"]


def test_another_seed_gives_other_weights(train, recipe, corpus, trained, tmp_path):
    train.train(corpus, SKILLS, tmp_path / "other", dataclasses.replace(recipe, seed=1), lambda *_: None)
    assert weights(tmp_path / "other") != weights(trained)


def test_both_loaders_read_the_folder_to_the_same_vectors(trained):
    texts = ["护士，静脉输液", "招聘会计 C++", "负责日常工作；" * 50]
    light, full = StaticEncoder.load(trained), SentenceEncoder(str(trained))
    assert light.dimension == full.dimension == 16
    assert (light.encode(texts) * full.encode(texts)).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_training_brings_partners_together(train, recipe, corpus, tmp_path):
    from matcher.tokens import LongestMatch
    from matcher.training.model import WordTable
    from matcher.training.pairs import Pairs

    words = list(vocabulary(corpus, SKILLS, 600))
    recipe = dataclasses.replace(recipe, steps=40, mixture={"titles": Share(1, 0.1)})
    noise = np.random.default_rng(1).normal(size=(len(words), 32)).astype(np.float32)
    table = WordTable(words, noise, np.ones(len(words), dtype=np.float32), 16)
    batches = train.Batches(Pairs(corpus), LongestMatch(words), recipe)
    batch = batches.at(0)

    def loss():
        return train.ranking_loss(table, batch, 0.5).item()

    before = loss()
    train._fit(table, batches, tmp_path / "training.pt", lambda *_: None)
    assert loss() < before


def test_a_flat_table_says_what_the_parts_say(train):
    from matcher.training.model import WordTable

    rng = np.random.default_rng(2)
    words = ["护", "士", "护士"]
    table = WordTable(words, rng.normal(size=(3, 8)).astype(np.float32), np.array([1, 2, 3], np.float32), 4)
    for part in table.parts.values():
        part.data += 0.1
    together = table.embed([[0, 2], [1]]).detach().numpy()
    assert together[0] == pytest.approx(table.flat()[[0, 2]].sum(axis=0), abs=1e-5)
    assert together[1] == pytest.approx(table.flat()[1], abs=1e-5)


def test_words_are_spelled_with_characters_and_pairs_of_characters(train):
    from matcher.training.model import spelling

    table = spelling(["护士", "士", "护士士"])
    assert np.diff(table.indptr).tolist() == [3, 1, 4]
    assert table.indices.tolist() == [0, 1, 2, 1, 0, 1, 2, 3]
    assert np.sqrt(table.multiply(table).sum(axis=1)) == pytest.approx(1, abs=1e-6)
    assert (table[[0]] @ table[[1]].T).sum() == pytest.approx(1 / np.sqrt(3), abs=1e-6)


def test_partners_of_equal_texts_or_keys_are_no_negatives(train):
    pairs = [Pair("护士", "a", "1", "1"), Pair("护理", "b", "1", "2"), Pair("焊工", "a", "3", "4")]
    assert train.alike([*pairs, Pair("会计", "c", "5", "6")]).tolist() == [
        [False, True, True, False],
        [True, False, False, False],
        [True, False, False, False],
        [False, False, False, False],
    ]


def test_every_character_of_a_word_is_a_word(corpus):
    words = vocabulary(corpus, SKILLS, 600)
    assert all(character in words for word in list(words)[1:] for character in word)
    assert {"护士", "负责", "+", "#", "."} <= set(words)
    assert list(words.values())[1:] == sorted(list(words.values())[1:], reverse=True)
    assert len(vocabulary(corpus, SKILLS, 200)) <= len(words)


def test_a_teacher_is_asked_for_a_word_once_also_after_a_kill(tmp_path, monkeypatch):
    asked = []

    def lengths(words):
        asked.extend(words)
        return np.array([[len(word), 1.0] for word in words])

    monkeypatch.setattr(teachers, "PORTION", 2)
    monkeypatch.setitem(teachers.TEACHERS, "lengths", lambda: lengths)
    words = ["护", "护士", "护士长", "焊工", "会计"]
    next(teachers.word_vectors("lengths", words, tmp_path))
    assert asked == words[:2]
    found = np.concatenate(list(teachers.word_vectors("lengths", words, tmp_path)))
    assert asked == words
    assert found.tolist() == [[len(word), 1.0] for word in words]


def test_features_keep_the_main_axes_of_all_spaces():
    rng = np.random.default_rng(3)
    one = rng.normal(size=(50, 6)).astype(np.float32)
    found = features([one, one * 5], 4)
    assert found.shape == (50, 4)
    assert np.linalg.norm(found, axis=1).mean() == pytest.approx(1, abs=1e-5)
    assert np.corrcoef(found.T) == pytest.approx(np.eye(4), abs=1e-4)
