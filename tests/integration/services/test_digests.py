"""Who is told of which new postings, once each, and how that begins and ends."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.factories import (
    NOW,
    TODAY,
    make_application,
    make_employer,
    make_graduate,
    make_posting,
    make_user,
)
from tests.lists import make_lists
from webapp.database import session_factory, session_scope
from webapp.domain.consent import Purpose
from webapp.domain.degrees import Degree
from webapp.domain.digests import DAYS, MOST, Frequency
from webapp.domain.employers import EmployerStatus
from webapp.domain.postings import LONG_OVER, Kind, PostingStatus
from webapp.models import (
    Consent,
    Digest,
    DigestPosting,
    Graduate,
    OutgoingLetter,
    Posting,
    SavedPosting,
)
from webapp.queries.digests import wish_of
from webapp.queries.own_data import everything_about
from webapp.services import digests
from webapp.services.consents import has_consent
from webapp.services.erasure import erase
from webapp.services.graduates import set_personalised, withdraw_consent
from webapp.services.letters import post_letter
from webapp.services.mail import Letter
from webapp.settings import Settings

DAY = timedelta(days=1)
LATER = NOW + DAY


def reader(session: Session, frequency: Frequency = Frequency.DAILY, **changes: object) -> Graduate:
    """A graduate who has asked for letters at NOW."""
    graduate = make_graduate(session, **changes)
    digests.choose(session, graduate=graduate, frequency=frequency, at=NOW)
    return graduate


def fresh(session: Session, **changes: object) -> Posting:
    """A posting published an hour after NOW."""
    return make_posting(session, **{"published_at": NOW + timedelta(hours=1)} | changes)


def letters(session: Session, run_id: int, at: datetime = LATER, most: int = 200) -> dict[int, list[int]]:
    """Look for news, and return the postings that the letters name by graduate."""
    found = digests.look_for_news(session, run_id=run_id, at=at, most=most)
    return {one.graduate.id: [posting.id for posting in one.postings] for one in found.letters}


def test_a_letter_names_what_is_new_in_the_order_of_the_list(session: Session) -> None:
    one, other = reader(session), reader(session)
    old = make_posting(session, published_at=NOW)
    first, second, third = (fresh(session) for _ in range(3))
    run = make_lists(session, {one: [second, old, first], other: [first, third]}, at=LATER)
    assert letters(session, run.id) == {one.id: [second.id, first.id], other.id: [first.id, third.id]}


def test_nobody_is_told_before_they_ask_or_when_there_is_nothing_new(session: Session) -> None:
    silent, graduate = make_graduate(session), reader(session)
    run = make_lists(session, {silent: [fresh(session)], graduate: [make_posting(session)]}, at=LATER)
    assert letters(session, run.id) == {}
    assert session.get_one(Digest, graduate.id).looked_on == TODAY + DAY
    assert session.get(Digest, silent.id) is None


CHANGES: dict[str, Callable[[Session, Posting, Graduate], object]] = {
    "paused": lambda _, posting, __: setattr(posting, "status", PostingStatus.PAUSED),
    "over": lambda _, posting, __: setattr(posting, "valid_until_on", TODAY),
    "full": lambda _, posting, __: setattr(posting, "filled", posting.headcount),
    "employer suspended": lambda _, posting, __: setattr(
        posting.employer, "status", EmployerStatus.SUSPENDED
    ),
    "another kind wished": lambda _, __, graduate: setattr(graduate, "kinds", [Kind.INTERNSHIP]),
    "degree too high": lambda _, posting, __: setattr(posting, "degree_min", Degree.DOCTOR),
    "applied to": lambda session, posting, graduate: make_application(session, graduate, posting),
    "put aside": lambda session, posting, graduate: session.add(
        SavedPosting(graduate_id=graduate.id, posting_id=posting.id, created_at=NOW)
    ),
    "account closed": lambda _, __, graduate: setattr(graduate.user, "is_active", False),
    "address gone": lambda _, __, graduate: _take_address(graduate),
    "personalisation off": lambda session, _, graduate: set_personalised(
        session, graduate=graduate, personalised=False
    ),
    "erased": lambda session, _, graduate: erase(session, graduate=graduate, by=graduate.user, at=NOW),
    "stopped": lambda session, _, graduate: digests.choose(
        session, graduate=graduate, frequency=Frequency.OFF, at=NOW
    ),
}


def _take_address(graduate: Graduate) -> None:
    graduate.user.mobile, graduate.user.email = "19900000001", None


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_since_the_night_is_not_written(session: Session, change: str) -> None:
    graduate, posting = reader(session), fresh(session)
    run = make_lists(session, {graduate: [posting]}, at=LATER)
    CHANGES[change](session, posting, graduate)
    session.flush()
    assert letters(session, run.id) == {}


def test_without_a_change_the_same_posting_is_written(session: Session) -> None:
    """Otherwise the table above would prove nothing."""
    graduate, posting = reader(session), fresh(session)
    run = make_lists(session, {graduate: [posting]}, at=LATER)
    assert letters(session, run.id) == {graduate.id: [posting.id]}


def test_more_than_a_letter_holds_waits_for_the_next(session: Session) -> None:
    graduate, employer = reader(session), make_employer(session)
    postings = [fresh(session, employer=employer) for _ in range(MOST + 2)]
    run = make_lists(session, {graduate: postings}, at=LATER)
    assert letters(session, run.id) == {graduate.id: [one.id for one in postings[:MOST]]}
    assert letters(session, run.id) == {}, "one look a day"
    assert letters(session, run.id, LATER + DAY) == {graduate.id: [one.id for one in postings[MOST:]]}
    assert letters(session, run.id, LATER + 2 * DAY) == {}


@pytest.mark.parametrize(("days", "news"), [(3, True), (8, True), (13, True), (14, False), (20, False)])
def test_a_posting_that_comes_onto_the_list_days_later_is_still_news(
    session: Session, days: int, *, news: bool
) -> None:
    graduate, posting = reader(session), fresh(session)
    first = make_lists(session, {graduate: []}, at=LATER)
    assert letters(session, first.id) == {}
    second = make_lists(session, {graduate: [posting]}, at=LATER + days * DAY)
    told = {graduate.id: [posting.id]} if news else {}
    assert letters(session, second.id, LATER + days * DAY) == told


def test_a_posting_that_is_published_anew_is_news_anew(session: Session) -> None:
    graduate, posting = reader(session), fresh(session)
    assert letters(session, make_lists(session, {graduate: [posting]}, at=LATER).id)
    again = NOW + LONG_OVER
    posting.published_at = again
    run = make_lists(session, {graduate: [posting]}, at=again + DAY)
    assert letters(session, run.id, again + DAY) == {graduate.id: [posting.id]}
    assert letters(session, run.id, again + 2 * DAY) == {}


@pytest.mark.parametrize(("frequency", "days"), [(Frequency.DAILY, 1), (Frequency.WEEKLY, 7)])
def test_the_first_letter_comes_after_a_whole_pause(session: Session, frequency, days: int) -> None:
    graduate, posting = reader(session, frequency), fresh(session)
    run = make_lists(session, {graduate: [posting]}, at=LATER)
    for day in range(days):
        assert letters(session, run.id, NOW + day * DAY) == {}
    assert letters(session, run.id, NOW + days * DAY) == {graduate.id: [posting.id]}


def test_a_changed_frequency_counts_from_the_last_look(session: Session) -> None:
    graduate = reader(session)
    run = make_lists(session, {graduate: [fresh(session)]}, at=LATER)
    assert letters(session, run.id)
    digests.choose(session, graduate=graduate, frequency=Frequency.WEEKLY, at=LATER)
    run = make_lists(session, {graduate: [later := fresh(session, published_at=LATER + DAY)]}, at=LATER)
    assert letters(session, run.id, LATER + 6 * DAY) == {}
    digests.choose(session, graduate=graduate, frequency=Frequency.DAILY, at=LATER + 6 * DAY)
    assert letters(session, run.id, LATER + 6 * DAY) == {graduate.id: [later.id]}


def test_who_turns_it_on_again_is_told_of_what_came_since(session: Session) -> None:
    graduate = reader(session)
    seen, missed = fresh(session), fresh(session, published_at=LATER + DAY)
    assert letters(session, make_lists(session, {graduate: [seen]}, at=LATER).id)
    for frequency, days in ((Frequency.OFF, 0), (Frequency.DAILY, 2)):
        digests.choose(session, graduate=graduate, frequency=frequency, at=LATER + days * DAY)
    assert session.scalars(select(DigestPosting)).all() == []
    new = fresh(session, published_at=LATER + 2 * DAY + timedelta(hours=1))
    run = make_lists(session, {graduate: [seen, missed, new]}, at=LATER + 3 * DAY)
    assert letters(session, run.id, LATER + 3 * DAY) == {graduate.id: [new.id]}


def test_what_was_told_is_forgotten_when_it_is_no_news_any_more(session: Session) -> None:
    graduate, posting = reader(session), fresh(session)
    run = make_lists(session, {graduate: [posting]}, at=LATER)
    assert letters(session, run.id)
    for days, kept in ((14, 1), (15, 0)):
        assert letters(session, run.id, LATER + days * DAY) == {}
        assert len(session.scalars(select(DigestPosting)).all()) == kept


def test_a_turn_goes_on_where_the_last_one_stopped(session: Session) -> None:
    readers = [reader(session, frequency) for frequency in 2 * [Frequency.DAILY, Frequency.WEEKLY]]
    posting, at = fresh(session), NOW + 7 * DAY
    run = make_lists(session, {one: [posting] for one in readers}, at=at)
    told: list[int] = []
    while found := letters(session, run.id, at, most=1):
        told += found
    assert sorted(told) == sorted(one.id for one in readers)


@pytest.mark.parametrize(
    ("many", "few"), [(Frequency.DAILY, Frequency.WEEKLY), (Frequency.WEEKLY, Frequency.DAILY)]
)
def test_more_readers_than_a_morning_carries_keep_none_of_the_others_waiting_for_good(
    session: Session, many: Frequency, few: Frequency
) -> None:
    crowd, one = [reader(session, many) for _ in range(8)], reader(session, few)
    run_id = make_lists(session, {each: [] for each in (*crowd, one)}, at=LATER).id
    looked = []
    for day in range(1, 31):
        digests.look_for_news(session, run_id=run_id, at=NOW + day * DAY, most=1)
        looked.append(session.get_one(Digest, one.id).looked_on)
    assert len(set(looked)) > 2, "looked for again and again"
    longest = max(Counter(looked).values())
    assert longest <= DAYS[few] + len(crowd) + DAYS[many]


def test_whoever_has_been_due_longest_comes_first(session: Session) -> None:
    daily, weekly = reader(session), reader(session, Frequency.WEEKLY)
    run_id = make_lists(session, {daily: [], weekly: []}, at=LATER).id
    digests.look_for_news(session, run_id=run_id, at=NOW + 7 * DAY, most=1)
    assert [session.get_one(Digest, one.id).looked_on - TODAY for one in (daily, weekly)] == [
        7 * DAY,
        0 * DAY,
    ]
    digests.look_for_news(session, run_id=run_id, at=NOW + 8 * DAY, most=1)
    assert [session.get_one(Digest, one.id).looked_on - TODAY for one in (daily, weekly)] == [
        7 * DAY,
        8 * DAY,
    ]


def test_two_workers_never_write_to_the_same_person(own_database: Engine) -> None:
    with Session(own_database) as session:
        readers = [reader(session) for _ in range(3)]
        run_id = make_lists(session, {one: [fresh(session)] for one in readers}, at=LATER).id
        session.commit()
    with Session(own_database) as first, Session(own_database) as second:
        second.execute(text("SET lock_timeout = '5s'"))
        told = [digests.look_for_news(one, run_id=run_id, at=LATER, most=2) for one in (first, second)]
        assert [found.people for found in told] == [2, 1]
        first.commit()
        second.commit()
    with Session(own_database) as session:
        assert len(session.scalars(select(DigestPosting)).all()) == 3


def test_who_stops_while_they_are_written_to_gets_no_letter(own_database: Engine) -> None:
    with session_scope(session_factory(own_database)) as session:
        graduate = reader(session)
        run_id = make_lists(session, {graduate: [fresh(session)]}, at=LATER).id

    def stop() -> None:
        with session_scope(session_factory(own_database)) as session:
            digests.choose_by_link(session, reader=graduate.id, frequency=Frequency.OFF, at=LATER)

    with ThreadPoolExecutor(1) as other, session_factory(own_database)() as worker:
        assert digests.look_for_news(worker, run_id=run_id, at=LATER, most=1).letters
        news = Letter("reader@example.com", "新岗位", "正文")
        whose = {"user_id": graduate.user_id, "purpose": Purpose.DIGEST}
        post_letter(worker, news, key=Settings().fernet_key, at=LATER, **whose)
        stopping = other.submit(stop)
        with pytest.raises(TimeoutError):
            stopping.result(timeout=0.5)
        worker.commit()
        stopping.result()
    with Session(own_database) as session:
        assert wish_of(session, graduate.id) is Frequency.OFF
        assert session.scalars(select(OutgoingLetter)).all() == []


def test_what_is_undone_is_done_by_the_next_turn(session: Session) -> None:
    graduate, posting = reader(session), fresh(session)
    run = make_lists(session, {graduate: [posting]}, at=LATER)
    killed = session.begin_nested()
    assert letters(session, run.id)
    killed.rollback()
    session.expire_all()
    assert letters(session, run.id) == {graduate.id: [posting.id]}
    assert letters(session, run.id) == {}


def test_the_consent_follows_the_wish_and_the_wish_the_consent(session: Session) -> None:
    graduate = reader(session)
    assert has_consent(session, graduate.user_id, Purpose.DIGEST)
    digests.choose(session, graduate=graduate, frequency=Frequency.WEEKLY, at=LATER)
    [given] = session.scalars(select(Consent).where(Consent.purpose == Purpose.DIGEST)).all()
    withdraw_consent(session, graduate=graduate, consent_id=given.id, at=LATER)
    assert given.withdrawn_at == LATER
    assert wish_of(session, graduate.id) is Frequency.OFF


def test_an_account_without_an_address_is_told_so(session: Session) -> None:
    graduate = make_graduate(session, user=make_user(session, email=None, mobile="19900000002"))
    with pytest.raises(digests.NoAddress):
        digests.choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    digests.choose(session, graduate=graduate, frequency=Frequency.OFF, at=NOW)
    assert not has_consent(session, graduate.user_id, Purpose.DIGEST)


def test_who_leaves_leaves_nothing_and_who_takes_their_record_along_has_it_all(session: Session) -> None:
    graduate, posting = reader(session), fresh(session)
    assert letters(session, make_lists(session, {graduate: [posting]}, at=LATER).id)
    record = everything_about(session, graduate)
    assert [one["frequency"] for one in record["digest"]] == [Frequency.DAILY]
    assert [one["posting"] for one in record["told"]] == [posting.title]
    erase(session, graduate=graduate, by=graduate.user, at=LATER)
    assert session.scalars(select(Digest)).all() == session.scalars(select(DigestPosting)).all() == []


@pytest.mark.parametrize(
    ("standing", "pressed", "then"),
    [
        (Frequency.DAILY, Frequency.OFF, Frequency.OFF),
        (Frequency.DAILY, Frequency.WEEKLY, Frequency.WEEKLY),
        (Frequency.DAILY, Frequency.DAILY, Frequency.DAILY),
        (Frequency.WEEKLY, Frequency.OFF, Frequency.OFF),
        (Frequency.WEEKLY, Frequency.DAILY, Frequency.WEEKLY),
        (Frequency.OFF, Frequency.DAILY, Frequency.OFF),
        (Frequency.OFF, Frequency.WEEKLY, Frequency.OFF),
        (None, Frequency.WEEKLY, None),
        (None, Frequency.OFF, None),
    ],
)
def test_a_link_only_ever_asks_for_less(session: Session, standing, pressed, then) -> None:
    graduate = make_graduate(session)
    if standing:
        digests.choose(session, graduate=graduate, frequency=standing, at=NOW)
    digests.choose_by_link(session, reader=graduate.id, frequency=pressed, at=LATER)
    assert wish_of(session, graduate.id) == then
    assert has_consent(session, graduate.user_id, Purpose.DIGEST) is (then in {"daily", "weekly"})


def test_a_link_names_its_reader_and_no_other_ones(session: Session) -> None:
    token = digests.link_token(7, secret="s")
    assert digests.reader_of(token, secret="s") == 7
    for odd in (token[:-1], token + "x", "", "7", digests.link_token(7, secret="another")):
        with pytest.raises(digests.DigestLinkUnknown):
            digests.reader_of(odd, secret="s")
