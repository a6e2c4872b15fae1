"""Endless lists a page at a time by the key of the last row: the millionth row costs what the first does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.queries.counting import counted_up_to

T = TypeVar("T")
Key = InstrumentedAttribute[Any]
MOST_COUNTED = 1000
"""A longer list is said to have more than so many rows: nobody waits for an exact number."""
SIGN = "~"
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class KeyPage(Generic[T]):
    """Some rows of a longer list; ``before`` and ``after`` are the keys of the pages beside it."""

    items: Sequence[T]
    before: str | None
    after: str | None
    counted: int

    @property
    def more(self) -> bool:
        """Say whether the list is longer than was counted."""
        return self.counted > MOST_COUNTED

    @property
    def total(self) -> int:
        """Return the number of rows, or how many there are at least."""
        return min(self.counted, MOST_COUNTED)


def key_page(
    session: Session,
    rows: Select[Any],
    *,
    by: Sequence[Key],
    falling: bool = False,
    size: int = 20,
    read: Callable[[Any], T] | None = None,
    counted: int | None = None,
) -> KeyPage[T]:
    """Return the page of the address's ``after`` or ``before``; an odd key means the first page.

    ``by`` are the columns the list is ordered by, never empty in a row and one of them unique; an
    index over them makes any page as quick as the first. ``counted`` is the number of rows where it is known.
    """
    after, before = _asked("after", by), _asked("before", by)
    backwards = before is not None and after is None
    key, down = before if backwards else after, falling != backwards
    wanted = rows.order_by(None).order_by(*(column.desc() if down else column for column in by))
    if key is not None:
        there = tuple_(*(literal(part, column.type) for part, column in zip(key, by, strict=True)))
        wanted = wanted.where(tuple_(*by) < there if down else tuple_(*by) > there)
    found = session.execute(wanted.limit(size + 1)).all()
    further, found = len(found) > size, found[:size]
    if backwards:
        found = found[::-1]
    items: Sequence[Any] = [row[0] if len(row) == 1 else row for row in found]
    more_before, more_after = (further, True) if backwards else (key is not None, further)
    return KeyPage(
        [read(item) for item in items] if read else items,
        before=_key_of(found[0], by) if found and more_before else None,
        after=_key_of(found[-1], by) if found and more_after else None,
        counted=counted_up_to(session, rows, MOST_COUNTED + 1) if counted is None else counted,
    )


def _key_of(row: Row[Any], by: Sequence[Key]) -> str:
    """Return a row's key for an address: its columns are selected themselves, or with their entity."""
    parts = []
    for column in by:
        table: Any = column.class_
        parts.append(getattr(next((one for one in row if isinstance(one, table)), row), column.key))
    return SIGN.join(part.isoformat() if isinstance(part, date) else str(part) for part in parts)


def _asked(name: str, by: Sequence[Key]) -> list[Any] | None:
    """Return the key in the address, each part as its column has it."""
    parts = request.args.get(name, "").split(SIGN)
    try:
        return [_read(part, column.type.python_type) for part, column in zip(parts, by, strict=True)]
    except (ValueError, OverflowError):
        return None


def _read(part: str, kind: Any) -> Any:
    key = kind.fromisoformat(part) if issubclass(kind, date) else kind(part)
    zoneless = isinstance(key, datetime) and key.tzinfo is None
    if zoneless or (isinstance(key, int) and abs(key) > LARGEST):
        raise ValueError(part)
    return key
