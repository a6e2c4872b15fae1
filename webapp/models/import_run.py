"""An import: how far it came, whom its rows found, and what was wrong, row by row."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.lists import Finding, MatchGrade
from webapp.models.base import Base, Id


class ImportRun(Base):
    """One file being imported; ``position`` is the last row whose effects are committed.

    ``asked_by_id`` is the maker, who handed the file in; ``checked_by_id`` the officer who released it.
    """

    __tablename__ = "import_run"
    __table_args__ = (
        UniqueConstraint("kind", "digest"),
        CheckConstraint("checked_by_id <> asked_by_id", name="checked_by_another"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    filename: Mapped[str]
    digest: Mapped[str] = mapped_column(comment="sha256 of the file")
    position: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    unmatched: Mapped[int] = mapped_column(default=0, server_default="0", comment="rows of people not here")
    total: Mapped[int | None] = mapped_column(comment="rows of the file")
    findings: Mapped[dict[str, Any] | None] = mapped_column(comment="how many rows came to what")
    problem: Mapped[str | None] = mapped_column(comment="why the file as a whole could not be read")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def done(self) -> int:
        """Return how many rows have been read, whatever came of them."""
        return self.imported + self.merged + self.refused + self.unmatched


class ImportProblem(Base):
    """Why one row was refused."""

    __tablename__ = "import_problem"

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    row_number: Mapped[int]
    reason: Mapped[str]


class ImportMatch(Base):
    """A row that found a person: how surely, and what became of it; the row itself is not kept."""

    __tablename__ = "import_match"
    __table_args__ = (
        UniqueConstraint("run_id", "row_number"),
        Index("ix_import_match_finding", "run_id", "finding", "id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    row_number: Mapped[int]
    grade: Mapped[MatchGrade] = mapped_column(enum_column(MatchGrade, "grade"))
    finding: Mapped[Finding] = mapped_column(enum_column(Finding, "finding"))
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    note: Mapped[str | None] = mapped_column(comment="why the rule refused")
