"""The programme as dated rows: periods, targets, reported figures, bases, stations."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.domain.programme import CITY
from webapp.models.base import Base, Created, Id

_OF_A_MONTH = text("month IS NOT NULL")


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
    unit: Mapped[str] = mapped_column(default=CITY, comment="reporting unit; city for the whole")
    year: Mapped[int] = mapped_column(default=0, comment="0: the whole period")
    value: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    basis: Mapped[str] = mapped_column(default="period_total")
    op: Mapped[str] = mapped_column(default=">=")
    subset_of: Mapped[str | None]
    quote: Mapped[str | None] = mapped_column(comment="the plan's own words")


class ReportedFigure(Base):
    """A figure somebody else reported; shown beside the count, never added to it (DOMAIN 1.11).

    Of a month's revisions the latest approved one stands; earlier ones are kept. ``month`` is the last
    month a figure speaks of.
    """

    __tablename__ = "reported_figure"
    __table_args__ = (
        CheckConstraint("kind IN ('monthly','cumulative','yearly','level')", name="kind"),
        CheckConstraint("approved_by_id <> submitted_by_id", name="approved_by_another"),
        Index(
            "uq_reported_figure_revision",
            "period_id",
            "indicator",
            "unit",
            "month",
            "kind",
            "revision",
            unique=True,
            sqlite_where=_OF_A_MONTH,
            postgresql_where=_OF_A_MONTH,
        ),
    )

    id: Mapped[Id]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), index=True)
    indicator: Mapped[str]
    unit: Mapped[str] = mapped_column(default=CITY)
    label: Mapped[str] = mapped_column(comment="the time it speaks of, as reported: 2022-2024")
    value: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    status: Mapped[str] = mapped_column(default="unverified")
    source: Mapped[str]
    received_at: Mapped[datetime]
    month: Mapped[str | None] = mapped_column(comment="null: a figure of no single month")
    kind: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None] = mapped_column(comment="why a later revision differs")
    decided_at: Mapped[datetime | None] = mapped_column(comment="approved or refused")


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
