"""Milvus answers as FAISS and brute force do, under every rule, after changes, and when it is gone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milvus_lite.server_manager import server_manager_instance

from matcher.candidates import eligible
from matcher.collection import Collection, Schema
from matcher.documents import Conditions, Entry, PostingDocument, ResumeDocument
from matcher.eligibility import posting_columns, posting_rules, resume_columns, resume_rules
from matcher.encoder import normalised
from matcher.errors import MissingClient
from matcher.evidence import Reader
from matcher.index import milvus_index
from matcher.index.milvus_index import MilvusIndex, MilvusService
from matcher.rarity import Rarity
from matcher.readings import Reading
from matcher.skills import Skill, Vocabulary
from matcher.snapshot import Identity

DIMENSION, ROWS, TODAY = 16, 1_500, date(2026, 11, 20)
VOCABULARY = Vocabulary([Skill("会计")])
READER, RARITY = Reader(VOCABULARY), Rarity({}, 0.01)
KINDS, DISTRICTS = ("job", "internship", "traineeship"), ("420102", "420106", "WH-DHGX")
QUERIES = normalised(np.random.default_rng(3).normal(size=(20, DIMENSION)).astype(np.float32))


def vector(id: int) -> np.ndarray:
    return normalised(np.random.default_rng(id).normal(size=(1, DIMENSION)).astype(np.float32))[0]


def posting(id: int) -> Entry[PostingDocument]:
    dice = np.random.default_rng([id, 1])
    document = PostingDocument(
        id,
        f"岗位{id}",
        kind=str(dice.choice(KINDS)),
        district=str(dice.choice(DISTRICTS)),
        degree_min=int(dice.integers(0, 5)),
        pay_max=int(dice.integers(3, 20)) * 1000,
        published_on=TODAY - timedelta(days=int(dice.integers(0, 90))),
        valid_until=TODAY + timedelta(days=int(dice.integers(-5, 60))),
        openings=int(dice.integers(0, 4)),
    )
    return Entry(document, vector(id))


def resume(id: int) -> Entry[ResumeDocument]:
    dice = np.random.default_rng([id, 2])
    document = ResumeDocument(
        id,
        kinds=frozenset(dice.choice(KINDS, size=int(dice.integers(0, 3))).tolist()),
        districts=frozenset(dice.choice(DISTRICTS, size=int(dice.integers(0, 3))).tolist()),
        degree=int(dice.integers(1, 5)),
        graduation_year=int(dice.integers(2023, 2027)),
        pay_min=int(dice.integers(3, 12)) * 1000,
    )
    return Entry(document, vector(id))


def laid(kind, columns, entries, service=None) -> Collection:
    def read(document):
        return Reading(RARITY.read(str(document.id)), READER.asked(PostingDocument(document.id, "岗位")))

    schema = Schema(kind, columns, read)
    found = Collection(schema, VOCABULARY, Identity(kind, "m", "1", "v", DIMENSION, "r"), service)
    found.apply(entries, (), 1)
    return found


@contextmanager
def served(file: Path) -> Iterator[MilvusService]:
    """Serve a file as long as it is needed: a server tells clients that idle that they ping too often."""
    yield MilvusService(str(file))
    stop(file)


def stop(file: Path) -> None:
    server_manager_instance.release_server(str(file))


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    """Return both sides once held by this process and once by Milvus, from the same snapshot."""
    folder = tmp_path_factory.mktemp("milvus")
    made = {}
    with served(folder / "city.db") as service:
        for kind, columns, entry in (
            ("postings", posting_columns, posting),
            ("resumes", resume_columns, resume),
        ):
            entries = [entry(id) for id in range(1, ROWS + 1)]
            held = laid(kind, columns, entries, service)
            held.save(folder / kind)
            remote, local = laid(kind, columns, [], service), laid(kind, columns, [])
            remote.load(folder / kind)
            local.load(folder / kind)
            made[kind] = remote, local, entry
        yield made


codes = st.sampled_from
conditions = st.builds(
    Conditions,
    kinds=st.frozensets(codes(KINDS), max_size=2),
    districts=st.frozensets(codes(DISTRICTS), max_size=2),
    degree=st.none() | st.integers(0, 4),
    pay_min=st.none() | st.integers(3, 18).map(lambda pay: pay * 1000),
    published_since=st.none() | st.integers(0, 90).map(lambda days: TODAY - timedelta(days=days)),
    graduated_since=st.none() | st.integers(2023, 2026),
)


def nearest(collection, rules, query, top):
    allowed, _ = eligible(collection.state, rules)
    rows = collection.state.nearest(query, allowed, top, rules)
    assert allowed[rows].all()
    return collection.state.ids[rows].tolist()


@pytest.mark.parametrize("kind", ["postings", "resumes"])
@given(wanted=conditions, top=st.integers(1, 60), number=st.integers(0, len(QUERIES) - 1))
@settings(deadline=None, max_examples=40)
def test_milvus_finds_what_faiss_finds(sides, kind, wanted, top, number):
    remote, local, _ = sides[kind]
    assert isinstance(remote.state.segments[0].index, MilvusIndex)
    rules = {"postings": posting_rules, "resumes": resume_rules}[kind](wanted, TODAY)
    assert nearest(remote, rules, QUERIES[number], top) == nearest(local, rules, QUERIES[number], top)


def test_rows_that_died_or_came_since_the_snapshot_are_known(sides):
    remote, local, entry = sides["postings"]
    before = remote.state, local.state
    rules = posting_rules(Conditions(), TODAY)
    first = nearest(local, rules, QUERIES[0], 100)
    fresh = Entry(replace(entry(1).document, id=ROWS + 1, openings=1, valid_until=TODAY), QUERIES[0])
    for collection in (remote, local):
        collection.apply([fresh], first[:90], 2)
    assert nearest(remote, rules, QUERIES[0], 50) == nearest(local, rules, QUERIES[0], 50)
    assert nearest(remote, rules, QUERIES[0], 50)[0] == ROWS + 1
    remote.state, local.state = before


@pytest.fixture
def own(tmp_path):
    """A server of one test's own, which holds a snapshot, and a collection that searches there."""
    with served(tmp_path / "own.db") as service:
        laid("postings", posting_columns, [posting(id) for id in range(1, ROWS + 1)], service).save(tmp_path)
        mirrored = laid("postings", posting_columns, [], service)
        mirrored.load(tmp_path)
        yield mirrored, service, tmp_path


