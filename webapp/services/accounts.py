"""Registering, logging in, and getting back in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.accounts import (
    LinkExpired,
    LoginNameTaken,
    LoginRefused,
    check_password,
    normal_login,
    normal_name,
    sought_login,
)
from webapp.domain.consent import Purpose
from webapp.domain.errors import NotAllowed
from webapp.domain.roles import MemberRole, Role, Scope, may_invite
from webapp.models import Employer, Graduate, Member, Officer, StaffInvitation, User
from webapp.services import consents

HASHER = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low-memory profile)."""
NOBODY = HASHER.hash("nobody's password")
"""Checked when the login name is unknown, so that both refusals take as long."""
RESET_SECONDS = 3600
INVITATION_DAYS = 7


def register_graduate(session: Session, *, name: str, login: str, password: str, at: datetime) -> Graduate:
    """Open a graduate's account with the consent to the service; everything else can wait."""
    user = _open_account(session, role=Role.GRADUATE, name=name, login=login, password=password, at=at)
    graduate = Graduate(user=user, name=user.name, created_at=at)
    session.add(graduate)
    consents.give(session, user_id=user.id, purpose=Purpose.SERVICE, at=at)
    session.flush()
    return graduate


def register_member(
    session: Session,
    *,
    name: str,
    login: str,
    password: str,
    employer: Employer,
    at: datetime,
    role: MemberRole = MemberRole.RECRUITER,
) -> Member:
    """Open an account for somebody who acts for an employer."""
    user = _open_account(session, role=Role.EMPLOYER, name=name, login=login, password=password, at=at)
    consents.give(session, user_id=user.id, purpose=Purpose.SERVICE, at=at)
    member = Member(user=user, employer=employer, role=role, created_at=at)
    session.add(member)
    session.flush()
    return member


def create_officer(
    session: Session,
    *,
    name: str,
    login: str,
    password: str,
    scope: Scope,
    at: datetime,
    unit: str | None = None,
    institution_code: str | None = None,
) -> Officer:
    """Open an officer's account; only the command line and an accepted invitation do this."""
    user = _open_account(session, role=Role.OFFICER, name=name, login=login, password=password, at=at)
    officer = Officer(user=user, scope=scope, unit=unit, institution_code=institution_code, created_at=at)
    session.add(officer)
    session.flush()
    return officer


def log_in(session: Session, *, login: str, password: str, at: datetime) -> User:
    """Return the user of a login name and password, or refuse without saying which was wrong."""
    user = find_user(session, login=login)
    try:
        HASHER.verify(user.password_hash if user else NOBODY, password)
    except VerificationError:
        raise LoginRefused from None
    if user is None or not user.is_active:
        raise LoginRefused
    if HASHER.check_needs_rehash(user.password_hash):
        user.password_hash = HASHER.hash(password)
    user.last_login_at = at
    session.flush()
    return user


def find_user(session: Session, *, login: str) -> User | None:
    """Return the user of an e-mail address or mobile number, if there is one."""
    email, mobile = sought_login(login)
    return session.scalar(select(User).where(User.mobile == mobile if mobile else User.email == email))


def reset_token(user: User, *, secret: str) -> str:
    """Return a token that opens one new password within the hour; a changed password voids it."""
    return _signer(secret).dumps([user.id, _fingerprint(user)])


def reset_password(session: Session, *, token: str, password: str, secret: str) -> User:
    """Set a new password by token and end every session of the person."""
    try:
        number, fingerprint = _signer(secret).loads(token, max_age=RESET_SECONDS)
    except BadSignature:
        raise LinkExpired from None
    user = session.get(User, number)
    if user is None or fingerprint != _fingerprint(user):
        raise LinkExpired
    check_password(password)
    user.password_hash = HASHER.hash(password)
    user.session_version += 1
    session.flush()
    return user


def invite_officer(
    session: Session,
    *,
    by: Officer,
    email: str,
    scope: Scope,
    at: datetime,
    unit: str | None = None,
    institution_code: str | None = None,
) -> tuple[StaffInvitation, str]:
    """Invite an officer of narrower scope; returns the invitation and the token for the letter."""
    if not may_invite(by.scope, scope):
        raise NotAllowed
    return _invite(
        session,
        role=Role.OFFICER,
        email=email,
        by_id=by.user_id,
        at=at,
        scope=scope,
        unit=unit,
        institution_code=institution_code,
    )


def invite_member(session: Session, *, by: Member, email: str, at: datetime) -> tuple[StaffInvitation, str]:
    """Invite a colleague to act for the same employer; only its owner may."""
    if by.role is not MemberRole.OWNER:
        raise NotAllowed
    return _invite(
        session, role=Role.EMPLOYER, email=email, by_id=by.user_id, at=at, employer_id=by.employer_id
    )


def open_invitation(session: Session, *, token: str, at: datetime) -> StaffInvitation:
    """Return the invitation of a token while it can still be accepted."""
    invitation = session.scalar(select(StaffInvitation).where(StaffInvitation.token_hash == _digest(token)))
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at < at:
        raise LinkExpired
    return invitation


def accept_invitation(session: Session, *, token: str, name: str, password: str, at: datetime) -> User:
    """Open the account an invitation is for; the link works once."""
    invitation = open_invitation(session, token=token, at=at)
    invitation.accepted_at = at
    if invitation.scope is not None:
        return create_officer(
            session,
            name=name,
            login=invitation.email,
            password=password,
            scope=invitation.scope,
            at=at,
            unit=invitation.unit,
            institution_code=invitation.institution_code,
        ).user
    employer = session.get_one(Employer, invitation.employer_id)
    return register_member(
        session, name=name, login=invitation.email, password=password, employer=employer, at=at
    ).user


def _open_account(
    session: Session, *, role: Role, name: str, login: str, password: str, at: datetime
) -> User:
    email, mobile = normal_login(login)
    check_password(password)
    if find_user(session, login=login) is not None:
        raise LoginNameTaken(login=login)
    user = User(
        role=role,
        name=normal_name(name),
        email=email,
        mobile=mobile,
        password_hash=HASHER.hash(password),
        created_at=at,
    )
    session.add(user)
    session.flush()
    return user


def _invite(
    session: Session, *, role: Role, email: str, by_id: int, at: datetime, **reach: object
) -> tuple[StaffInvitation, str]:
    address, _mobile = normal_login(email)
    token = secrets.token_urlsafe(32)
    invitation = StaffInvitation(
        role=role,
        email=address or email,
        token_hash=_digest(token),
        invited_by_id=by_id,
        expires_at=at + timedelta(days=INVITATION_DAYS),
        created_at=at,
        **reach,
    )
    session.add(invitation)
    session.flush()
    return invitation, token


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="password reset")


def _fingerprint(user: User) -> str:
    return _digest(user.password_hash)[:16]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
