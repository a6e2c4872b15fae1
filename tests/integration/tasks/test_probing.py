"""The nightly probe asks the index as it is searched, and keeps nobody from writing meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from matcher.index import milvus_index
from tests import factories as make
from webapp.database import session_factory, session_scope, transactions
from webapp.models import IndexProbe
from webapp.services import index_probe
from webapp.services.upkeep import keep_index
from webapp.settings import Settings
from webapp.tasks import probing


@pytest.fixture
def kept(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An installation with a posting in the snapshot of its index."""
    monkeypatch.setenv("SNAPSHOTS", str(tmp_path / "snapshots"))
    transaction = transactions(engine)
    with transaction() as session:
        make.make_posting(session)
    list(keep_index(transaction, encoder=Settings().encoder, folder=tmp_path / "snapshots"))
    return engine


def probes(engine: Engine) -> list[tuple[str, int, float]]:
    with session_scope(session_factory(engine)) as session:
        return [(one.collection, one.entries, one.recall) for one in session.scalars(select(IndexProbe))]


def test_others_write_while_the_index_is_probed(kept: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    compare = index_probe._truly_nearest

    def compare_beside_a_writer(*asked):
        found = compare(*asked)
        with closing(sqlite3.connect(str(kept.url.database), timeout=0)) as writer:
            writer.execute("BEGIN IMMEDIATE")
        return found

    monkeypatch.setattr(index_probe, "_truly_nearest", compare_beside_a_writer)
    probing.probe_index.call_local()
    assert probes(kept) == [("posting", 1, 1.0)]


def test_the_probe_asks_the_milvus_that_searches_ask(
    kept: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MILVUS_URI", "http://127.0.0.1:1")
    probing.probe_index.call_local()
    assert milvus_index.__name__ in {record.name for record in caplog.records}
    assert probes(kept) == [("posting", 1, 1.0)]
