"""What a person has agreed to, and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.consent import Purpose
from webapp.models.base import Base, Id


class Consent(Base):
    """One consent: purpose, text version, scope, given and withdrawn (PIPL 13-17, 23)."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_user_purpose", "user_id", "purpose"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose, "purpose"))
    version: Mapped[str]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), comment="share only with")
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
