"""Letters about new postings as people meet them: offered once, chosen, stopped by one press."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.factories import (
    NOW,
    make_graduate,
    make_member,
    make_officer,
    make_posting,
    make_resume,
    make_user,
)
from webapp.app import create_app
from webapp.domain.consent import Purpose
from webapp.domain.digests import Frequency
from webapp.models import Consent, Digest
from webapp.queries.digests import wish_of
from webapp.services.consents import has_consent
from webapp.services.digests import choose, link_token
from webapp.services.erasure import erase
from webapp.settings import DEVELOPMENT_SECRET, Settings

LETTERS = "/graduate/privacy/letters"
OFFER = "有新发布的合适岗位时，可以发邮件告诉你。"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def graduate(session):
    graduate = make_graduate(session)
    make_resume(session, graduate)
    return graduate


def link(graduate) -> str:
    return f"/graduate/digests/{link_token(graduate.id, secret=DEVELOPMENT_SECRET)}"


def buttons(page: str) -> list[str]:
    """The wishes a page offers to press."""
    found = BeautifulSoup(page, "html.parser").select('main input[name="frequency"]')
    return [str(one["value"]) for one in found]


def test_it_is_off_until_it_is_chosen_and_every_choice_is_shown(session, visitor, graduate):
    client, email = visitor(graduate.user), graduate.user.email
    page = client.get("/graduate/privacy").text
    assert buttons(page) == ["daily", "weekly"]
    assert wish_of(session, graduate.id) is None
    for wish in ("weekly", "daily", "off"):
        answer = client.post(LETTERS, data={"frequency": wish})
        assert answer.headers["Location"] == "/graduate/privacy#letters"
        answer = client.get(answer.headers["Location"])
        assert buttons(answer.text) == [one for one in Frequency if one != wish]
        assert wish_of(session, graduate.id) == wish
        assert (email in answer.text) is (wish != "off")
        assert has_consent(session, graduate.user_id, Purpose.DIGEST) is (wish != "off")


@pytest.mark.parametrize("wish", ["", "hourly", "<script>", "off' OR 1=1", "长" * 60_000, "\0", "OFF"])
def test_an_odd_wish_changes_nothing(session, visitor, graduate, wish: str):
    assert visitor(graduate.user).post(LETTERS, data={"frequency": wish}).status_code == 400
    assert wish_of(session, graduate.id) is None


def test_only_graduates_choose(session, visitor, graduate):
    for user in (make_member(session).user, make_officer(session).user):
        assert visitor(user).post(LETTERS, data={"frequency": "daily"}).status_code == 403
    assert visitor().post(LETTERS, data={"frequency": "daily"}).status_code == 302
    assert session.scalars(select(Digest)).all() == []


def test_it_is_offered_in_one_line_until_something_is_said(session, visitor, graduate):
    make_posting(session, valid_until_on=None)
    client = visitor(graduate.user)
    assert client.get("/graduate/matches").text.count(OFFER) == 1
    answer = client.post(LETTERS, data={"frequency": "off", "next": "/graduate/matches?page=1"})
    assert answer.headers["Location"] == "/graduate/matches?page=1"
    assert OFFER not in client.get("/graduate/matches").text
    assert wish_of(session, graduate.id) is Frequency.OFF


@pytest.mark.parametrize("without", ["address", "resume", "personalisation"])
def test_it_is_not_offered_where_it_would_come_to_nothing(session, visitor, without: str):
    make_posting(session, valid_until_on=None)
    mobile = {"email": None, "mobile": "19900000009"} if without == "address" else {}
    graduate = make_graduate(
        session, user=make_user(session, **mobile), personalised=without != "personalisation"
    )
    if without != "resume":
        make_resume(session, graduate)
    assert OFFER not in visitor(graduate.user).get("/graduate/matches").text


def test_an_account_without_an_address_is_told_so(session, visitor):
    graduate = make_graduate(session, user=make_user(session, email=None, mobile="19900000008"))
    client = visitor(graduate.user)
    page = client.get("/graduate/privacy").text
    assert "没有邮箱，暂时收不到" in page
    assert buttons(page) == []
    refused = client.post(LETTERS, data={"frequency": "daily"})
    assert refused.status_code == 409
    assert "没有邮箱" in refused.text


def test_withdrawing_the_consent_stops_the_letters(session, visitor, graduate):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    given = session.scalars(select(Consent.id).where(Consent.purpose == Purpose.DIGEST)).one()
    client = visitor(graduate.user)
    address = f"/graduate/privacy/consents/{given}/withdraw"
    assert address in client.get("/graduate/privacy").text
    assert "不再给你发新岗位邮件" in client.get(address).text
    client.post(address)
    assert wish_of(session, graduate.id) is Frequency.OFF


def test_opening_the_link_of_a_letter_changes_nothing(session, visitor, graduate):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    email = graduate.user.email
    for method in ("GET", "HEAD"):
        assert visitor().open(f"{link(graduate)}?frequency=off", method=method).status_code == 200
    page = visitor().get(link(graduate)).text
    assert buttons(page) == ["off", "weekly"]
    assert graduate.name not in page
    assert email not in page
    assert wish_of(session, graduate.id) is Frequency.DAILY


def test_the_page_of_a_link_knows_who_is_signed_in(session, visitor, graduate):
    user = graduate.user
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    page = visitor().get(link(graduate)).text
    assert "登录后改设置" in page
    page = visitor(user).get(link(graduate)).text
    assert "登录后" not in page
    current = BeautifulSoup(page, "html.parser").select('nav [aria-current="page"]')
    assert [one.text for one in current] == ["资料"]


def test_one_press_stops_and_another_asks_for_less(session, visitor, graduate):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    less = visitor().post(link(graduate), data={"frequency": "weekly"})
    assert (less.status_code, buttons(less.text)) == (200, ["off"])
    assert wish_of(session, graduate.id) is Frequency.WEEKLY
    for _ in range(2):
        stopped = visitor().post(link(graduate), data={"frequency": "off"})
        assert (stopped.status_code, buttons(stopped.text)) == (200, [])
        assert "已经停了" in stopped.text
    assert wish_of(session, graduate.id) is Frequency.OFF
    for more in ("daily", "weekly"):
        assert visitor().post(link(graduate), data={"frequency": more}).status_code == 200
    assert wish_of(session, graduate.id) is Frequency.OFF
    assert not has_consent(session, graduate.user_id, Purpose.DIGEST)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_stops_by_one_click_and_is_led_nowhere_else(session, visitor, graduate, kind: str):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    answer = visitor().post(link(graduate), data=ONE_CLICK, content_type=kind)
    assert answer.status_code == 200
    assert wish_of(session, graduate.id) is Frequency.OFF


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"frequency": "never"}])
def test_a_press_that_says_nothing_changes_nothing(session, visitor, graduate, data):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    answer = visitor().post(link(graduate), data=data)
    assert (answer.status_code, buttons(answer.text)) == (200, ["off", "weekly"])
    assert wish_of(session, graduate.id) is Frequency.DAILY


def test_a_changed_link_opens_nothing(session, visitor, graduate):
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    for odd in (link(graduate)[:-1], f"{link(graduate)}x", "/graduate/digests/1"):
        for answer in (visitor().get(odd), visitor().post(odd, data=ONE_CLICK)):
            assert answer.status_code == 404
            assert "这个链接不完整" in answer.text
    assert wish_of(session, graduate.id) is Frequency.DAILY


def test_the_link_of_somebody_who_left_or_never_asked_gets_a_calm_answer(session, visitor, graduate):
    stranger = make_graduate(session)
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    erase(session, graduate=graduate, by=graduate.user, at=NOW)
    for one in (graduate, stranger):
        assert "现在不发新岗位邮件" in visitor().get(link(one)).text
        assert visitor().post(link(one), data=ONE_CLICK).status_code == 200
    assert session.scalars(select(Digest)).all() == []


@pytest.fixture
def guarded(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The platform as it is served: forms need their token."""
    file = shutil.copy(sqlite_template, tmp_path / "own.db")
    app = create_app(Settings(database_url=f"sqlite:///{file}", snapshots=tmp_path, rate_limits=False))
    yield app
    app.extensions["platform"].engine.dispose()


def test_a_press_needs_neither_session_nor_token_where_all_other_forms_do(guarded: Flask):
    sessions = guarded.extensions["platform"].sessions
    with sessions() as session, session.begin():
        graduate = make_graduate(session)
        choose(session, graduate=graduate, frequency=Frequency.WEEKLY, at=NOW)
        address = link(graduate)
    client = guarded.test_client(use_cookies=False)
    assert client.post(address, data=ONE_CLICK).status_code == 200
    assert client.post(LETTERS, data={"frequency": "weekly"}).status_code == 400
    with sessions() as session:
        assert wish_of(session, graduate.id) is Frequency.OFF
