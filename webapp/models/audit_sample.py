"""Random audits of the count: what was frozen, who was drawn, what was found."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.retention import Cause
from webapp.domain.sampling import AuditFinding
from webapp.models.base import Base, Id, related
from webapp.models.placement import Placement

CAUSED = "(cause IS NOT NULL) = (COALESCE(finding, '') = 'wrong')"


class AuditSample(Base):
    """One audit of a period's count, or of one unit's part of it.

    Freezing fixes the last row that belongs to it and shows the digest of a secret. The draw, after a
    later head was made public, fixes the seed; from then on anybody can repeat it.
    """

    __tablename__ = "audit_sample"
    __table_args__ = (
        CheckConstraint("size > 0 AND size <= population", name="size_fits_population"),
        CheckConstraint("(drawn_at IS NULL) = (seed IS NULL)", name="drawn_with_a_seed"),
        CheckConstraint("(beacon IS NULL) = (seed IS NULL)", name="seed_has_its_beacon"),
        Index("ix_audit_sample_period", "period_id", "unit"),
    )

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str | None] = mapped_column(comment="null: the whole city")
    population: Mapped[int] = mapped_column(comment="counts that stood when frozen")
    size: Mapped[int]
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    frozen_seq: Mapped[int]
    frozen_hash: Mapped[str]
    secret: Mapped[str] = mapped_column(comment="shown after the draw; its digest before")
    beacon: Mapped[str | None] = mapped_column(comment="head made public after the freeze")
    seed: Mapped[str | None]
    drawn_at: Mapped[datetime | None]


class AuditItem(Base):
    """One person of a sample, by the row that counts them, and what the auditor found."""

    __tablename__ = "audit_item"
    __table_args__ = (
        UniqueConstraint("sample_id", "position"),
        UniqueConstraint("sample_id", "seq"),
        CheckConstraint("(finding IS NULL) = (found_by_id IS NULL)", name="found_by_somebody"),
        CheckConstraint(CAUSED, name="wrong_has_its_cause"),
    )

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_sample.id"))
    position: Mapped[int]
    seq: Mapped[int] = mapped_column(ForeignKey("ledger_entry.seq"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    finding: Mapped[AuditFinding | None] = mapped_column(enum_column(AuditFinding, "finding"))
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "cause"))
    note: Mapped[str | None]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime | None]

    placement: Mapped[Placement] = related()
