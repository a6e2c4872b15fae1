"""The ledger of the retained count: append-only, hash-chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.retention import Cause, EntryKind
from webapp.models.base import Base


class LedgerEntry(Base):
    """One line of the ledger (DOMAIN 1.9); a trigger refuses UPDATE and DELETE.

    ``person_root`` is the person's key with aliases resolved. A reversal carries ``cancels_seq``, and
    that is unique: a count is cancelled at most once.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("delta IN (-1, 0, 1)", name="delta_is_one"),
        CheckConstraint(
            "(kind = 'reverse') = "
            "(cancels_seq IS NOT NULL AND cause IS NOT NULL AND second_actor_id IS NOT NULL)",
            name="reversal_is_complete",
        ),
        CheckConstraint("second_actor_id IS NULL OR second_actor_id <> actor_id", name="two_officers"),
        Index("ix_ledger_entry_period", "period_id", "unit", "attributed_month"),
        Index("ix_ledger_entry_person", "person_root", "period_id"),
        Index(
            "ix_ledger_entry_alias",
            "seq",
            sqlite_where=text("kind = 'alias'"),
            postgresql_where=text("kind = 'alias'"),
        ),
        Index(
            "uq_ledger_entry_cancels",
            "cancels_seq",
            unique=True,
            sqlite_where=text("cancels_seq IS NOT NULL"),
            postgresql_where=text("cancels_seq IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(unique=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, "kind"))
    person_key: Mapped[str]
    person_root: Mapped[str]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str]
    district: Mapped[str]
    delta: Mapped[int]
    attributed_month: Mapped[str]
    posted_month: Mapped[str]
    cancels_seq: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.seq"))
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "cause"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    second_actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    evidence_ids: Mapped[list[Any]] = mapped_column(JSON)
    grade: Mapped[str | None] = mapped_column(comment="strongest evidence when counted")
    ruleset_id: Mapped[str]
    created_at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class LiveCount(Base):
    """The one live count of a person in a period; its primary key refuses a second, whoever is quicker."""

    __tablename__ = "live_count"

    person_root: Mapped[str] = mapped_column(primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"), unique=True)
