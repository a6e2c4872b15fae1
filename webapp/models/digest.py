"""Who wishes to be written to about new postings, and what they were told of."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.digests import Frequency
from webapp.models.base import Base, related
from webapp.models.graduate import Graduate


class Digest(Base):
    """A graduate's wish; one who never said anything has no row, one who said no is not asked again."""

    __tablename__ = "digest"
    __table_args__ = (Index("ix_digest_due", "frequency", "looked_on", "graduate_id"),)

    graduate_id: Mapped[int] = mapped_column(ForeignKey("graduate.id", ondelete="CASCADE"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(enum_column(Frequency, "frequency"))
    since_at: Mapped[datetime] = mapped_column(comment="turned on, or off")
    looked_on: Mapped[date] = mapped_column(comment="last day on which news was looked for")

    graduate: Mapped[Graduate] = related()


class DigestPosting(Base):
    """A posting that a letter has named; the key lets no letter name it again."""

    __tablename__ = "digest_posting"

    graduate_id: Mapped[int] = mapped_column(
        ForeignKey("digest.graduate_id", ondelete="CASCADE"), primary_key=True
    )
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True)
    told_on: Mapped[date]
