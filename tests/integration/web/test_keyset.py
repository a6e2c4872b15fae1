"""Long lists by key: every row once, in order, both ways; odd keys in an address are the first page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import NOW, make_graduate
from webapp.models import Graduate
from webapp.ui import keyset

KEYS = [Graduate.created_at, Graduate.id]
ROWS = 11


@pytest.fixture
def turned(app, session):
    """Turn to a page of eleven graduates, three or four of whom came at the same instant."""
    for number in range(ROWS):
        make_graduate(session, created_at=NOW + timedelta(seconds=number // 3))

    def turn(*, falling=False, **address):
        with app.test_request_context(query_string=address):
            return keyset.key_page(session, select(Graduate), by=KEYS, falling=falling, size=4)

    return turn


@pytest.mark.parametrize("falling", [False, True])
def test_forward_and_back_meet_every_row_once_in_order(turned, session, falling):
    order = [column.desc() for column in KEYS] if falling else KEYS
    everybody = list(session.scalars(select(Graduate).order_by(*order)))
    forward, page = [], turned(falling=falling)
    assert page.before is None
    while page.after:
        forward += page.items
        page = turned(falling=falling, after=page.after)
    forward += page.items
    back = list(page.items)
    while page.before:
        page = turned(falling=falling, before=page.before)
        back = [*page.items, *back]
    assert forward == back == everybody
    assert page.after is not None


@pytest.mark.parametrize(
    "key", ["", "x", "1~2~3", "~", "2026-06-15T04:00:00~1", f"2026-06-15T04:00:00+00:00~{10**30}"]
)
def test_an_odd_key_is_the_first_page(turned, key):
    assert turned(after=key).items == turned().items


def test_a_key_beyond_the_end_shows_nothing_but_the_number(turned):
    page = turned(after=f"{NOW + timedelta(days=1):%Y-%m-%dT%H:%M:%S+00:00}~1")
    assert (page.items, page.total, page.more) == ([], ROWS, False)


def test_more_rows_than_are_counted_are_said_to_be_more(turned, monkeypatch):
    monkeypatch.setattr(keyset, "MOST_COUNTED", ROWS - 1)
    assert (turned().total, turned().more) == (ROWS - 1, True)
    monkeypatch.setattr(keyset, "MOST_COUNTED", ROWS)
    assert (turned().total, turned().more) == (ROWS, False)
