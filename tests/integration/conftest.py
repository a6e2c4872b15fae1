"""The same tests on SQLite and PostgreSQL: one migrated schema a run, one transaction a test."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from matcher.engine import MatchingEngine
from webapp.database import open_engine
from webapp.migrations import upgrade
from webapp.models import User
from webapp.services.matching import Matching
from webapp.settings import ROOT, Settings


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the schema the migrations make."""
    engine = open_engine(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One connection in one transaction that is undone after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session whose commits are real to the test and gone after it."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def matching_parts() -> MatchingEngine:
    """The bundled encoder and vocabulary, opened once."""
    return MatchingEngine.open(ROOT / "data", Settings().encoder)


@pytest.fixture
def matching(matching_parts: MatchingEngine) -> Matching:
    """An empty matching that shares the opened encoder."""
    return Matching(encoder=Settings().encoder, engine=matching_parts.emptied())


def put_together(engine: Engine) -> Flask:
    """The application on a database, with forms that need no token."""
    from webapp.app import create_app

    settings = Settings(database_url=engine.url.render_as_string(hide_password=False), rate_limits=False)
    application = create_app(settings)
    application.config.update(TESTING=False, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    application.extensions["platform"].engine.dispose()
    return application


@pytest.fixture(scope="session")
def shared_app(engine: Engine) -> Flask:
    """The application, put together once: its addresses and templates are compiled for all tests."""
    return put_together(engine)


@pytest.fixture
def app(
    shared_app: Flask, connection: Connection, engine: Engine, matching: Matching, tmp_path: Path
) -> Iterator[Flask]:
    """The application inside the test's transaction; what a test sets on it is gone after it."""
    platform = shared_app.extensions["platform"]
    parts = dataclasses.replace(
        platform,
        settings=dataclasses.replace(
            platform.settings, snapshots=tmp_path, erasures=tmp_path / "erasures.txt"
        ),
        engine=engine,
        sessions=sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False),
        matching=matching,
    )
    with patch.dict(shared_app.extensions, platform=parts), patch.dict(shared_app.config):
        yield shared_app


class Visitor(FlaskClient):
    """A test client that commits the test's own session first and forgets what it has read."""

    session: Session

    def open(self, *args: object, **kwargs: object):
        self.session.commit()
        response = super().open(*args, **kwargs)
        self.session.expire_all()
        return response

    def log_in(self, user: User) -> "Visitor":
        """Continue as this person."""
        with self.session_transaction() as cookie:
            cookie["_user_id"] = f"{user.id}.{user.session_version}"
            cookie["_fresh"] = True
        return self


@pytest.fixture
def visitor(app: Flask, session: Session) -> Callable[..., Visitor]:
    """Make clients: ``visitor()`` is nobody, ``visitor(user)`` is logged in."""

    def make(user: User | None = None) -> Visitor:
        app.test_client_class = type("Guest", (Visitor,), {"session": session})
        client = app.test_client()
        session.flush()
        return client.log_in(user) if user else client

    return make


@pytest.fixture
def client(visitor: Callable[..., Visitor]) -> Visitor:
    """A client that is nobody."""
    return visitor()


@pytest.fixture
def own_database(postgres_url: str) -> Iterator[Engine]:
    """A PostgreSQL database of one test's own, for what needs real commits in several threads."""
    admin = open_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"own_{id(object())}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_engine(postgres_url.replace("/postgres?", f"/{name}?"), pool_size=60)
    upgrade(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of one test's own, for real commits."""
    if request.param == "postgresql":
        yield request.getfixturevalue("own_database")
        return
    engine = open_engine(f"sqlite:///{tmp_path / 'own.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()
