"""An interview: when, where, and who came."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Created, Id


class Interview(Created, Base):
    """An appointment within an application; each side reports for itself whether it took place."""

    __tablename__ = "interview"

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    mode: Mapped[str] = mapped_column(comment="onsite, video or phone")
    place: Mapped[str]
    contact: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    employer_report: Mapped[str | None] = mapped_column(comment="held, graduate_absent, employer_absent")
    graduate_report: Mapped[str | None]
