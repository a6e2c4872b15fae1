"""How many rows there are, as far as anybody wants to know."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session


def counted_up_to(session: Session, rows: Select[Any], most: int) -> int:
    """Return how many rows there are, looking at no more than ``most`` of them."""
    few = rows.limit(most).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0
