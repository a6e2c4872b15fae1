"""Columns, said once for the page, the CSV and the workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any

from webapp.ui import filters


class Shown(StrEnum):
    """How a column's values are read."""

    TEXT = "text"
    NUMBER = "number"
    SMALL = "small"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"
    STATUS = "status"


NUMERIC = frozenset({Shown.NUMBER, Shown.SMALL, Shown.PERCENT})


@dataclass(frozen=True)
class Column:
    """One column: the key of its values, its heading (already translated), how it is shown.

    ``link`` gives the address a row's cell leads to; ``sortable`` makes the heading a link.
    """

    key: str
    heading: str
    shown: Shown = Shown.TEXT
    sortable: bool = False
    link: Callable[[Any], str | None] | None = None

    @property
    def numeric(self) -> bool:
        """Say whether values stand under one another as figures."""
        return self.shown in NUMERIC

    def value(self, row: Any) -> Any:
        """Return a row's value, from a mapping or an object."""
        return row[self.key] if isinstance(row, Mapping) else getattr(row, self.key)

    def text(self, row: Any) -> str:
        """Return a row's value as a person reads it."""
        return said(self.value(row), self.shown)

    def href(self, row: Any) -> str | None:
        """Return where a row's cell leads, if anywhere."""
        return self.link(row) if self.link else None


def said(value: Any, shown: Shown = Shown.TEXT) -> str:
    """Say one value in the reader's language; nothing is said as a dash."""
    if value is None or value == "":
        return "—"
    match shown:
        case Shown.NUMBER:
            return filters.thousands(value)
        case Shown.SMALL:
            return filters.small(value)
        case Shown.PERCENT:
            return filters.percent(value)
        case Shown.MOMENT:
            return filters.moment(value)
        case _:
            return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, Enum):
        return filters.label(value)
    if isinstance(value, (date, datetime)):
        return filters.full_date(value)
    return str(value)
