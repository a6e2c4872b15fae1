"""Whatever people do and whatever goes wrong, the log names nobody."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories as make
from tests.stories import begin, identify
from webapp import logs
from webapp.domain.pipeline import Stage
from webapp.domain.roles import MemberRole, Scope
from webapp.models import User

NAME, MOBILE, MAIL, NUMBER = "欧阳不外传", "13912345678", "secret.person@example.com", "360426199101010071"
PERSONAL = (NAME, MOBILE, MAIL, "secret.person", NUMBER, "一句容易记住的话", "不应外传的简历内容")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything a process in production writes down."""
    root, kept = logging.getLogger(), io.StringIO()
    before, level = root.handlers, root.level
    logs.configure(production=True)
    root.handlers[0].setStream(kept)  # type: ignore[attr-defined]
    yield kept
    root.handlers, root.level = before, level
    structlog.reset_defaults()


@pytest.fixture
def person(session: Session) -> User:
    return make.make_user(session, name=NAME, email=MAIL, mobile=MOBILE)


def test_every_page_of_every_audience_is_logged_without_naming_anybody(
    app: Flask, session: Session, visitor, person: User, lines: io.StringIO
) -> None:
    graduate = make.make_graduate(session, user=person)
    make.make_resume(session, graduate, text=f"{NAME} 不应外传的简历内容")
    identify(session, graduate, NUMBER)
    story = begin(session, graduate=graduate).tell_until(Stage.OFFER_MADE)
    readers = [
        visitor(),
        visitor(person),
        visitor(story.employer_user),
        *(visitor(make.make_officer(session, scope).user) for scope in (Scope.CITY, Scope.AUDITOR)),
    ]
    plain = [rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in rule.methods]
    for reader in readers:
        for rule in plain:
            reader.get(rule.rule, query_string={"q": NAME, "login": MAIL})
    told = lines.getvalue()
    assert told.count('"event": "request"') > len(plain)
    assert not [word for word in PERSONAL if word in told]


def test_what_people_type_is_not_logged(session: Session, visitor, person: User, lines: io.StringIO) -> None:
    employer = make.make_employer(session)
    owner = make.make_member(session, employer, role=MemberRole.OWNER).user
    typed = {"login": MAIL, "email": MAIL, "name": NAME, "mobile": MOBILE, "password": "一句容易记住的话"}
    for path in ("/login", "/register", "/register/graduate", "/password/forgot"):
        visitor().post(path, data=typed)
    visitor(owner).post("/employer/members/invite", data=typed)
    visitor(make.make_officer(session).user).post("/officer/officers", data=typed | {"scope": "city"})
    mine = visitor(make.make_graduate(session, user=person).user)
    mine.post("/graduate/profile", data=typed | {"number": NUMBER, "doc_type": "identity_card"})
    mine.post("/graduate/resume", data={"text": f"{NAME}，电话 {MOBILE}，不应外传的简历内容"})
    mine.get(f"/password/reset/{NUMBER}")
    told = lines.getvalue()
    assert '"event": "request"' in told
    assert not [word for word in PERSONAL if word in told]


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"cannot read {NAME} {MOBILE}"),
        IntegrityError("INSERT", {"email": MAIL}, Exception(f"Key (email)=({MAIL}) already exists")),
    ],
)
def test_a_failure_is_logged_by_its_kind_and_place_not_by_its_words(
    app: Flask, visitor, monkeypatch: pytest.MonkeyPatch, lines: io.StringIO, error: Exception
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setitem(app.view_functions, "pages.robots", fails)
    fails.audience = frozenset()  # type: ignore[attr-defined]
    assert visitor().get("/robots.txt").status_code in {409, 500}
    told = lines.getvalue()
    assert f'"error": "{type(error).__name__}"' in told
    assert "test_logs.py" in told
    assert not [word for word in PERSONAL if word in told]


def test_a_task_that_fails_is_logged_by_its_kind_alone(lines: io.StringIO) -> None:
    error = ValueError(f"{NAME} {NUMBER}")
    logging.getLogger("huey").error("Unhandled exception in task %s.", "one", exc_info=error)
    told = lines.getvalue()
    assert '"error": "ValueError"' in told
    assert NAME not in told
