"""Plain texts are found by every way of searching, in one call or one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.characters import Characters
from matcher.retrieval import Hybrid, Mode, TfIdf, retriever
from tests.unit.matcher.conftest import HashEncoder

TITLES = ["客服专员", "Java 工程师", "数控车床操作工", "护士", "会计", "客户服务代表"]
ENCODER = HashEncoder()


@pytest.mark.parametrize("mode", Mode)
def test_a_title_finds_itself_first(mode):
    found = retriever(mode, TITLES, ENCODER).scores(TITLES)
    assert found.shape == (len(TITLES), len(TITLES))
    assert list(found.argmax(axis=1)) == list(range(len(TITLES)))


@pytest.mark.parametrize("mode", Mode)
def test_queries_together_score_as_each_alone(mode):
    ready = retriever(mode, TITLES, ENCODER)
    queries = ["客服", "车工", "JAVA", "", "无人知晓之词"]
    alone = np.concatenate([ready.scores([query]) for query in queries])
    assert ready.scores(queries) == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "documents", [["护士"], ["！！！", "🙂"], ["", "护士", ""]], ids=["one", "signs", "gaps"]
)
def test_odd_collections_are_searched_too(mode, documents):
    found = retriever(mode, documents, ENCODER).scores(["护士", "", "🙂"])
    assert found.shape == (3, len(documents))
    assert np.isfinite(found).all()


@pytest.mark.parametrize("mode", [Mode.DENSE, Mode.HYBRID])
def test_meaning_needs_an_encoder(mode):
    assert mode.encodes
    with pytest.raises(ValueError, match="needs an encoder"):
        retriever(mode, TITLES)


def test_pairs_alike_are_comparable_between_queries():
    alike = Hybrid(ENCODER, ["静脉输液", "会计"]).alike(["静脉输液", "出纳会计"])
    assert alike[0, 0] > alike[1, 1] > alike[0, 1]


def test_characters_find_titles_that_share_no_word():
    found = Characters(TITLES).scores(["车工", "客户专员"])
    assert TITLES[found[0].argmax()] == "数控车床操作工"
    assert TITLES[found[1].argmax()] == "客服专员"


def test_characters_fold_width_case_and_signs():
    one, other = Characters(TITLES).scores(["ＪＡＶＡ－工程师", "java工程师"])
    assert one == pytest.approx(other)


def test_the_closing_character_weighs_as_the_head_of_a_title():
    found = Characters(["师傅", "老师"]).scores(["医师"])[0]
    assert found[1] > found[0]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.text(max_size=12))
@settings(deadline=None)
def test_character_scores_are_cosines_whatever_is_written(documents, query):
    found = Characters([*documents, query]).scores([query])[0]
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-5
    assert found[-1] == pytest.approx(1, abs=1e-5)


def test_words_of_jieba_are_a_way_too():
    found = TfIdf.of_words(["数据分析 师", "护士 长"]).scores(["护士"])
    assert found.argmax() == 1
