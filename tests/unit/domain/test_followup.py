"""Checkpoints, answers and rates, on worked examples and by their properties."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.followup import (
    GONE,
    SAYS,
    Answer,
    AnswerNotTheirs,
    LeavingDayNeeded,
    Rates,
    ReasonNeeded,
    Result,
    Source,
    add_months,
    all_settings,
    check_answer,
    months_between,
    observed,
    reasons,
    settings_on,
    settle,
    window,
)

START = date(2026, 1, 31)
ON = date(2026, 8, 1)
AT = datetime(2026, 8, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("started_on", "months", "due"),
    [
        ("2026-01-15", 6, "2026-07-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 24, "2026-02-28"),
    ],
)
def test_a_checkpoint_is_due_on_the_same_day_or_the_last_of_its_month(started_on, months, due):
    asked = window(date.fromisoformat(started_on), months, 30)
    assert asked.due_on == date.fromisoformat(due)
    assert asked.due_on - asked.opens_on == asked.closes_on - asked.due_on == timedelta(days=30)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_a_month_after_the_start_holds_the_days_up_to_the_next_checkpoint(day, months):
    assert months_between(day, add_months(day, months)) == months + 1


@pytest.mark.parametrize(
    ("source", "result", "left_on", "reason", "refusal"),
    [
        (Source.GRADUATE, Result.RETAINED_C, None, None, None),
        (Source.GRADUATE, Result.RETAINED_A, None, None, AnswerNotTheirs),
        (Source.GRADUATE, Result.RETAINED_C, ON, None, AnswerNotTheirs),
        (Source.GRADUATE, Result.RETAINED_C, None, "pay", ReasonNeeded),
        (Source.GRADUATE, Result.LEFT, ON, "pay", None),
        (Source.GRADUATE, Result.LEFT, START, "pay", None),
        (Source.GRADUATE, Result.LEFT, ON, None, ReasonNeeded),
        (Source.GRADUATE, Result.LEFT, ON, "because", ReasonNeeded),
        (Source.GRADUATE, Result.LEFT, None, "pay", LeavingDayNeeded),
        (Source.GRADUATE, Result.LEFT, ON + timedelta(days=1), "pay", LeavingDayNeeded),
        (Source.GRADUATE, Result.LEFT, START - timedelta(days=1), "pay", LeavingDayNeeded),
        (Source.GRADUATE, Result.STUDY, ON, None, None),
        (Source.GRADUATE, Result.STUDY, ON, "pay", ReasonNeeded),
        (Source.EMPLOYER, Result.UNKNOWN, None, None, None),
        (Source.EMPLOYER, Result.LEFT, ON, "pay", AnswerNotTheirs),
        (Source.INSURANCE, Result.RETAINED_A, None, None, None),
        (Source.OFFICER, Result.UNKNOWN, None, None, None),
    ],
)
def test_a_source_says_only_what_it_can_know_and_says_it_whole(source, result, left_on, reason, refusal):
    said = Answer(source=source, result=result, at=AT, left_on=left_on, reason=reason)
    if refusal is None:
        check_answer(said, started_on=START, on=ON)
    else:
        with pytest.raises(refusal):
            check_answer(said, started_on=START, on=ON)


def said(source: Source, result: Result, hours: int = 0) -> Answer:
    left_on = ON if result in GONE else None
    return Answer(source=source, result=result, at=AT + timedelta(hours=hours), left_on=left_on)


@pytest.mark.parametrize(
    ("answers", "stands"),
    [
        ([], None),
        ([said(Source.EMPLOYER, Result.UNKNOWN)], None),
        ([said(Source.EMPLOYER, Result.RETAINED_C), said(Source.GRADUATE, Result.LEFT)], Result.LEFT),
        ([said(Source.GRADUATE, Result.LEFT), said(Source.EMPLOYER, Result.RETAINED_C, 1)], Result.LEFT),
        ([said(Source.GRADUATE, Result.LEFT), said(Source.GRADUATE, Result.STUDY, 1)], Result.STUDY),
        ([said(Source.INSURANCE, Result.RETAINED_A), said(Source.GRADUATE, Result.LEFT, 1)], "retained_a"),
        ([said(Source.EMPLOYER, Result.RETAINED_C), said(Source.OFFICER, Result.UNKNOWN, 1)], "retained_c"),
    ],
)
def test_the_strongest_source_and_its_latest_word_stand(answers, stands):
    found = settle(answers)
    assert (found and found.result) == stands
    assert settle(reversed(answers)) == found


def test_a_leaver_was_seen_until_they_left_and_a_stayer_until_the_checkpoint():
    assert observed(said(Source.GRADUATE, Result.LEFT), started_on=date(2026, 5, 2), months=6) == 3
    assert observed(said(Source.GRADUATE, Result.LEFT), started_on=date(2026, 2, 1), months=6) == 6
    assert observed(said(Source.GRADUATE, Result.RETAINED_C), started_on=date(2026, 2, 2), months=6) == 6


def test_rates_of_a_worked_cohort():
    found = Rates(retained_a=50, retained_c=20, left=15, study=4, military=1, unknown=10, threshold=0.65)
    assert (found.n, found.known, found.retained) == (100, 90, 70)
    assert (found.lower, found.upper, found.coverage) == (0.7, 0.8, 0.9)
    assert found.responders == pytest.approx(70 / 90)
    assert found.interval == pytest.approx((0.68153, 0.85129), abs=1e-4)


@pytest.mark.parametrize(("unknown", "shown"), [(35, True), (36, False)])
def test_no_point_estimate_below_the_knowledge_threshold(unknown, shown):
    found = Rates(retained_c=60, left=100 - unknown - 60, unknown=unknown, threshold=0.65)
    assert found.enough is shown
    assert (found.responders is not None) is shown
    assert (found.interval is not None) is shown
    assert found.upper - found.lower == pytest.approx(unknown / 100)


def test_nothing_is_said_of_nobody():
    nobody = Rates(threshold=0.65)
    assert (nobody.n, nobody.lower, nobody.upper, nobody.responders, nobody.coverage) == (0, *[None] * 4)


@given(st.fixed_dictionaries({one.value: st.integers(0, 400) for one in Result}))
def test_the_share_of_the_known_lies_between_the_bounds(numbers):
    found = Rates(threshold=0.0, **numbers)
    if found.known:
        assert found.lower <= found.responders + 1e-12
        assert found.responders <= found.upper + 1e-12
        low, high = found.interval
        assert 0 <= low <= found.responders + 1e-12
        assert found.responders <= high + 1e-12 <= 1 + 2e-12


def test_the_settings_cover_every_day_once_and_every_reason_names_a_lever():
    rows = sorted(all_settings(), key=lambda one: one.valid_from)
    assert rows[-1].valid_to is None
    for earlier, later in pairwise(rows):
        assert earlier.valid_to == later.valid_from - timedelta(days=1)
    assert settings_on(date(2026, 11, 26)).knowledge_threshold == 0.65
    assert all(one.lever and one.name for one in reasons().values())
    assert set(SAYS) == set(Source)
