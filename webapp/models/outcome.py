"""What schools have registered of their graduates' destinations, and the sums rates are made from."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class RegisteredOutcome(Base):
    """A graduate's destination (毕业去向) as their school has registered it last."""

    __tablename__ = "registered_outcome"
    __table_args__ = (Index("ix_registered_outcome_run", "run_id"),)

    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id"), primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(comment="as registered, sub-codes and local codes kept")
    employer: Mapped[str | None]
    credit_code: Mapped[str | None]
    place: Mapped[str | None] = mapped_column(comment="as registered")
    started_on: Mapped[date | None]
    agreement: Mapped[str | None]
    pay: Mapped[int | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    registered_at: Mapped[datetime]


class OutcomeTotal(Base):
    """How many verified graduates of a school, year and degree have which destination; made nightly."""

    __tablename__ = "outcome_total"

    institution_code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    degree: Mapped[str] = mapped_column(primary_key=True, comment="empty: not stated")
    code: Mapped[str] = mapped_column(primary_key=True, comment="MOE code; empty: not known")
    total: Mapped[int]
    built_at: Mapped[datetime]
