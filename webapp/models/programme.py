"""The programme as dated rows: periods, targets, reported figures, bases, stations."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Created, Id


class Period(Base):
    """A plan period; targets may still be unknown, and a closed one is never reopened."""

    __tablename__ = "period"
    __table_args__ = (
        CheckConstraint("start_on <= end_on", name="start_before_end"),
        CheckConstraint("status IN ('upcoming','open','closing','closed')", name="status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="P14, P15")
    name: Mapped[str]
    start_on: Mapped[date]
    end_on: Mapped[date]
    status: Mapped[str]
    ruleset_id: Mapped[str]


class Target(Base):
    """What a period asks for; a null value means it has not been set (目标待录入)."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("period_id", "indicator", "unit", "year"),)

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    indicator: Mapped[str]
    name: Mapped[str]
    measure: Mapped[str] = mapped_column(comment="unit of measurement: 人, 个, 平方米")
    unit: Mapped[str] = mapped_column(default="city", comment="reporting unit; city for the whole")
    year: Mapped[int] = mapped_column(default=0, comment="0: the whole period")
    value: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    basis: Mapped[str] = mapped_column(default="period_total")
    op: Mapped[str] = mapped_column(default=">=")
    subset_of: Mapped[str | None]
    quote: Mapped[str | None] = mapped_column(comment="the plan's own words")


class ReportedFigure(Base):
    """A figure somebody else reported; shown beside the count, never added to it (DOMAIN 1.11)."""

    __tablename__ = "reported_figure"

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), index=True)
    indicator: Mapped[str]
    unit: Mapped[str] = mapped_column(default="city")
    label: Mapped[str] = mapped_column(comment="the time it speaks of, as reported: 2022-2024")
    value: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    status: Mapped[str] = mapped_column(default="unverified")
    source: Mapped[str]
    received_at: Mapped[datetime]


class TraineeshipBase(Created, Base):
    """An internship or traineeship base (见习/实训基地) counted against the plan's 300."""

    __tablename__ = "traineeship_base"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(comment="traineeship, internship or training")
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    unit: Mapped[str]
    district: Mapped[str]
    address: Mapped[str | None]
    capacity: Mapped[int]
    approved_on: Mapped[date]
    valid_to_on: Mapped[date | None]


class Station(Created, Base):
    """A campus station (学子留汉工作站) counted against the plan's 10."""

    __tablename__ = "station"

    id: Mapped[Id]
    institution_code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    opened_on: Mapped[date]
