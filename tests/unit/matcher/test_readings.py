"""What was read in a document is kept, comes back as it was, and is never used for another text."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from matcher.documents import Conditions, Entry, PostingDocument
from matcher.readings import READ_VERSION, Readings
from tests.unit.matcher.conftest import TODAY

READ = ("2", "a4029822cb2f2302")
"""The version of reading, and what it makes of the documents of these tests: they change together."""


@pytest.fixture
def kept(engine, postings) -> Readings:
    readings = [engine.judge.read_posting(posting) for posting in postings]
    return Readings.of(postings, readings, engine.vocabulary.columns)


def test_a_changed_way_of_reading_has_a_new_version(engine, postings, resumes):
    found = [
        *map(engine.judge.read_posting, postings),
        *map(engine.judge.read_resume, resumes),
    ]
    digest = hashlib.sha256()
    for one in found:
        said = sorted(
            (term, round(e.strength, 6), e.spans, e.required, e.plus) for term, e in one.skills.items()
        )
        roots = [round(float(root), 4) for root in one.words.roots]
        digest.update(repr((one.words.columns.tolist(), roots, one.words.counts.tolist(), said)).encode())
    assert (READ_VERSION, digest.hexdigest()[:16]) == READ


@pytest.mark.parametrize("order", [[4, 2, 0], [1], [], [3, 3]])
def test_taken_and_stacked_rows_are_the_same_documents(engine, postings, kept, order):
    rows = np.array(order, dtype=np.int64)
    both = Readings.stacked([kept.taken(rows), kept])
    for place, row in enumerate([*order, *range(len(postings))]):
        again = both.reading(place, postings[row], engine.vocabulary)
        fresh = engine.judge.read_posting(postings[row])
        assert again.skills == fresh.skills
        assert again.words.columns.tolist() == fresh.words.columns.tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "别的"},
        {"duties": "别的"},
        {"requirements": "别的"},
        {"skills": ("SQL",)},
        {"majors": ("会计",)},
    ],
)
def test_another_text_is_read_anew(engine, postings, kept, change):
    assert kept.reading(0, replace(postings[0], **change), engine.vocabulary) is None


def test_what_does_not_matter_to_reading_may_change(engine, postings, kept):
    moved = replace(postings[0], pay_min=1, openings=9, district="420102")
    assert kept.reading(0, moved, engine.vocabulary) is not None


def test_skills_outside_the_vocabulary_are_kept_by_their_place_in_the_list(engine):
    posting = PostingDocument(1, "花艺师", skills=("SQL", " 插花 ", "养蜂"))
    reading = engine.judge.read_posting(posting)
    kept = Readings.of([posting], [reading], engine.vocabulary.columns)
    assert kept.reading(0, posting, engine.vocabulary).skills == reading.skills
    assert {"插花", "养蜂"} <= reading.skills.keys()


def test_lists_are_the_same_from_memory_from_disk_and_read_anew(engine, postings, resumes, tmp_path):
    def ranked(fetched):
        found = engine.rank_postings(
            resumes[0], conditions=Conditions(), fetch=lambda ids: [fetched[id] for id in ids], today=TODAY
        )
        return [(match.id, match.score, match.reasons, match.missing) for match in found.matches]

    by_id = {posting.id: posting for posting in postings}
    fresh = ranked(by_id)
    engine.postings.save(tmp_path)
    engine.postings.load(tmp_path)
    assert ranked(by_id) == fresh
    changed = by_id | {1: replace(by_id[1], requirements="会静脉输液")}
    engine.postings.apply([Entry(changed[1], engine.postings.state.vectors(np.array([0]))[0])], (), 9)
    assert ranked(changed) != fresh
    engine.postings.apply([Entry(by_id[1], engine.encode_postings([by_id[1]])[0])], (), 10)
    assert ranked(by_id) == fresh
