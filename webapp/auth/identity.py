"""The logged-in person: wraps a User for flask-login, so that the tables know no web."""

from functools import cached_property
from typing import TypeVar

from flask_login import UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.domain.errors import NotAllowed
from webapp.domain.roles import Role
from webapp.extensions import login_manager
from webapp.models import Graduate, Member, Officer, User
from webapp.unit_of_work import db

Row = TypeVar("Row", Graduate, Member, Officer)


class Identity(UserMixin):
    """A user during one request, with the graduate, member or officer they are."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        """Return what the cookie holds: the user and the version their sessions must have."""
        return f"{self.user.id}.{self.user.session_version}"

    @property
    def is_active(self) -> bool:
        """Say whether the account is open."""
        return self.user.is_active

    @property
    def role(self) -> Role:
        """Return the person's audience."""
        return self.user.role

    @property
    def name(self) -> str:
        """Return the name shown in the header."""
        return self.user.name

    @cached_property
    def graduate(self) -> Graduate:
        """Return the graduate this person is."""
        return _the(Graduate, self.user)

    @cached_property
    def member(self) -> Member:
        """Return the member this person is, with the employer."""
        return _the(Member, self.user, joinedload(Member.employer))

    @cached_property
    def officer(self) -> Officer:
        """Return the officer this person is."""
        return _the(Officer, self.user)


def _the(kind: type[Row], user: User, *also: ORMOption) -> Row:
    row = db().scalar(select(kind).options(*also).where(kind.user_id == user.id))
    if row is None:
        raise NotAllowed
    return row


@login_manager.user_loader
def load(cookie: str) -> Identity | None:
    """Return the person of a cookie unless the account is closed or its sessions were ended."""
    number, _, version = cookie.partition(".")
    user = db().get(User, int(number)) if number.isdigit() else None
    if user is None or not user.is_active or str(user.session_version) != version:
        return None
    return Identity(user)


def me() -> User:
    """Return the logged-in user."""
    user: User = current_user.user
    return user


def my_graduate() -> Graduate:
    """Return the logged-in graduate."""
    graduate: Graduate = current_user.graduate
    return graduate


def my_member() -> Member:
    """Return the logged-in member of an employer."""
    member: Member = current_user.member
    return member


def my_officer() -> Officer:
    """Return the logged-in officer."""
    officer: Officer = current_user.officer
    return officer
