"""What an installation gets that sets nothing."""

import os

import pytest

from webapp.settings import Settings


def test_the_market_takes_the_cores_it_may_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8}, raising=False)
    assert Settings().market_processes == Settings.from_environment({}).market_processes == 3
    assert Settings.from_environment({"MARKET_PROCESSES": "2"}).market_processes == 2
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    assert Settings().market_processes == 64
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert Settings().market_processes == 1
