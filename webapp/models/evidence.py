"""Evidence for a placement and the verdicts given on it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.evidence import Grade
from webapp.models.base import Base, Created, Id, related
from webapp.models.placement import Placement


class Evidence(Created, Base):
    """One piece of evidence: type, issuer, grade, and the digest of the file behind it."""

    __tablename__ = "evidence"

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    type: Mapped[str] = mapped_column(comment="key of data/programme/evidence_types.json")
    grade: Mapped[Grade] = mapped_column(enum_column(Grade, "grade"))
    issuer: Mapped[str | None]
    method: Mapped[str] = mapped_column(comment="upload, import or platform")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str | None] = mapped_column(index=True)
    valid_from_on: Mapped[date | None]
    valid_to_on: Mapped[date | None]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    placement: Mapped[Placement] = related()


class Verification(Base):
    """One officer's verdict on a placement; the same officer speaks once per round."""

    __tablename__ = "verification"
    __table_args__ = (
        UniqueConstraint("placement_id", "verifier_id", "round"),
        CheckConstraint("approved OR reason IS NOT NULL", name="return_has_reason"),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    verifier_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    round: Mapped[int] = mapped_column(default=1, comment="a returned claim comes back in a new round")
    approved: Mapped[bool]
    reason: Mapped[str | None]
    at: Mapped[datetime]
