"""What an installation gets that sets nothing."""

import os

import pytest

from webapp.settings import Settings


def test_the_market_takes_the_cores_it_may_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8}, raising=False)
    assert Settings().processes == Settings.from_environment({}).processes == 3
    assert Settings.from_environment({"PROCESSES": "2"}).processes == 2
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    assert Settings().processes == 64
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert Settings().processes == 1
