"""An import: how far it came and what was wrong, row by row."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id


class ImportRun(Base):
    """One file being imported; ``position`` is the last row whose effects are committed."""

    __tablename__ = "import_run"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

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


class ImportProblem(Base):
    """Why one row was refused."""

    __tablename__ = "import_problem"

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    row_number: Mapped[int]
    reason: Mapped[str]
