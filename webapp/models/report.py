"""Reports: what they were made from, who asked for it, who let it out."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id

_OPEN = text("finished_at IS NULL")


class ReportSnapshot(Base):
    """Everything the reports of one day show, gathered once; a trigger keeps it.

    ``content`` is canonical JSON, ``digest`` its sha256 and ``id`` the beginning of that: the same state
    has the same id, whoever gathers it and when.
    """

    __tablename__ = "report_snapshot"
    __table_args__ = (Index("ix_report_snapshot_as_of", "as_of"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    definition_id: Mapped[str]
    definition_digest: Mapped[str]
    ruleset_id: Mapped[str]
    as_of: Mapped[date]
    seq: Mapped[int] = mapped_column(comment="head of the ledger at the end of that day")
    hash: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: by command")
    content: Mapped[str] = mapped_column(Text, deferred=True)


class ReportOrder(Base):
    """A snapshot somebody asked for, and how far its gathering is."""

    __tablename__ = "report_order"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= steps", name="done_within_steps"),
        CheckConstraint("snapshot_id IS NULL OR finished_at IS NOT NULL", name="made_is_finished"),
        Index("ix_report_order_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    definition_id: Mapped[str]
    as_of: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int]
    finished_at: Mapped[datetime | None]
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("report_snapshot.id"))
    problem: Mapped[str | None] = mapped_column(comment="why nothing came of it")


class ReportRelease(Base):
    """A report one officer wants to make public and a second one lets out."""

    __tablename__ = "report_release"
    __table_args__ = (
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        CheckConstraint("approved_by_id <> asked_by_id", name="approved_by_another"),
    )

    snapshot_id: Mapped[str] = mapped_column(ForeignKey("report_snapshot.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
