"""Numbers in addresses: those a table's key can hold, and no others."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest key of an integer column in PostgreSQL."""


class RowNumber(IntegerConverter):
    """A row's number; a larger one is the address of nothing, not a failure of the database."""

    def __init__(self, map: Map, *arguments: Any, **options: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map, *arguments, **{"max": LARGEST, **options})


def row_number(text: str) -> int:
    """Return a row's number from a query, or raise ``ValueError``."""
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(f"{text} numbers no row")
    return number
