"""Background work: what ran, what waits to be mailed, how well the index was found to answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.consent import Purpose
from webapp.domain.words import N_
from webapp.models.base import Base, Id


class RunState(StrEnum):
    """What became of a run; one whose worker died is found out when another looks around."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


LABELS = {
    RunState.RUNNING: N_("正在运行"),
    RunState.DONE: N_("已完成"),
    RunState.FAILED: N_("失败"),
    RunState.SKIPPED: N_("上一次还没结束，已跳过"),
}


class TaskRun(Base):
    """One turn of a task; ``error`` is the name of a kind of failure, whose words might name people."""

    __tablename__ = "task_run"
    __table_args__ = (
        Index("ix_task_run_name", "name", "started_at"),
        Index("ix_task_run_started_at", "started_at"),
        Index("ix_task_run_task_id", "task_id"),
        CheckConstraint("(ended_at IS NULL) = (state = 'running')", name="ended_unless_running"),
        CheckConstraint("(error IS NOT NULL) = (state = 'failed')", name="failure_is_named"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="in_order"),
    )

    id: Mapped[Id]
    task_id: Mapped[str] = mapped_column(comment="the queue's name of it, the same for every try")
    name: Mapped[str]
    worker: Mapped[str] = mapped_column(comment="host and process, to tell what a killed one left")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[RunState] = mapped_column(enum_column(RunState, "state"), default=RunState.RUNNING)
    error: Mapped[str | None]
    tries_left: Mapped[int] = mapped_column(default=0)


class OutgoingLetter(Base):
    """A letter on its way, sealed; the row goes when the letter has been handed to the mail server."""

    __tablename__ = "outgoing_letter"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_outgoing_letter_due_at", "due_at"),
        Index("ix_outgoing_letter_user_id", "user_id"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
    )

    id: Mapped[Id]
    message_id: Mapped[str] = mapped_column(comment="the same for every try: a second copy is recognised")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"),
        comment="whose account it is about; nobody's before they join",
    )
    purpose: Mapped[Purpose | None] = mapped_column(
        enum_column(Purpose, "purpose"), comment="the consent it rests on, where it needs one of its own"
    )
    written_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(comment="when it is tried next")
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(comment="kind of the last failure")


class IndexProbe(Base):
    """How many of the truly nearest a search found, over some stored vectors of one kind."""

    __tablename__ = "index_probe"
    __table_args__ = (
        Index("ix_index_probe_at", "at"),
        CheckConstraint("recall BETWEEN 0 AND 1", name="recall_is_a_share"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    model_id: Mapped[str]
    collection: Mapped[str]
    entries: Mapped[int]
    queries: Mapped[int]
    recall: Mapped[float] = mapped_column(Double)
