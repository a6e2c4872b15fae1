"""A collection survives the disk and refuses another engine's snapshot by name."""

import json
import os
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from matcher import collection, snapshot
from matcher.documents import Entry, PostingDocument
from matcher.engine import MatchingEngine
from matcher.errors import StaleSnapshot, WrongDimension
from matcher.skills import Skill, Vocabulary


def twin(engine) -> MatchingEngine:
    return engine.emptied()


def test_saved_and_loaded_is_the_same(engine, tmp_path, postings):
    engine.postings.save(tmp_path)
    other = twin(engine)
    other.postings.load(tmp_path)
    assert other.postings.watermark == 7
    assert len(other.postings) == 5
    everything = np.ones(5, dtype=bool)
    query, skills = engine.encode_postings(postings[:1])[0], [0, 1]
    found = []
    for state in (engine.postings.state, other.postings.state):
        scores = zip(
            state.ids.tolist(),
            state.words_in_common("数据分析", everything).tolist(),
            state.skills_in_common(skills, share=True).tolist(),
            strict=True,
        )
        found.append((state.ids[state.nearest(query, everything, 5)].tolist(), sorted(scores)))
    assert found[0] == found[1]


def test_what_was_read_comes_back_from_disk_as_it_was(engine, tmp_path, postings):
    engine.postings.save(tmp_path)
    engine.postings.load(tmp_path)
    state, by_id = engine.postings.state, {posting.id: posting for posting in postings}
    for row, id in enumerate(state.ids.tolist()):
        (kept,) = state.readings([row], [by_id[id]], engine.vocabulary)
        fresh = engine.judge.read_posting(by_id[id])
        assert kept.skills == fresh.skills
        for part in ("columns", "roots", "counts"):
            assert getattr(kept.words, part).tolist() == getattr(fresh.words, part).tolist()
        assert state.readings([row], [replace(by_id[id], duties="别的事")], engine.vocabulary) == [None]


def test_an_empty_collection_is_saved_too(engine, tmp_path):
    engine.postings.apply((), range(10), 12)
    engine.postings.save(tmp_path)
    other = twin(engine)
    other.postings.load(tmp_path)
    assert (len(other.postings), other.postings.watermark) == (0, 12)


def test_a_snapshot_of_another_vocabulary_is_refused_by_name(engine, tmp_path):
    engine.postings.save(tmp_path)
    other = MatchingEngine(
        engine.encoder, Vocabulary([Skill("养蜂")]), engine.judge.majors, engine.judge.model
    )
    with pytest.raises(StaleSnapshot) as refusal:
        other.postings.load(tmp_path)
    assert refusal.value.field == "vocabulary"


@pytest.mark.parametrize("field", ["model_id", "text_version", "dimension", "collection", "format"])
def test_a_snapshot_of_another_engine_is_refused_by_name(engine, tmp_path, field):
    engine.postings.save(tmp_path)
    manifest = next(tmp_path.glob("*/manifest.json"))
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), field: "other"}))
    with pytest.raises(StaleSnapshot) as refusal:
        engine.postings.load(tmp_path)
    assert refusal.value.field == field
    assert refusal.value.found == "other"


def test_a_damaged_file_is_refused_by_name(engine, tmp_path):
    engine.postings.save(tmp_path)
    vectors = next(tmp_path.glob("*/vectors.npy"))
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"x")
    with pytest.raises(StaleSnapshot, match=r"vectors\.npy"):
        engine.postings.load(tmp_path)


def test_a_missing_snapshot_says_so(engine, tmp_path):
    with pytest.raises(StaleSnapshot, match="manifest"):
        engine.postings.load(tmp_path)


def test_saving_again_replaces_and_keeps_one_previous(engine, tmp_path):
    for watermark in range(4):
        engine.postings.apply((), (), watermark)
        engine.postings.save(tmp_path)
    other = twin(engine)
    other.postings.load(tmp_path)
    assert other.postings.watermark == 3
    assert sum(path.is_dir() for path in tmp_path.iterdir()) == 2


def test_a_large_snapshot_is_not_written_anew_for_little(engine, tmp_path, postings, monkeypatch):
    """Five rows count as large here, and one changed row in three as little."""
    monkeypatch.setattr(collection, "LARGE", 5)
    monkeypatch.setattr(collection, "LITTLE", 3)
    engine.postings.save(tmp_path)
    engine.postings.load(tmp_path)

    def written() -> int:
        engine.postings.save(tmp_path)
        other = twin(engine)
        other.postings.load(tmp_path)
        return other.postings.watermark

    engine.postings.apply((), [1], 8)
    assert written() == 7
    engine.postings.apply((), [2], 9)
    assert written() == 9


def test_drafts_of_killed_processes_are_cleared_away_in_time(engine, tmp_path):
    for name, hours in ((".killed", 7), (".working", 1)):
        (tmp_path / name).mkdir()
        then = time.time() - hours * 3600
        os.utime(tmp_path / name, (then, then))
    engine.postings.save(tmp_path)
    assert not (tmp_path / ".killed").exists()
    assert (tmp_path / ".working").exists()


def test_what_could_not_be_written_leaves_the_snapshot_before_it(engine, tmp_path):
    engine.postings.save(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())

    def fail():
        with snapshot.draft(tmp_path, engine.postings._identity, count=5, watermark=8) as draft:
            draft.add("vectors", engine.postings.state.segments[0].index.halves)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_replaced_document_counts_once_and_a_deleted_one_never(engine, postings):
    vectors = engine.encode_postings(postings)
    engine.postings.apply([Entry(postings[0], vectors[0])], [2], 8)
    assert len(engine.postings) == 4
    assert 1 in engine.postings
    assert 2 not in engine.postings


def test_vectors_of_another_length_are_refused(engine):
    entry = Entry(PostingDocument(9, "会计"), np.ones(3, dtype=np.float32))
    with pytest.raises(WrongDimension):
        engine.postings.apply([entry], (), 8)


def test_searches_never_see_half_a_change(engine, postings):
    """Postings 1 and 2 come and go together; no state may hold one of them alone."""
    vectors = engine.encode_postings(postings)
    both = [Entry(postings[row], vectors[row]) for row in (0, 1)]
    done = threading.Event()

    def change():
        for turn in range(100):
            engine.postings.apply(both, (), turn)
            engine.postings.apply((), (1, 2), turn)
        done.set()

    writer = threading.Thread(target=change)
    writer.start()
    while not done.is_set():
        state = engine.postings.state
        living = set(state.ids[state.alive].tolist())
        assert len(living & {1, 2}) != 1
    writer.join()
