"""A person who can log in."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import enum_column
from webapp.domain.roles import Role
from webapp.models.base import Base, Created, Id


class User(Created, Base):
    """A login: e-mail address or mobile number, password, audience.

    ``session_version`` is part of every login cookie: raising it ends all sessions of the person.
    """

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name="email_or_mobile"),)

    id: Mapped[Id]
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True, comment="lower case")
    mobile: Mapped[str | None] = mapped_column(unique=True, comment="11 digits")
    password_hash: Mapped[str]
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    last_login_at: Mapped[datetime | None]
