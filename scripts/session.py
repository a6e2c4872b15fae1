"""A command's transaction and the settings it runs under."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from webapp.database import open_engine, reading_scope, session_factory, session_scope
from webapp.settings import Settings


def settings() -> Settings:
    """Return the settings of the environment."""
    return Settings.from_environment()


def engine() -> Engine:
    """Connect to the installation's database, making the folder of a SQLite file."""
    url = make_url(settings().database_url)
    if url.drivername.startswith("sqlite") and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return open_engine(settings().database_url)


@contextmanager
def open_session() -> Iterator[Session]:
    """Give a command one transaction: committed at the end, rolled back on any error."""
    with session_scope(session_factory(engine())) as session:
        yield session


@contextmanager
def open_reading() -> Iterator[Session]:
    """Give a command one unmoving view of the database; long walks keep nobody from writing."""
    with reading_scope(engine()) as session:
        yield session
