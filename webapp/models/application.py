"""An application and every step it took."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.models.base import Base, Created, Id, related
from webapp.models.graduate import Graduate
from webapp.models.posting import Posting
from webapp.models.resume import Resume

_CLOSED = "('withdrawn','rejected','declined','expired','breached','dissolved','left')"


class Application(Created, Base):
    """A graduate's application to one posting; at most one of them is open at a time."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("stage <> 'draft'", name="submitted"),
        Index(
            "uq_application_open",
            "graduate_id",
            "posting_id",
            unique=True,
            sqlite_where=text(f"stage NOT IN {_CLOSED}"),
            postgresql_where=text(f"stage NOT IN {_CLOSED}"),
        ),
        Index("ix_application_posting_stage", "posting_id", "stage"),
    )

    id: Mapped[Id]
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id"), index=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"))
    resume_id: Mapped[int | None] = mapped_column(ForeignKey("resume.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    converted_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id"), comment="the internship or traineeship that became this job"
    )
    stage: Mapped[Stage] = mapped_column(enum_column(Stage, "stage"))
    stage_since_at: Mapped[datetime]
    note: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(comment="first answer of the employer")

    graduate: Mapped[Graduate] = related()
    posting: Mapped[Posting] = related()
    resume: Mapped[Resume | None] = related()


class ApplicationStep(Base):
    """One step of an application: who, when, from where to where, and why."""

    __tablename__ = "application_step"
    __table_args__ = (Index("ix_application_step_application", "application_id", "id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    source: Mapped[Stage] = mapped_column(enum_column(Stage, "source"))
    target: Mapped[Stage] = mapped_column(enum_column(Stage, "target"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: the system")
    actor_role: Mapped[Role | None] = mapped_column(enum_column(Role, "actor_role"))
    at: Mapped[datetime]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
