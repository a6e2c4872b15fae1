"""Sums of the way of graduates, so that no page has to look at every one of them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class FunnelTotal(Base):
    """How many graduates reached a stage, by the period they registered in and their institution.

    A chore makes the sums anew each night and ``funnel verify`` compares them.
    """

    __tablename__ = "funnel_total"

    period_id: Mapped[str] = mapped_column(primary_key=True, comment="empty: registered outside any period")
    institution_code: Mapped[str] = mapped_column(primary_key=True, comment="empty: not stated")
    stage: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]
    built_at: Mapped[datetime]