def told(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == milvus_index.__name__]


RULES = posting_rules(Conditions(kinds=frozenset({"job"})), TODAY)


def test_a_server_that_goes_away_costs_no_answer_and_is_not_asked_anew_for_every_search(own, caplog):
    mirrored, _, folder = own
    before = nearest(mirrored, RULES, QUERIES[1], 10)
    assert told(caplog) == []
    stop(folder / "own.db")
    assert [nearest(mirrored, RULES, QUERIES[1], 10) for _ in range(3)] == [before] * 3
    [line] = told(caplog)
    assert "Milvus does not serve" in line


def test_a_server_that_was_never_there_costs_no_answer(own, caplog):
    mirrored, _, folder = own
    silent = MilvusService("http://127.0.0.1:1")
    written = laid("postings", posting_columns, [posting(id) for id in range(1, ROWS + 1)], silent)
    written.save(folder / "written")
    assert len(told(caplog)) == 1
    read = laid("postings", posting_columns, [], silent)
    read.load(folder / "written")
    assert nearest(read, RULES, QUERIES[1], 10) == nearest(mirrored, RULES, QUERIES[1], 10)
    assert len(told(caplog)) == 2


def test_a_client_that_nobody_installed_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MissingClient, match="MILVUS_URI"):
        MilvusService("http://127.0.0.1:1")


def test_a_mirror_that_is_not_whole_is_written_anew_and_then_used(own, caplog, monkeypatch):
    mirrored, service, _ = own
    segment = mirrored.state.segments[0]
    service.client.drop_collection(segment.index._name)
    few = np.arange(10)
    service.write("postings", segment.version, segment.columns.taken(few), segment.index.halves[few])
    before = nearest(mirrored, RULES, QUERIES[1], 10)
    assert len(told(caplog)) == 1
    service.write("postings", segment.version, segment.columns, segment.index.halves)
    monkeypatch.setattr(segment.index, "_asked_from", 0)
    monkeypatch.setattr(segment.index._local, "search", None)
    assert nearest(mirrored, RULES, QUERIES[1], 10) == before


def test_only_the_last_two_versions_stay(tmp_path):
    columns, halves = posting_columns([posting(1).document]), vector(1).astype(np.float16)[None, :]
    with served(tmp_path / "city.db") as service:
        for version in ("0001-a", "0002-b", "0003-c"):
            service.write("postings", version, columns, halves)
        assert sorted(service.client.list_collections()) == ["postings_0002_b", "postings_0003_c"]
