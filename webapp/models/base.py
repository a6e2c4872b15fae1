"""What every table shares: names of constraints, ways to spell columns and relations."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from webapp.database import Instant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base: instants keep their zone, lists live in JSON."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain dict
        datetime: Instant(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


Id = Annotated[int, mapped_column(primary_key=True)]


related = partial(relationship, lazy="raise_on_sql")
"""A relation, read only where a query has loaded it (decision 0026): in passing it would be a query a row."""


class Created:
    """Rows that remember when they were made."""

    created_at: Mapped[datetime]
