"""What the planner starts from, summed up at night: people by how far they are from being counted."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class PlannerSum(Base):
    """How many people of a period stand where, for one key of one dimension within one scope.

    A person stands in one place only, so sums over places count nobody twice. ``planner verify`` compares
    them with the people.
    """

    __tablename__ = "planner_sum"

    period_id: Mapped[str] = mapped_column(ForeignKey("period.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True, comment="city, or unit:… or institution:…")
    dimension: Mapped[str] = mapped_column(primary_key=True, comment="unit, institution or cluster")
    key: Mapped[str] = mapped_column(primary_key=True, comment="empty where it was never stated")
    place: Mapped[str] = mapped_column(primary_key=True, comment="webapp.domain.planner.Place")
    total: Mapped[int]
    built_at: Mapped[datetime]
