"""A posting, and a graduate's bookmark of one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind, PostingStatus
from webapp.models.base import Base, Created, Id, related
from webapp.models.employer import Employer

_REVIEW = text("status = 'review'")


class Posting(Created, Base):
    """A job, internship or traineeship with the fields the law demands (DOMAIN 3.5).

    Pay is whole yuan a month before tax, ``months`` a year; ``filled`` counts accepted offers and never
    passes ``headcount``, whoever is quicker.
    """

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("headcount >= 1", name="headcount_positive"),
        CheckConstraint("filled >= 0 AND filled <= headcount", name="filled_within_headcount"),
        CheckConstraint("pay_min IS NULL OR pay_max IS NULL OR pay_min <= pay_max", name="pay_order"),
        CheckConstraint("status <> 'live' OR published_at IS NOT NULL", name="live_is_published"),
        Index("ix_posting_status_kind_district", "status", "kind", "district"),
        Index("ix_posting_status_published", "status", "published_at"),
        Index("ix_posting_status_valid", "status", "valid_until_on"),
        Index("ix_posting_waiting", "submitted_at", "id", sqlite_where=_REVIEW, postgresql_where=_REVIEW),
        Index("ix_posting_title", "title"),
    )

    id: Mapped[Id]
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"))
    status: Mapped[PostingStatus] = mapped_column(
        enum_column(PostingStatus, "status"), default=PostingStatus.DRAFT
    )
    title: Mapped[str]
    duties: Mapped[str]
    requirements: Mapped[str] = mapped_column(default="")
    skills: Mapped[list[str]] = mapped_column(default=list)
    majors: Mapped[list[str]] = mapped_column(default=list)
    degree_min: Mapped[Degree | None] = mapped_column(enum_column(Degree, "degree_min"))
    headcount: Mapped[int] = mapped_column(default=1)
    filled: Mapped[int] = mapped_column(default=0)
    district: Mapped[str | None] = mapped_column(comment="gb2260 or local zone code; null: not in Wuhan")
    address: Mapped[str | None]
    pay_min: Mapped[int | None]
    pay_max: Mapped[int | None]
    months: Mapped[int] = mapped_column(default=12)
    pay_text: Mapped[str | None] = mapped_column(comment="as written by an imported source")
    well_paid: Mapped[bool] = mapped_column(default=False, comment="高薪优岗 by the threshold in force")
    cluster: Mapped[str | None]
    start_on: Mapped[date | None]
    converts: Mapped[bool] = mapped_column(default=False, comment="an internship that may become a job")
    valid_until_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    return_reason: Mapped[str | None]
    origin: Mapped[str] = mapped_column(default="platform", comment="platform, demo or import:<source>")
    external_key: Mapped[str | None] = mapped_column(unique=True, comment="digest of an imported row")
    updated_at: Mapped[datetime | None]

    employer: Mapped[Employer] = related()


class SavedPosting(Created, Base):
    """A graduate's bookmark."""

    __tablename__ = "saved_posting"

    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True)
