"""Writing millions of rows: COPY on PostgreSQL, one prepared statement on SQLite, indexes made last."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from webapp.models import Base

CACHE_KIB = 512 * 1024
"""SQLite's page cache while it is filled: with less, every page is written many times over."""

Row = Mapping[str, Any]
Prepare = Callable[[Any], Any] | None


class Bulk:
    """Writes rows past the unit of work, each value prepared by its column's own type."""

    def __init__(self, session: Session) -> None:
        self._connection: Connection = session.connection()
        if not self.is_postgresql:
            self._connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")

    @property
    def is_postgresql(self) -> bool:
        """Say which of the two databases this is."""
        return self._connection.dialect.name == "postgresql"

    def write(self, model: type[Base], rows: Sequence[Row]) -> None:
        """Insert rows that all name the same columns."""
        if not rows:
            return
        table = cast("Table", model.__table__)
        names = [*rows[0]]
        prepared = self._prepared(table, names, rows)
        columns = ", ".join(f'"{name}"' for name in names)
        if self.is_postgresql:
            cursor = self._connection.connection.cursor()
            with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(names))
            self._connection.exec_driver_sql(
                f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})',  # noqa: S608 - our own names
                list(prepared),
            )

    @contextmanager
    def without_indexes(self, *models: type[Base]) -> Iterator[None]:
        """Take the tables' indexes away while they are filled, and make them anew from the sorted rows."""
        tables = [cast("Table", model.__table__) for model in models]
        indexes = [
            index for table in tables for index in sorted(table.indexes, key=lambda one: one.name or "")
        ]
        for index in indexes:
            index.drop(self._connection, checkfirst=True)
        yield
        for index in indexes:
            index.create(self._connection)

    def settle(self, *models: type[Base]) -> None:
        """Put the counters of ids behind what was written, and tell the planner how much there is."""
        if self.is_postgresql:
            for model in models:
                name = cast("Table", model.__table__).name
                self._connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), MAX(id)) FROM \"{name}\""  # noqa: S608
                )
        self._connection.exec_driver_sql("ANALYZE")

    def _prepared(self, table: Table, names: Sequence[str], rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
        dialect = self._connection.dialect
        steps: list[tuple[int, Callable[[Any], Any]]] = []
        for place, name in enumerate(names):
            prepare: Prepare = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
            if prepare is not None:
                steps.append((place, prepare))
        for row in rows:
            values = list(row.values())
            for place, prepare in steps:
                values[place] = prepare(values[place])
            yield tuple(values)
