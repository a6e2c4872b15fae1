"""Work as the worker does it: settings from the environment, connections of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from webapp.database import open_engine
from webapp.migrations import upgrade


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty database of the test's own, which the environment names."""
    url = f"sqlite:///{tmp_path}/platform.db"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = open_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()
