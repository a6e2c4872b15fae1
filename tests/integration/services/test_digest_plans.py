"""A turn at city size: read by indexes, and a page of people at a time in the same few statements."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application, make_graduate, make_posting
from tests.lists import make_lists
from tests.statements import asking, plan_of, scanned
from webapp.domain.digests import Frequency
from webapp.services.digests import choose, look_for_news

LATER = NOW + timedelta(days=7)


def fill(session: Session, people: int) -> int:
    """Let some wait for news, with five new postings each on the night's list; return the night."""
    readers = [make_graduate(session) for _ in range(people)]
    for number, one in enumerate(readers):
        wish = (Frequency.DAILY, Frequency.WEEKLY)[number % 2]
        choose(session, graduate=one, frequency=wish, at=NOW)
        make_application(session, one)
    postings = [make_posting(session, published_at=LATER - timedelta(hours=1)) for _ in range(5)]
    return make_lists(session, dict.fromkeys(readers, postings), at=LATER).id


def test_a_page_of_people_asks_no_more_than_one_of_them(session: Session, engine: Engine) -> None:
    asked = {}
    for people in (2, 40):
        run_id = fill(session, people)
        session.expire_all()
        with asking(engine) as statements:
            found = look_for_news(session, run_id=run_id, at=LATER, most=people)
            named = [posting.employer.name for one in found.letters for posting in one.postings]
            assert all(one.graduate.user.email for one in found.letters)
        assert (found.people, len(named)) == (people, people * 5)
        asked[people] = len(statements)
    assert asked[40] == asked[2]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_turn_has_the_indexes_it_needs(session: Session, engine: Engine) -> None:
    run_id = fill(session, 6)
    session.execute(text("ANALYZE"))
    with asking(engine) as asked:
        while look_for_news(session, run_id=run_id, at=LATER, most=2).people:
            pass
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plans = {one.sql: plan_of(session, one) for one in asked if one.sql.startswith(("SELECT", "DELETE"))}
    assert [(table, plan) for plan in plans.values() for table in scanned(plan)] == []
    [due] = [repr(plan) for sql, plan in plans.items() if "looked_on <=" in sql]
    assert "'Index Name': 'ix_digest_due'" in due
    assert "'Node Type': 'Sort'" not in due
