"""Long lists a page at a time, with the total said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
SIZE = 20
FURTHEST = 10_000
"""No page number beyond this is looked up: nobody reads there, only robots do."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a longer list, and where they stand in it."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def beyond(self) -> bool:
        """Say whether there are rows, but none as far back as this page."""
        return self.total > 0 and not self.items and self.number > 1

    @property
    def first(self) -> int:
        """Return the position of the first row shown, 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the position of the last row shown."""
        return (self.number - 1) * self.size + len(self.items)

    @property
    def around(self) -> list[int | None]:
        """Return the page numbers worth linking, None where some are left out."""
        wanted = {1, self.pages, self.number - 1, self.number, self.number + 1}
        numbers = sorted(number for number in wanted if 1 <= number <= self.pages)
        linked: list[int | None] = []
        for number in numbers:
            if linked and linked[-1] is not None and number - linked[-1] > 1:
                linked.append(None)
            linked.append(number)
        return linked


def asked_page() -> int:
    """Return the page number in the address; anything odd means the first."""
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), FURTHEST)


def paginate(
    session: Session,
    rows: Select[Any],
    *,
    number: int | None = None,
    size: int = SIZE,
    read: Callable[[Any], T] | None = None,
) -> Page[T]:
    """Return one page of a select and the number of all its rows.

    A select of one entity gives the entities; one of several columns gives rows. ``read`` turns
    each into what the page shows. Without ``number`` the page asked for in the address is returned.
    """
    total = session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    number = min(number or asked_page(), max(1, -(-total // size)))
    found = session.execute(rows.limit(size).offset((number - 1) * size)).unique()
    single = len(rows.column_descriptions) == 1
    items: Sequence[Any] = found.scalars().all() if single else found.all()
    return Page([read(item) for item in items] if read else items, number, size, total)
