"""An offer: pay, place, start and the date by which to answer."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Created, Id


class Offer(Created, Base):
    """What an employer offers in one application (DOMAIN 3.2 step 7)."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("pay > 0", name="pay_positive"),
        CheckConstraint("probation_months >= 0", name="probation_not_negative"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    pay: Mapped[int]
    months: Mapped[int] = mapped_column(default=12)
    district: Mapped[str]
    address: Mapped[str]
    start_on: Mapped[date]
    contract_type: Mapped[str] = mapped_column(comment="fixed, open_ended, internship, traineeship, project")
    contract_months: Mapped[int | None] = mapped_column(comment="null: open-ended")
    probation_months: Mapped[int] = mapped_column(default=0)
    probation_pay: Mapped[int | None] = mapped_column(comment="null: the agreed pay")
    deadline_on: Mapped[date]
