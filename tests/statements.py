"""What is asked of the database meanwhile, and how PostgreSQL would go about it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

TRANSACTIONS = {"BEGIN", "RELEASE", "ROLLBACK", "SAVEPOINT"}


class Statement(NamedTuple):
    """One statement in one line, and what it was sent with."""

    sql: str
    parameters: Any


@contextmanager
def asking(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements sent meanwhile, but for those that only part transactions."""
    asked: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        words = sql.split()
        if words[0] not in TRANSACTIONS:
            asked.append(Statement(" ".join(words), parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(session: Session, statement: Statement) -> Mapping[str, Any]:
    """Return PostgreSQL's plan for a statement."""
    explained = session.connection().exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters
    )
    return explained.scalar_one()[0]["Plan"]


def scanned(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan reads from end to end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scanned(part)
