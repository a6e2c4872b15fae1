"""What goes wrong is said on a page, also to somebody who is logged in and after the database refused."""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests import factories as make
from tests.integration.conftest import put_together
from webapp.auth.access import public
from webapp.domain.errors import Conflict
from webapp.errors import SENTENCES
from webapp.models import User
from webapp.unit_of_work import db


def nonsense() -> str:
    db().execute(text("SELECT nonsense"))
    return "never"


def twice() -> str:
    user = db().get_one(User, 1)
    db().add(
        User(
            **{name: getattr(user, name) for name in ("role", "email", "name", "password_hash", "created_at")}
        )
    )
    db().flush()
    return "never"


@pytest.fixture
def shared_app(engine: Engine) -> Flask:
    """An application that has not answered yet, and so takes another address."""
    return put_together(engine)


@pytest.mark.parametrize(
    ("view", "said"), [(nonsense, (500, SENTENCES[500])), (twice, (409, Conflict.message))]
)
def test_a_refusal_of_the_database_reads_as_a_page(app, session, visitor, view, said):
    app.add_url_rule("/fails", view_func=public(view))
    user = session.get(User, 1) or make.make_user(session, id=1)
    response = visitor(user).get("/fails")
    status, sentence = said
    assert response.status_code == status
    assert sentence in response.text
    assert user.name in response.text
