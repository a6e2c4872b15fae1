"""A graduate's profile."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.degrees import Degree
from webapp.models.base import Base, Created, Id, related
from webapp.models.user import User

_DEGREE_WAITING = text(
    "degree_verified_on IS NULL AND restricted_at IS NULL AND institution_code IS NOT NULL"
)


class Graduate(Created, Base):
    """What the programme knows of a graduate; no sex, hukou, photo, marriage or politics (DOMAIN L13).

    ``person_key`` is the keyed hash of the identity number, which itself is never stored.
    ``searchable`` lets employers see the profile without name and contact; ``personalised`` is the
    off-switch of PIPL 24.
    """

    __tablename__ = "graduate"
    __table_args__ = (
        CheckConstraint(
            "(degree_verified_on IS NULL) = (degree_verified_by_id IS NULL)",
            name="verified_by_someone",
        ),
        CheckConstraint("pay_min IS NULL OR pay_min >= 0", name="pay_not_negative"),
        Index("ix_graduate_institution_graduation", "institution_code", "graduation_on"),
        Index(
            "ix_graduate_degree_waiting",
            "created_at",
            "id",
            "graduation_on",
            sqlite_where=_DEGREE_WAITING,
            postgresql_where=_DEGREE_WAITING,
        ),
        Index("ix_graduate_same_person", "institution_code", "graduation_on", "name"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str]
    institution_code: Mapped[str | None] = mapped_column(comment="10-digit code of the MOE list")
    major_name: Mapped[str | None]
    degree: Mapped[Degree | None] = mapped_column(enum_column(Degree, "degree"))
    graduation_on: Mapped[date | None] = mapped_column(index=True)
    person_key: Mapped[str | None] = mapped_column(index=True)
    degree_verified_on: Mapped[date | None]
    degree_verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    wanted: Mapped[list[str]] = mapped_column(default=list, comment="positions wished for")
    kinds: Mapped[list[str]] = mapped_column(default=list)
    districts: Mapped[list[str]] = mapped_column(default=list)
    clusters: Mapped[list[str]] = mapped_column(default=list)
    pay_min: Mapped[int | None]
    start_on: Mapped[date | None]
    searchable: Mapped[bool] = mapped_column(default=False)
    personalised: Mapped[bool] = mapped_column(default=True)
    restricted_at: Mapped[datetime | None] = mapped_column(comment="erased on request (PIPL 47)")
    matched_at: Mapped[datetime | None] = mapped_column(comment="first time matches were shown")

    user: Mapped[User] = related(foreign_keys=[user_id])
