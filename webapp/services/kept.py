"""Sums that a chore makes anew and a page only reads, dated with the moment they were made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, literal
from sqlalchemy.orm import Session


def remake(session: Session, table: Any, fresh: Sequence[Select[Any]], *, at: datetime) -> None:
    """Write a table of sums anew from ``fresh`` selects, which name its columns but for ``built_at``."""
    session.flush()
    session.execute(delete(table))
    for sums in fresh:
        columns = [*(column.name for column in sums.selected_columns), "built_at"]
        dated = sums.add_columns(literal(at, table.built_at.type))
        session.execute(insert(table).from_select(columns, dated))
    session.expire_all()
