"""Invitations: to apply for a posting, or to join as staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.roles import Role, Scope
from webapp.domain.words import N_
from webapp.models.base import Base, Created, Id, related
from webapp.models.graduate import Graduate
from webapp.models.posting import Posting


class InvitationStatus(StrEnum):
    """What became of an employer's invitation to apply."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


LABELS = {
    InvitationStatus.SENT: N_("等你答复"),
    InvitationStatus.ACCEPTED: N_("已接受"),
    InvitationStatus.DECLINED: N_("已谢绝"),
}


class Invitation(Created, Base):
    """An employer asks a graduate it cannot name yet to apply; accepting shares name and contact."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("posting_id", "graduate_id"),)

    id: Mapped[Id]
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"))
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), index=True)
    status: Mapped[InvitationStatus] = mapped_column(enum_column(InvitationStatus, "status"))
    message: Mapped[str | None]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]

    posting: Mapped[Posting] = related()
    graduate: Mapped[Graduate] = related()


class StaffInvitation(Created, Base):
    """A mailed link by which a colleague joins an employer or an officer joins the programme."""

    __tablename__ = "staff_invitation"

    id: Mapped[Id]
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    scope: Mapped[Scope | None] = mapped_column(enum_column(Scope, "scope"))
    unit: Mapped[str | None]
    institution_code: Mapped[str | None]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
