"""A bare application with our templates and no database."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask_login import LoginManager

from webapp.extensions import Platform, babel, bootstrap, csrf
from webapp.settings import Settings
from webapp.ui import templating


@pytest.fixture(scope="package")
def app() -> Flask:
    app = Flask("webapp")
    app.config.update(SECRET_KEY="tests", BOOTSTRAP_SERVE_LOCAL=True, WTF_CSRF_ENABLED=False)
    app.extensions["platform"] = Platform(settings=Settings(), engine=None, sessions=None, matching=None)
    babel.init_app(app, locale_selector=lambda: request.args.get("l", "zh_Hans_CN"))
    bootstrap.init_app(app)
    csrf.init_app(app)
    visitors = LoginManager(app)
    visitors.request_loader(lambda request: None)
    templating.register(app)
    app.add_url_rule("/", "pages.home", lambda: "")
    app.add_url_rule("/login", "auth.login", lambda: "")
    app.add_url_rule("/postings", "pages.postings", lambda: "")
    app.add_url_rule("/postings/<int:posting_id>", "pages.posting", lambda posting_id: "")
    return app


@pytest.fixture
def chinese(app: Flask) -> Iterator[None]:
    with app.test_request_context("/postings?kind=job&page=2"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/postings?l=en"):
        yield
