"""What is news to whom: worked examples, and the promise that nothing is named twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from webapp.domain.dates import city_date
from webapp.domain.digests import DAYS, LABELS, LESS, NEW_FOR, Frequency, is_new
from webapp.domain.postings import LONG_OVER

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.integers(0, 60 * 24).map(lambda hours: NOW + hours * HOUR)


@pytest.mark.parametrize(
    ("published", "since", "new"),
    [
        (NOW - HOUR, NOW - DAY, True),
        (NOW, NOW - DAY, True),
        (NOW + HOUR, NOW - DAY, False),
        (NOW - DAY, NOW - DAY, False),
        (NOW - 2 * DAY, NOW - DAY, False),
        (NOW - 13 * DAY, NOW - 30 * DAY, True),
        (NOW - 14 * DAY, NOW - 30 * DAY, False),
        (NOW - 15 * DAY, NOW - 30 * DAY, False),
    ],
)
def test_news_is_what_was_published_since_it_was_asked_for_and_lately(
    published: datetime, since: datetime, *, new: bool
) -> None:
    assert is_new(published, since=since, at=NOW) is new


@given(published=MOMENTS, since=MOMENTS, told=MOMENTS, later=MOMENTS)
def test_what_was_named_is_no_news_any_more_once_it_may_be_forgotten(
    published: datetime, since: datetime, told: datetime, later: datetime
) -> None:
    named = is_new(published, since=since, at=told)
    forgotten = city_date(told) < city_date(later - NEW_FOR)
    asked_anew = is_new(published, since=later, at=later)
    assert not (named and forgotten and is_new(published, since=since, at=later))
    assert not (named and told <= later and asked_anew)


def test_every_pause_is_shorter_than_news_is_news() -> None:
    assert all(timedelta(days=days) < NEW_FOR for days in DAYS.values())


def test_what_is_published_anew_was_named_so_long_ago_that_it_is_forgotten() -> None:
    assert NEW_FOR < LONG_OVER


def test_a_letter_only_ever_leads_to_fewer() -> None:
    often = {Frequency.OFF: 0, Frequency.WEEKLY: 1, Frequency.DAILY: 2}
    assert set(LABELS) == set(LESS) == set(Frequency)
    assert all(often[less] < often[one] for one in Frequency for less in LESS[one])
    assert all(Frequency.OFF in LESS[one] for one in DAYS)
