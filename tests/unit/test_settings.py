"""What an installation gets that sets nothing."""

import os

import pytest

from webapp.settings import Settings, SettingsIncomplete


def test_the_market_takes_the_cores_it_may_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8}, raising=False)
    assert Settings().processes == Settings.from_environment({}).processes == 3
    assert Settings.from_environment({"PROCESSES": "2"}).processes == 2
    monkeypatch.delattr(os, "sched_getaffinity")  # as on macOS
    assert Settings().processes == 64
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert Settings().processes == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("PROCESSES", "abc"),
        ("PROCESSES", "0"),
        ("PROCESSES", "-1"),
        ("PROCESSES", "1.5"),
        ("PROXY_HOPS", "one"),
    ],
)
def test_what_is_no_number_of_its_kind_is_refused_by_name(name: str, told: str) -> None:
    with pytest.raises(SettingsIncomplete, match=f"{name} is '{told}'"):
        Settings.from_environment({name: told})


def test_no_proxy_is_a_number() -> None:
    assert Settings.from_environment({"PROXY_HOPS": "0"}).proxy_hops == 0
