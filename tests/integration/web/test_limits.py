"""How often anybody may try: people are told apart, also where a whole school has one address."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import make_graduate
from webapp.app import create_app
from webapp.extensions import limiter
from webapp.models import User
from webapp.settings import Settings

WRONG = {"login": "somebody@example.com", "password": "不是这一句"}


@pytest.fixture
def limited(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The platform with its limits, nobody counted yet."""
    file = shutil.copy(sqlite_template, tmp_path / "own.db")
    with patch.dict(vars(limiter)):
        app = create_app(Settings(database_url=f"sqlite:///{file}", snapshots=tmp_path))
        app.config.update(WTF_CSRF_ENABLED=False)
        yield app
        app.extensions["platform"].engine.dispose()


def person(app: Flask):
    """A client that is a graduate of their own."""
    with app.extensions["platform"].sessions() as session, session.begin():
        user: User = make_graduate(session).user
        cookie = f"{user.id}.{user.session_version}"
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = cookie
    return client


def test_two_people_behind_one_address_do_not_use_up_each_others_limit(limited: Flask) -> None:
    first, second = person(limited), person(limited)
    codes = [first.get("/graduate/privacy/export.json").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    assert second.get("/graduate/privacy/export.json").status_code == 200


def test_an_account_is_protected_however_its_name_is_written_and_its_neighbours_go_on(limited: Flask) -> None:
    client = limited.test_client()
    names = ("13800000000", "+86 138 0000 0000", "１３８００００００００")
    tries = [client.post("/login", data=WRONG | {"login": names[number % 3]}) for number in range(11)]
    assert [one.status_code for one in tries] == [200] * 10 + [429]
    assert client.post("/login", data=WRONG).status_code == 200


def test_a_fair_may_log_in_behind_one_address(limited: Flask) -> None:
    joined = {"name": "张三", "login": "a@example.com", "password": "一句容易记住的话", "consent": "y"}
    assert limited.test_client().post("/register", data=joined).status_code == 302
    codes = {limited.test_client().post("/login", data=joined).status_code for _ in range(61)}
    assert codes == {302}


def test_a_form_with_errors_uses_up_no_letters(limited: Flask) -> None:
    client = limited.test_client()
    assert {client.post("/password/forgot", data={"login": ""}).status_code for _ in range(6)} == {200}
    sent = [client.post("/password/forgot", data={"login": "a@example.com"}) for _ in range(6)]
    assert [one.status_code for one in sent] == [302] * 5 + [429]


def test_links_of_letters_are_pressed_so_often_from_one_address_and_opened_as_often_as_anybody_likes(
    limited: Flask,
) -> None:
    client, link = limited.test_client(), "/graduate/digests/made-up"
    pressed = [client.post(link).status_code for _ in range(301)]
    assert pressed == [404] * 300 + [429]
    assert client.get(link).status_code == 404


def test_whoever_was_too_quick_reads_how_long_and_loses_nothing_but_the_password(limited: Flask) -> None:
    client = limited.test_client()
    answers = [client.post("/login?next=/postings", data=WRONG) for _ in range(11)]
    page = BeautifulSoup(answers[-1].text, "html.parser")
    assert int(answers[-1].headers["Retry-After"]) > 13 * 60
    assert "15 分钟后再试" in page.text
    form = page.find("form", action="/login?next=/postings")
    assert {one["name"]: one["value"] for one in form.find_all("input")} == {"login": WRONG["login"]}
