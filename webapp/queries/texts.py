"""Words asked for, in ways an index can answer."""

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

LAST_SIGN = "\U0010ffff"
MOST_NAMED = 300
"""A list by name looks at no more names than this: so many ask for a longer word."""


def begins(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Say in SQL that a column begins with a text, by an index over it."""
    return and_(column >= text, column < text + LAST_SIGN)
