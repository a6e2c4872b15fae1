"""Figures that were made public, by which definition, and what has to be explained about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id

_WAITING = text("done IS NULL")
_OPEN = text("confirmed_by_id IS NULL")


class KeptDefinition(Base):
    """A definition as it was loaded; once somebody was counted by it, another text is refused."""

    __tablename__ = "definition"

    id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str]
    loaded_at: Mapped[datetime]


class Publication(Base):
    """A figure one officer wants to make public: computed in the background, decided by a second officer."""

    __tablename__ = "publication"
    __table_args__ = (
        CheckConstraint("(supersedes_id IS NULL) = (reason IS NULL)", name="correction_has_a_reason"),
        CheckConstraint("(answer IS NULL) = (figured_at IS NULL)", name="figured_at_a_time"),
        CheckConstraint("(done IS NULL) = (decided_by_id IS NULL)", name="decided_by_someone"),
        CheckConstraint(
            "NOT done OR (decided_by_id <> asked_by_id AND answer IS NOT NULL)", name="done_by_another"
        ),
        Index("ix_publication_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("definition.id"))
    unit: Mapped[str | None] = mapped_column(comment="null: the whole city")
    as_of_on: Mapped[date]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("published_figure.id"))
    reason: Mapped[str | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    figured_at: Mapped[datetime | None]
    done: Mapped[bool | None] = mapped_column(comment="null: waits for the second officer")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]


class PublishedFigure(Base):
    """A figure as it was made public, with everything it rests on; a trigger keeps it.

    ``seq`` and ``hash`` are the head of the ledger it was counted from, ``query_digest`` seals question
    and answer. A correction is a new row that names the one it supersedes. What of it is ``hidden`` was
    decided when it was published, beside what was public then.
    """

    __tablename__ = "published_figure"
    __table_args__ = (
        CheckConstraint("(supersedes_id IS NULL) = (reason IS NULL)", name="correction_has_a_reason"),
        CheckConstraint("confirmed_by_id <> published_by_id", name="confirmed_by_another"),
        Index("ix_published_figure_period", "period_id", "id"),
    )

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    definition_id: Mapped[str] = mapped_column(ForeignKey("definition.id"))
    definition_digest: Mapped[str]
    ruleset_id: Mapped[str]
    unit: Mapped[str | None] = mapped_column(comment="null: the whole city")
    as_of_on: Mapped[date]
    seq: Mapped[int]
    hash: Mapped[str]
    query_digest: Mapped[str]
    value: Mapped[int]
    by_grade: Mapped[dict[str, Any]] = mapped_column(JSON)
    hidden: Mapped[list[str]] = mapped_column(comment="parts the public does not see")
    audit_sample_id: Mapped[int | None] = mapped_column(ForeignKey("audit_sample.id"))
    error_rate: Mapped[float | None]
    error_low: Mapped[float | None]
    error_high: Mapped[float | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("published_figure.id"), unique=True)
    reason: Mapped[str | None]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime]


class FigureCheck(Base):
    """A published figure counted again: what came out, and whether it is the same to the digit."""

    __tablename__ = "figure_check"
    __table_args__ = (
        CheckConstraint("(value IS NULL) = (checked_at IS NULL)", name="checked_at_a_time"),
        Index("ix_figure_check_figure", "figure_id", "id"),
    )

    id: Mapped[Id]
    figure_id: Mapped[int] = mapped_column(ForeignKey("published_figure.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: by command")
    asked_at: Mapped[datetime]
    value: Mapped[int | None] = mapped_column(comment="null: still being counted")
    agrees: Mapped[bool | None]
    checked_at: Mapped[datetime | None]


class Reconciliation(Base):
    """More people traceable here than a unit has reported for a month: to be explained by a day.

    One officer writes the reason, a second one confirms it.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        CheckConstraint("platform > reported", name="more_than_reported"),
        CheckConstraint("(reason IS NULL) = (explained_by_id IS NULL)", name="explained_by_someone"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR (explained_by_id IS NOT NULL AND confirmed_by_id <> explained_by_id)",
            name="confirmed_by_another",
        ),
        Index("ix_reconciliation_open", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_reconciliation_figure", "figure_id", unique=True),
    )

    id: Mapped[Id]
    figure_id: Mapped[int] = mapped_column(
        ForeignKey("reported_figure.id"), comment="revision it was held against"
    )
    unit: Mapped[str]
    reported: Mapped[int]
    platform: Mapped[int] = mapped_column(comment="as counted when it was opened")
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    reason: Mapped[str | None]
    explained_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    explained_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
