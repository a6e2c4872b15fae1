"""Who looked at or changed what about whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id, related
from webapp.models.user import User


class AuditEntry(Base):
    """One look or deed; ``graduate_id`` names the person it concerns, who may read it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_graduate", "graduate_id", "at"),
        Index("ix_audit_entry_subject", "subject", "id"),
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_action", "action", "at", "id"),
        Index("ix_audit_entry_actor", "actor_id", "at", "id"),
        Index("ix_audit_entry_office", "on_behalf_of", "at", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    on_behalf_of: Mapped[str] = mapped_column(comment="the organisation or office, as the person reads it")
    action: Mapped[str]
    graduate_id: Mapped[int | None] = mapped_column(ForeignKey("graduate.id", ondelete="SET NULL"))
    subject: Mapped[str | None] = mapped_column(comment="other subject, as kind:id")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[User | None] = related()
