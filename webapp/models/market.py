"""The nightly market: its runs, and the short lists it leaves for graduates."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id


class MarketRun(Base):
    """One night's matching of all graduates with all postings; its lists show once it has finished."""

    __tablename__ = "market_run"
    __table_args__ = (
        CheckConstraint("blocks_done BETWEEN 0 AND blocks", name="blocks_done_are_some"),
        CheckConstraint("finished_at IS NULL OR blocks_done = blocks", name="finished_is_complete"),
        Index("ix_market_run_finished_at", "finished_at"),
    )

    id: Mapped[Id]
    started_at: Mapped[datetime]
    model_id: Mapped[str] = mapped_column(comment="the encoder whose vectors were multiplied")
    ranking: Mapped[str] = mapped_column(comment="digest of the weights that scored")
    blocks: Mapped[int]
    blocks_done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    measures: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MarketList(Base):
    """One place of one graduate's list; a disposable row, held against the truth when it is shown."""

    __tablename__ = "market_list"

    graduate_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("market_run.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, comment="from 1, best first")
    posting_id: Mapped[int]
    score: Mapped[float] = mapped_column(Double)
