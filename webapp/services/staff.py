"""Officers' accounts after they were opened: closing one ends its sessions at once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.roles import Scope, may_invite
from webapp.models import Officer, User
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE


def deactivate_officer(session: Session, *, by: User, officer_id: int, at: datetime) -> Officer:
    """Close the account of an officer of narrower scope; the city may close any but its own."""
    acting = session.scalar(select(Officer).where(Officer.user_id == by.id))
    wanted = select(Officer).options(joinedload(Officer.user)).where(Officer.id == officer_id)
    officer = session.scalar(wanted)
    if officer is None:
        raise NotFound
    reaches = acting is not None and (acting.scope is Scope.CITY or may_invite(acting.scope, officer.scope))
    if not reaches or officer.user_id == by.id:
        raise NotAllowed
    officer.user.is_active = False
    officer.user.session_version += 1
    session.flush()
    record_deed(
        session,
        by=by,
        action="deactivate_officer",
        subject=f"officer:{officer.id}",
        at=at,
        on_behalf_of=OFFICE,
        name=officer.user.name,
    )
    return officer
