"""Kept sums held against the rows they were made from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models.base import Base


def differing(session: Session, table: type[Base], fresh: Sequence[Select[Any]]) -> list[str]:
    """Return where kept sums are not what ``fresh`` selects give now, as ``table key: kept, found``.

    The selects name the columns of the table's key first, then its sums.
    """
    names = [column.name for column in fresh[0].selected_columns]
    keys = sum(column.primary_key for column in table.__table__.c)
    kept_rows = session.execute(select(*(table.__table__.c[name] for name in names)))
    kept = {tuple(row[:keys]): tuple(row[keys:]) for row in kept_rows}
    made = {tuple(row[:keys]): tuple(row[keys:]) for one in fresh for row in session.execute(one)}
    return [
        f"{table.__tablename__} {key}: {kept.get(key)}, {made.get(key)}"
        for key in sorted(kept.keys() | made.keys())
        if kept.get(key) != made.get(key)
    ]
