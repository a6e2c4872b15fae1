"""The same tests on SQLite and PostgreSQL: one migrated schema a run, one transaction a test."""

import dataclasses
import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
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


@pytest.fixture(scope="session", autouse=True)
def settled() -> Iterator[None]:
    """Look through memory once: a process does when its matching opens, and a run opens hundreds of them."""
    gc.collect()
    gc.freeze()
    with patch("webapp.services.matching._settle"):
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at the least cost."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with patch("webapp.services.accounts.HASHER", hasher):
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema the migrations make, from which others are copied."""
    path = tmp_path_factory.mktemp("database") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The same in PostgreSQL: the name of a database to which nobody is connected."""
    name = "migrated_template"
    with administrator(postgres_url) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_engine(postgres_url.replace("/postgres?", f"/{name}?"))
    upgrade(engine)
    engine.dispose()
    return name


@contextmanager
def administrator(postgres_url: str) -> Iterator[Connection]:
    """Connect to make and drop databases, which no transaction may do."""
    admin = open_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        yield connection
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite(sqlite_template: Path) -> Iterator[Engine]:
    """The SQLite database of the run."""
    engine = open_engine(f"sqlite:///{shutil.copy(sqlite_template, sqlite_template.with_name('test.db'))}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql(postgres_url: str) -> Iterator[Engine]:
    """The PostgreSQL database of the run."""
    engine = open_engine(postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The run's database of each kind, however often the tests change from one to the other."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


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


put_together_once = cache(put_together)


@pytest.fixture
def shared_app(engine: Engine) -> Flask:
    """The application of a database: its addresses and templates are compiled once for all tests."""
    return put_together_once(engine)


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
def own_database(postgres_url: str, postgres_template: str) -> Iterator[Engine]:
    """A PostgreSQL database of one test's own, for what needs real commits in several threads."""
    name = f"own_{id(object())}"
    with administrator(postgres_url) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    engine = open_engine(postgres_url.replace("/postgres?", f"/{name}?"), pool_size=60)
    yield engine
    engine.dispose()
    with administrator(postgres_url) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A database of one test's own, for real commits."""
    if request.param == "postgresql":
        yield request.getfixturevalue("own_database")
        return
    engine = open_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}")
    yield engine
    engine.dispose()
