"""Vectors as truth in the database, and the order in which they changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.models.base import Base, Id


class OwnerKind(StrEnum):
    """What a vector stands for."""

    POSTING = "posting"
    RESUME = "resume"


class Embedding(Base):
    """The vector of one posting or graduate under one model: float16 little-endian bytes."""

    __tablename__ = "embedding"

    owner_kind: Mapped[OwnerKind] = mapped_column(enum_column(OwnerKind, "owner_kind"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(primary_key=True)
    text_version: Mapped[str]
    content_hash: Mapped[str]
    dimension: Mapped[int]
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class MatchChange(Base):
    """A posting or graduate changed; every process applies the changes after its watermark.

    Numbers are given out before a transaction commits, so that a lower one may appear after a higher
    one. ``transaction_id``, filled in by PostgreSQL, tells what can still appear: see ``queries.changes``.
    """

    __tablename__ = "match_change"
    __table_args__ = (
        Index("ix_match_change_owner", "owner_kind", "owner_id"),
        Index("ix_match_change_transaction_id", "transaction_id"),
    )

    id: Mapped[Id]
    owner_kind: Mapped[OwnerKind] = mapped_column(enum_column(OwnerKind, "owner_kind"))
    owner_id: Mapped[int]
    at: Mapped[datetime]
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, server_default=FetchedValue(), comment="the writing transaction on PostgreSQL"
    )


class MatchFeed(Base):
    """The one row that says where the feed of changes begins: what came before has been forgotten."""

    __tablename__ = "match_feed"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    begins: Mapped[int] = mapped_column(BigInteger, comment="a place: see queries.changes")


class ServingModel(Base):
    """An encoder whose vectors answer searches, or did: the last row does."""

    __tablename__ = "serving_model"

    id: Mapped[Id]
    model_id: Mapped[str]
    source: Mapped[str] = mapped_column(comment="the name or folder it is opened from")
