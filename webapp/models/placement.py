"""A graduate's outcome with an employer or an own business, claimed and verified."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.evidence import Grade
from webapp.domain.retention import Cause, ClaimState
from webapp.domain.roles import Role
from webapp.models.base import Base, Created, Id, related
from webapp.models.employer import Employer
from webapp.models.graduate import Graduate

_QUEUED = ("state_since_at", "id", "unit")
_WAITING = text("state = 'evidenced'")
_DISPUTED = text("state = 'disputed'")
_ELSEWHERE = text("employer_name IS NOT NULL")
_REVERSAL = text("reversal_asked_by_id IS NOT NULL")


class Placement(Created, Base):
    """One claimed outcome: code, place of work, start, and how far its verification has come.

    ``unit`` and ``cluster`` are kept as they were when the claim was made: a later change of a map or
    an employer never moves a count.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint(
            "employer_id IS NOT NULL OR employer_name IS NOT NULL OR outcome_code IN ('75','76')",
            name="employer_or_own",
        ),
        CheckConstraint(
            "(reversal_cause IS NULL) = (reversal_asked_by_id IS NULL)", name="reversal_is_asked_by_someone"
        ),
        Index("ix_placement_state_claimed", "state", "created_at"),
        Index("ix_placement_started_on", "started_on"),
        Index(
            "ix_placement_employer_name",
            "employer_name",
            sqlite_where=_ELSEWHERE,
            postgresql_where=_ELSEWHERE,
        ),
        Index("ix_placement_waiting", *_QUEUED, sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_placement_disputed", *_QUEUED, sqlite_where=_DISPUTED, postgresql_where=_DISPUTED),
        Index("ix_placement_reversal", *_QUEUED, sqlite_where=_REVERSAL, postgresql_where=_REVERSAL),
    )

    id: Mapped[Id]
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    employer_name: Mapped[str | None] = mapped_column(comment="an employer that is not on the platform")
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), unique=True)
    outcome_code: Mapped[str] = mapped_column(comment="MOE 毕业去向 code")
    state: Mapped[ClaimState] = mapped_column(enum_column(ClaimState, "state"))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    district: Mapped[str | None] = mapped_column(
        comment="gb2260 or zone of the place of work; null: not Wuhan"
    )
    unit: Mapped[str | None] = mapped_column(comment="reporting unit of the place of work", index=True)
    address: Mapped[str | None]
    pay: Mapped[int | None]
    cluster: Mapped[str | None]
    claimed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    claimed_by_role: Mapped[Role] = mapped_column(enum_column(Role, "claimed_by_role"))
    state_since_at: Mapped[datetime]
    return_reason: Mapped[str | None]
    grade: Mapped[Grade | None] = mapped_column(
        enum_column(Grade, "grade"), comment="strongest evidence the count rests on"
    )
    reversal_cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "reversal_cause"))
    reversal_asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), comment="first officer; a second one reverses"
    )
    period_id: Mapped[str | None] = mapped_column(ForeignKey("period.id"))

    graduate: Mapped[Graduate] = related()
    employer: Mapped[Employer | None] = related()
