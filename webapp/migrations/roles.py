"""The PostgreSQL role the platform logs in as: it may add to the ledger, never change it."""

from sqlalchemy import Engine, text

from webapp.domain.errors import PlatformError
from webapp.domain.words import N_

APPEND_ONLY = (
    "ledger_entry",
    "closed_month",
    "published_head",
    "count_facts",
    "confirmation",
    "published_figure",
    "post_entry",
    "report_snapshot",
)


class RoleNeedsPostgresql(PlatformError):
    """SQLite knows no roles; there the triggers alone stand guard."""

    message = N_("只有 PostgreSQL 有角色；SQLite 由触发器保证账本只能追加。")


def make_role(engine: Engine, *, name: str, password: str) -> None:
    """Make a login with the fewest rights, or bring an existing one up to date.

    It reads and writes every table except those that are only added to, where it may SELECT and INSERT;
    it owns nothing, so it can take no trigger away. Run by the owner of the tables, after each migration.
    """
    if engine.dialect.name != "postgresql":
        raise RoleNeedsPostgresql
    with engine.begin() as connection:
        quoted = engine.dialect.identifier_preparer.quote(name)
        word = connection.scalar(text("SELECT quote_literal(:password)"), {"password": password})
        known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name})
        kept = ", ".join(APPEND_ONLY)
        rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        for statement in (
            f"{'ALTER' if known else 'CREATE'} ROLE {quoted} {rights} PASSWORD {word}",
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"REVOKE ALL ON {kept}, alembic_version FROM {quoted}",
            f"GRANT SELECT, INSERT ON {kept} TO {quoted}",
            f"GRANT SELECT ON alembic_version TO {quoted}",
        ):
            connection.exec_driver_sql(statement.replace("%", "%%"))
