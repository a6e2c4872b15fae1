"""Web processes as gunicorn runs them: each follows the feed by itself, and ends without breaking off."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import Engine, text

from tests import factories as make
from tests.integration.tasks.test_letters import free_port, running
from webapp.database import session_factory, session_scope
from webapp.settings import ROOT

PATIENCE = 60
ROWS = re.compile(r'platform_index_rows\{collection="postings",pid="(\d+)"\} (\S+)')


@pytest.fixture
def url(own_database: Engine, tmp_path: Path) -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "DATABASE_URL": own_database.url.render_as_string(hide_password=False),
        "SNAPSHOTS": str(tmp_path / "snapshots"),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    serve = ["--config", "python:webapp.server", "webapp.wsgi:app", "--bind", address, "--workers", "2"]
    with running([sys.executable, "-m", "gunicorn", *serve], settings, ROOT):
        yield f"http://{address}"


def read(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as page:
        content: str = page.read().decode()
    return content


def until(happens: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if happens():
                return
        except (URLError, HTTPError, ConnectionError):
            pass
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def rows(url: str) -> dict[str, float]:
    return {pid: float(count) for pid, count in ROWS.findall(read(url + "/metrics"))}


@pytest.mark.slow
def test_every_process_follows_the_feed_without_being_asked(own_database: Engine, url: str) -> None:
    until(lambda: len(rows(url)) == 2)
    assert read(url + "/readyz").splitlines() == ["database ok", "schema ok", "index ok"]
    with session_scope(session_factory(own_database)) as session:
        for _ in range(3):
            make.make_posting(session)
    until(lambda: set(rows(url).values()) == {3})


@pytest.mark.slow
def test_a_process_that_is_told_to_end_answers_first(own_database: Engine, url: str) -> None:
    until(lambda: read(url + "/readyz"))
    pids = list(rows(url))
    with own_database.connect() as connection, ThreadPoolExecutor(1) as visitor:
        connection.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        answer = visitor.submit(read, url + "/readyz")
        until(lambda: waiting(own_database))
        for pid in pids:
            subprocess.run(["kill", f"-{signal.SIGTERM.value}", pid], check=True)
        time.sleep(0.5)
        assert not answer.done()
        connection.rollback()
        assert "schema ok" in answer.result(PATIENCE)


def waiting(engine: Engine) -> int:
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with engine.connect() as connection:
        return int(connection.scalar(asked) or 0)
