"""The role the platform logs in as on PostgreSQL can add to the ledger, and nothing more."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.counted import make_counted
from tests.factories import NOW, make_officer, make_period
from webapp.database import open_engine
from webapp.domain.retention import Cause
from webapp.migrations.roles import APPEND_ONLY, make_role
from webapp.models import Base, LedgerEntry
from webapp.services import closing, ledger
from webapp.services.ledger import verify_chain

NAME = 'platform of "tests"'
PASSWORD = "it's 100% %(secret)s"


@pytest.fixture
def platform(own_database: Engine) -> Iterator[Engine]:
    """The same database, entered by the role; made twice, as after each migration."""
    for _ in range(2):
        make_role(own_database, name=NAME, password=PASSWORD)
    engine = open_engine(own_database.url.set(username=NAME, password=PASSWORD))
    yield engine
    engine.dispose()
    with own_database.begin() as connection:
        connection.execute(text('DROP OWNED BY "platform of ""tests"""'))
        connection.execute(text('DROP ROLE "platform of ""tests"""'))


def test_the_platform_works_as_the_role(platform: Engine) -> None:
    with Session(platform) as session:
        make_period(session)
        claim = make_counted(session)
        officers = [make_officer(session).user_id for _ in range(2)]
        taken = {"first_id": officers[0], "second_id": officers[1]}
        ledger.cancel_count(session, seq=1, cause=Cause.R1, at=NOW, **taken)
        closing.close_month(session, month="2026-05", at=NOW)
        session.commit()
        assert verify_chain(session) == []
        assert session.scalars(select(LedgerEntry.placement_id)).all() == [claim.id, claim.id]


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE {0} SET {1} = {1}",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
        "DROP TABLE {0} CASCADE",
        "ALTER TABLE {0} DISABLE TRIGGER USER",
    ],
)
def test_the_role_changes_nothing_that_was_written(platform: Engine, table: str, deed: str) -> None:
    column = Base.metadata.tables[table].columns[0].name
    with platform.connect() as connection, pytest.raises(ProgrammingError, match=r"permission|must be owner"):
        connection.execute(text(deed.format(table, column)))


def test_the_role_cannot_put_the_triggers_to_sleep_or_give_itself_rights(platform: Engine) -> None:
    for deed in ("SET session_replication_role = replica", "CREATE TABLE own (id int)", "CREATE ROLE other"):
        with platform.connect() as connection, pytest.raises(ProgrammingError, match="permission"):
            connection.execute(text(deed))
