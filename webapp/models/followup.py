"""Following up who stayed: one row a person and checkpoint, every answer given, and their sums.

None of this changes a count. ``FollowUpTotal`` and ``StayMonth`` are sums that a chore makes anew and
``follow-ups verify`` compares.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.followup import Result, Source
from webapp.models.base import Base, Id, related
from webapp.models.placement import Placement

OPEN = text("result IS NULL")
LEAVING = "(reason IS NOT NULL) = (COALESCE(result, '') = 'left')"


class FollowUp(Base):
    """One counted outcome at one checkpoint; ``result`` is empty while nobody has said anything.

    The period, the unit and the month are those of the count, kept so that sums need no ledger.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("placement_id", "months"),
        CheckConstraint("opens_on <= due_on AND due_on <= closes_on", name="window_is_in_order"),
        CheckConstraint("months > 0", name="after_the_start"),
        CheckConstraint(
            "result IS NULL OR result = 'unknown' OR (source IS NOT NULL AND observed_months IS NOT NULL)",
            name="known_by_somebody",
        ),
        CheckConstraint(LEAVING, name="leaving_has_its_reason"),
        Index("ix_follow_up_open", "unit", "closes_on", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_follow_up_closing", "closes_on", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    months: Mapped[int]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    closes_on: Mapped[date]
    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"))
    unit: Mapped[str]
    cohort_month: Mapped[str] = mapped_column(comment="month in which the counted outcome began")
    result: Mapped[Result | None] = mapped_column(enum_column(Result, "result"))
    source: Mapped[Source | None] = mapped_column(enum_column(Source, "source"))
    observed_months: Mapped[int | None] = mapped_column(comment="seen in the city up to this month")
    reason: Mapped[str | None] = mapped_column(comment="code of data/programme/follow_ups.json")
    asked_at: Mapped[datetime | None] = mapped_column(comment="when the letter went out")

    placement: Mapped[Placement] = related()


class FollowUpAnswer(Base):
    """One answer; answers are added, the strongest and latest one stands."""

    __tablename__ = "follow_up_answer"

    id: Mapped[Id]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    source: Mapped[Source] = mapped_column(enum_column(Source, "source"))
    result: Mapped[Result] = mapped_column(enum_column(Result, "result"))
    left_on: Mapped[date | None]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), comment="null: by a list")
    at: Mapped[datetime]


class FollowUpTotal(Base):
    """How many follow-ups whose window is over came to what, by period, unit, month and checkpoint.

    The same people are summed twice, each in rows of their own: by unit, with no institution, and by
    institution, with no unit. Only one kind is ever added up.
    """

    __tablename__ = "follow_up_total"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    institution_code: Mapped[str] = mapped_column(primary_key=True, comment="empty in rows by unit")
    unit: Mapped[str] = mapped_column(primary_key=True, comment="empty in rows by institution")
    cohort_month: Mapped[str] = mapped_column(primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    result: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True, comment="empty unless they left")
    total: Mapped[int]
    built_at: Mapped[datetime]


class StayMonth(Base):
    """How many people left the city, or were last seen there, in a month after their start.

    By unit and by institution, as in :class:`FollowUpTotal`.
    """

    __tablename__ = "stay_month"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    institution_code: Mapped[str] = mapped_column(primary_key=True, comment="empty in rows by unit")
    unit: Mapped[str] = mapped_column(primary_key=True, comment="empty in rows by institution")
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leavers: Mapped[int]
    last_seen: Mapped[int]
    built_at: Mapped[datetime]
