"""A tripartite agreement as recorded, never issued, by the platform."""

from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.agreements import AgreementState
from webapp.models.base import Base, Created, Id


class Agreement(Created, Base):
    """Number and state of a 网签 or paper agreement; a graduate has at most one that is signed."""

    __tablename__ = "agreement"
    __table_args__ = (
        Index(
            "uq_agreement_signed",
            "graduate_id",
            unique=True,
            sqlite_where=text("state IN ('signed','dissolve_requested')"),
            postgresql_where=text("state IN ('signed','dissolve_requested')"),
        ),
    )

    id: Mapped[Id]
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    number: Mapped[str | None] = mapped_column(comment="number on the ministry's platform")
    state: Mapped[AgreementState] = mapped_column(enum_column(AgreementState, "state"))
    signed_on: Mapped[date | None]
    dissolution_reason: Mapped[str | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
