"""An employing organisation and the people who act for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.employers import EmployerKind, EmployerStatus
from webapp.domain.roles import MemberRole
from webapp.models.base import Base, Created, Id, related
from webapp.models.user import User

_WAITING = text("submitted_at IS NOT NULL")


class Employer(Created, Base):
    """An organisation; nothing of it is public before an officer has approved it."""

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint(
            "status <> 'approved' OR (verified_on IS NOT NULL AND verified_by_id IS NOT NULL)",
            name="approved_by_someone",
        ),
        Index(
            "ix_employer_waiting",
            "submitted_at",
            "id",
            "district",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(index=True)
    credit_code: Mapped[str] = mapped_column(unique=True, comment="GB 32100-2015, upper case")
    kind: Mapped[EmployerKind] = mapped_column(enum_column(EmployerKind, "kind"))
    status: Mapped[EmployerStatus] = mapped_column(
        enum_column(EmployerStatus, "status"), default=EmployerStatus.DRAFT, index=True
    )
    industry: Mapped[str | None]
    cluster: Mapped[str | None]
    district: Mapped[str | None] = mapped_column(comment="gb2260 or local zone code")
    address: Mapped[str | None]
    intro: Mapped[str | None]
    website: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    licence_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    submitted_at: Mapped[datetime | None]
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verified_until_on: Mapped[date | None]
    return_reason: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="platform", comment="platform, demo or import:<source>")


class Member(Created, Base):
    """A person acting for one employer."""

    __tablename__ = "member"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole, "role"))

    user: Mapped[User] = related()
    employer: Mapped[Employer] = related()
