"""Work as the worker does it: settings from the environment, connections of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from webapp.database import open_engine


@pytest.fixture
def engine(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty database of the test's own, which the environment names."""
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'platform.db')}"
    monkeypatch.setenv("DATABASE_URL", url)
    engine = open_engine(url)
    yield engine
    engine.dispose()
