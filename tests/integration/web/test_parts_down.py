"""What pages do while Redis is down: they answer, and each process counts for itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask

from webapp.app import create_app
from webapp.extensions import limiter
from webapp.services.matching import Matching
from webapp.settings import Settings
from webapp.tasks.queue import queue

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def without_redis(sqlite_template: Path, matching: Matching, tmp_path: Path) -> Iterator[Flask]:
    """The platform as it is installed for a city, at a Redis that is down."""
    file = shutil.copy(sqlite_template, tmp_path / "own.db")
    settings = Settings(database_url=f"sqlite:///{file}", redis_url=NOBODY_LISTENS)
    with patch.dict(vars(limiter)):
        app = create_app(settings, matching=matching)
        app.config.update(WTF_CSRF_ENABLED=False)
        yield app
        app.extensions["platform"].engine.dispose()


@pytest.mark.parametrize(("path", "method"), [("/postings", "GET"), ("/login", "POST")])
def test_pages_that_limit_answer_without_redis_and_still_count(
    without_redis: Flask, path: str, method: str
) -> None:
    client = without_redis.test_client()
    answers = [client.open(path, method=method, data={"login": "nobody@example.com"}) for _ in range(2)]
    assert [answer.status_code < 500 for answer in answers] == [True, True]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left[1] == left[0] - 1


def test_figures_are_told_without_the_queues(client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise ConnectionError

    monkeypatch.setattr(queue, "scheduled_count", refuse)
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "platform_ledger_head" in answer.text
    assert "platform_queue_waiting" not in answer.text
