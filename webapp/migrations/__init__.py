"""Schema migrations, configured in code: there is no alembic.ini."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


def configuration(engine: Engine) -> Config:
    """Return Alembic's configuration for one database."""
    config = _scripts()
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``; doing it twice changes nothing."""
    command.upgrade(configuration(engine), revision)


@cache
def newest() -> str | None:
    """Return the revision this version was written for."""
    return ScriptDirectory.from_config(_scripts()).get_current_head()


def knows(revision: str | None) -> bool:
    """Say whether this version can bring a database from ``revision`` to the newest one."""
    known = {one.revision for one in ScriptDirectory.from_config(_scripts()).walk_revisions()}
    return revision is None or revision in known


def revision_of(connection: Connection) -> str | None:
    """Return the revision a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
