"""Searches equal brute force, whatever the filter and however the rows came in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matcher import segments, spill
from matcher.candidates import Portrait, Search
from matcher.collection import Collection, Schema
from matcher.documents import Entry, PostingDocument
from matcher.eligibility import posting_columns
from matcher.encoder import as_stored, normalised
from matcher.evidence import Reader
from matcher.index.faiss_index import FaissIndex
from matcher.rarity import Rarity
from matcher.readings import Reading
from matcher.skills import Skill, Vocabulary
from matcher.snapshot import Identity

DIMENSION = 8
VOCABULARY = Vocabulary([Skill("会计"), Skill("护理"), Skill("开发"), Skill("教学")])
READER = Reader(VOCABULARY)
TRADES = ("会计", "护理", "开发", "教学")


def read(posting: PostingDocument) -> Reading:
    return Reading(Rarity({}, 0.01).read(posting.title), READER.asked(posting))


def empty() -> Collection[PostingDocument]:
    schema = Schema("postings", posting_columns, read, ("kind", "district"))
    return Collection(schema, VOCABULARY, Identity("postings", "m", "1", "v", DIMENSION, "r"))


def entry(id: int, version: int = 0) -> Entry[PostingDocument]:
    draw = np.random.default_rng(id * 1000 + version)
    trade = TRADES[(id + version) % len(TRADES)]
    vector = normalised(draw.normal(size=(1, DIMENSION)).astype(np.float32))[0]
    return Entry(PostingDocument(id, f"{trade}{version}", skills=(trade,)), vector)


@given(st.integers(1, 300), st.integers(1, 20), st.data())
@settings(deadline=None, max_examples=60)
def test_filtered_search_equals_brute_force(count, top, data):
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    vectors = as_stored(normalised(draw.normal(size=(count, DIMENSION)).astype(np.float32)))
    allowed = data.draw(arrays.arrays(bool, count))
    rows, scores = FaissIndex(vectors.astype(np.float16)).search(vectors[0], top, allowed)
    truth = np.sort((vectors @ vectors[0])[allowed])[::-1][:top]
    assert allowed[rows].all()
    assert scores == pytest.approx(truth, abs=1e-5)


PORTRAIT = Portrait(np.stack([entry(5).vector, entry(6).vector]), "会计 护理0", [0, 2])

changes = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 40), st.integers(0, 3), max_size=12),
        st.sets(st.integers(1, 40), max_size=4),
    ),
    max_size=8,
)


@given(changes, st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_history_ends_like_its_outcome_put_in_at_once(history, on_disk):
    changed, outcome = empty(), {}
    with pytest.MonkeyPatch.context() as patch:
        if on_disk:
            patch.setattr(segments, "BLOCK", 3)
            patch.setattr(spill, "LARGE", 0)
        for turn, (upserts, deleted) in enumerate(history):
            changed.apply([entry(*pair) for pair in upserts.items()], deleted, turn)
            outcome = {id: v for id, v in outcome.items() if id not in deleted} | upserts
    fresh = empty()
    fresh.apply([entry(*pair) for pair in reversed(outcome.items())], (), 0)
    assert len(changed) == len(fresh) == len(outcome)
    assert answers(changed) == answers(fresh)


def answers(collection: Collection[PostingDocument]) -> list[list[int]]:
    state = collection.state
    if not state.segments:
        return []
    words, skills = (
        state.words_in_common("会计 护理0", state.alive),
        state.skills_in_common([0, 2], share=True),
    )
    found = [
        state.nearest(entry(5).vector, state.alive, 10),
        *(state.best(scores, state.alive & (scores > 0), 10) for scores in (words, skills)),
        Search(state, state.alive, 10).near(PORTRAIT, share=True),
    ]
    return [state.ids[rows].tolist() for rows in found]
