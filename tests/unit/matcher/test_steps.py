"""Steps are timed where somebody watches, each without the steps inside it."""

from threading import Thread
from time import perf_counter

import pytest

from matcher.steps import step, watched


@step("sum")
def total(numbers):
    with step("read"):
        found = list(numbers)
    return sum(found)


def test_a_step_runs_alike_whether_anybody_watches_or_not():
    assert total(range(4)) == 6
    with watched() as watch:
        assert total(range(4)) == 6
    assert set(watch.seconds) == {"sum", "read"}
    total(range(4))
    assert set(watch.seconds) == {"sum", "read"}


def test_steps_inside_are_not_counted_twice():
    started = perf_counter()
    with watched() as watch:
        total(range(100_000))
    assert sum(watch.seconds.values()) <= perf_counter() - started
    assert watch.seconds["read"] > 0


def test_a_step_that_fails_is_timed_and_fails():
    with watched() as watch, pytest.raises(TypeError):
        total(["one"])
    assert set(watch.seconds) == {"sum", "read"}


def test_other_threads_are_their_own_business():
    with watched() as watch:
        other = Thread(target=total, args=(range(4),))
        other.start()
        other.join()
    assert watch.seconds == {}
