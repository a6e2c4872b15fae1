"""Engine, sessions and the column types both databases share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, Engine, Enum, TypeDecorator, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a session: a request's own, or one that commits when left."""

_LATER = "when committed"


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return what a value of the column is."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse an instant without a zone, store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[StrEnum], name: str) -> Enum:
    """Store an enum by value with a CHECK called ``name``, the same on both databases."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )


def open_engine(url: str, **options: Any) -> Engine:
    """Connect to SQLite or PostgreSQL with the settings the platform relies on."""
    engine = create_engine(url, pool_pre_ping=True, json_deserializer=orjson.loads, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows a statement, not one
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    """Turn on what SQLite leaves off: foreign keys, readers beside a writer, honest BEGIN."""
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "busy_timeout=15000",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at once: a reader that turns writer late is refused, not queued."""
    reads = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions; rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def transactions(engine: Engine) -> Transaction:
    """Return what opens transactions one after another: each committed when left, undone on any error."""
    return partial(session_scope, session_factory(engine))


@contextmanager
def reading_scope(engine: Engine) -> Iterator[Session]:
    """Give one unmoving view of the whole database, however long the reading takes; nobody waits for it."""
    options: dict[str, Any] = {"reads_only": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options)) as session:
        yield session


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Give background work an engine of its own, closed at the end."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction_on(url: str) -> Iterator[Session]:
    """Give background work one transaction on an engine of its own."""
    with opened(url) as engine, session_scope(session_factory(engine)) as session:
        yield session


@contextmanager
def session_scope(factory: sessionmaker[Session]) -> Iterator[Session]:
    """Give a command one transaction: committed at the end, rolled back on any error."""
    with factory() as session, session.begin():
        yield session


def when_committed(session: Session, act: Callable[[], object]) -> None:
    """Do something once the session's transaction stands, nothing if it is undone; no savepoint counts."""
    acts = session.info.get(_LATER)
    if acts is None:
        acts = session.info[_LATER] = []
        event.listen(session, "after_commit", _do_later)
        event.listen(session, "after_rollback", _forget_later)
    acts.append(act)


def _do_later(session: Session) -> None:
    if session.in_nested_transaction():
        return
    acts, session.info[_LATER] = session.info[_LATER], []
    for act in acts:
        act()


def _forget_later(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[_LATER] = []
