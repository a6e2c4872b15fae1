"""A programme officer and the reach of their word."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.roles import Scope
from webapp.models.base import Base, Created, Id, related
from webapp.models.user import User


class Officer(Created, Base):
    """An officer; a unit officer sees one unit, a station officer one institution."""

    __tablename__ = "officer"
    __table_args__ = (
        CheckConstraint("(scope = 'unit') = (unit IS NOT NULL)", name="unit_iff_unit_scope"),
        CheckConstraint(
            "(scope = 'station') = (institution_code IS NOT NULL)",
            name="institution_iff_station_scope",
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    scope: Mapped[Scope] = mapped_column(enum_column(Scope, "scope"))
    unit: Mapped[str | None]
    institution_code: Mapped[str | None]

    user: Mapped[User] = related()
