"""A resume, in versions."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.words import N_
from webapp.models.base import Base, Created, Id


class ResumeSource(StrEnum):
    """How a resume came in."""

    UPLOAD = "upload"
    PASTE = "paste"
    FORM = "form"


LABELS = {
    ResumeSource.UPLOAD: N_("上传文件"),
    ResumeSource.PASTE: N_("粘贴文字"),
    ResumeSource.FORM: N_("在线填写"),
}


class Resume(Created, Base):
    """One confirmed version of a graduate's resume; the current one is matched.

    ``text`` is the whole text; ``redacted_text`` is without name and contacts, for the encoder and for
    employers the graduate has not agreed to; ``fields`` holds what was read and corrected.
    """

    __tablename__ = "resume"
    __table_args__ = (
        Index(
            "uq_resume_current",
            "graduate_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[Id]
    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    source: Mapped[ResumeSource] = mapped_column(enum_column(ResumeSource, "source"))
    filename: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    text: Mapped[str]
    redacted_text: Mapped[str]
    skills: Mapped[list[str]] = mapped_column(default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_current: Mapped[bool] = mapped_column(default=True)
