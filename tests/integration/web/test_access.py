"""Every route says whom it is for, and everybody else is refused."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import make_graduate, make_member, make_officer
from webapp.auth.access import EVERYONE, STATIC
from webapp.domain.roles import Role, Scope


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC]


def address(app: Flask, rule: Rule) -> str:
    """Return the rule's address with made-up values: who may not come in must not learn what exists."""
    values = {
        name: 1 if "int" in type(rule._converters[name]).__name__.lower() else "x" for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods))


def test_every_route_declares_its_audience(app: Flask):
    undeclared = [
        rule.endpoint for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "audience")
    ]
    assert undeclared == []


def test_nobody_is_asked_to_log_in_before_anything_that_is_not_public(app: Flask, visitor):
    client = visitor()
    for rule in rules(app):
        if app.view_functions[rule.endpoint].audience == EVERYONE:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            response = client.open(address(app, rule), method=method)
            assert response.status_code == 302, rule
            assert "/login" in response.headers["Location"], rule


@pytest.mark.parametrize("role", Role)
def test_each_audience_is_refused_by_the_pages_of_the_others(app: Flask, session, visitor, role: Role):
    people = {
        Role.GRADUATE: lambda: make_graduate(session).user,
        Role.EMPLOYER: lambda: make_member(session).user,
        Role.OFFICER: lambda: make_officer(session).user,
    }
    client = visitor(people[role]())
    for rule in rules(app):
        audience = app.view_functions[rule.endpoint].audience
        if audience == EVERYONE or role in audience:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert client.open(address(app, rule), method=method).status_code == 403, (role, method, rule)


@pytest.mark.parametrize("scope", [Scope.STATION, Scope.AUDITOR, Scope.UNIT])
def test_officers_of_other_scopes_are_refused(app: Flask, session, visitor, scope: Scope):
    reach = {Scope.UNIT: {"unit": "WH-DHGX"}, Scope.STATION: {"institution_code": "4142010486"}}.get(
        scope, {}
    )
    client = visitor(make_officer(session, scope, **reach).user)
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if Role.OFFICER not in view.audience or scope in view.scopes:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert client.open(address(app, rule), method=method).status_code == 403, (scope, method, rule)


def test_a_form_without_its_token_is_refused(app: Flask, visitor):
    app.config["WTF_CSRF_ENABLED"] = True
    response = visitor().post("/login", data={"login": "a@example.com", "password": "x"})
    assert response.status_code == 400
    assert "表单已过期" in response.text


def test_every_answer_carries_the_protecting_headers(visitor):
    response = visitor().get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
