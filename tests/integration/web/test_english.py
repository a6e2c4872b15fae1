"""Whoever chose English reads English on every page: Chinese is left to names and to what people wrote."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from webapp.clock import today
from webapp.domain.roles import Role, Scope
from webapp.models import User

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
HIDDEN = re.compile(r"<head>.*?</head>|<input [^>]*>|<textarea.*?</textarea>", re.DOTALL)
OURS = re.compile("学子留汉|中文|武汉市公共就业服务机构（演示）|光谷 数据分析 实习 能转正|武汉理工大学")
"""The platform's name, the other language, the operator, and examples of what is typed in Chinese."""


def a_graduate(session: Session) -> User:
    user = factories.make_user(session, name="Lin")
    factories.make_graduate(session, user=user, major_name="Law", institution_code=None, wanted=["Lawyer"])
    return user


def an_employer(session: Session) -> User:
    employer = factories.make_employer(session, name="Acme", address="1 Road")
    member = factories.make_member(session, employer)
    member.user.name = "Mei"
    return member.user


def an_officer(session: Session) -> User:
    officer = factories.make_officer(session, Scope.CITY)
    officer.user.name = "Wang"
    return officer.user


PEOPLE: dict[Role | None, Callable[[Session], User] | None] = {
    None: None,
    Role.GRADUATE: a_graduate,
    Role.EMPLOYER: an_employer,
    Role.OFFICER: an_officer,
}


def addresses(app: Flask, role: Role | None) -> list[str]:
    """Return the pages without parameters that a role may open."""
    wanted = frozenset({role} if role else ())
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.arguments
        and getattr(app.view_functions[rule.endpoint], "audience", None) == wanted
    )


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_hold_no_chinese_of_ours_for_an_english_reader(app: Flask, session: Session, visitor, role):
    factories.make_period(session)
    person = PEOPLE[role](session) if role else None
    reader = visitor(person)
    with reader.session_transaction() as cookie:
        cookie["language"] = "en"
    told = {}
    for address in [*addresses(app, role), "/no-such-page"]:
        answer = reader.get(address)
        if answer.mimetype == "text/html" and answer.status_code != 302:
            text = OURS.sub("", HIDDEN.sub("", unescape(answer.text)))
            told[address] = CHINESE.findall(text)
    assert len(told) > 5
    assert {address: found for address, found in told.items() if found} == {}


def test_an_english_reader_keeps_chinese_names_as_they_are(session: Session, visitor):
    later = today() + timedelta(days=30)
    employer = factories.make_employer(session, verified_until_on=later)
    posting = factories.make_posting(session, employer, title="软件工程师", valid_until_on=later)
    reader = visitor()
    with reader.session_transaction() as cookie:
        cookie["language"] = "en"
    page = reader.get(f"/postings/{posting.id}").text
    assert "软件工程师" in page
    assert posting.employer.name in page
