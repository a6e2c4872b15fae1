"""An employer invites a graduate it cannot name; accepting shares name, contact and resume."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.words import N_
from webapp.models import Application, Graduate, Invitation, User
from webapp.models.invitation import InvitationStatus
from webapp.services import applications
from webapp.services.audit import record_look
from webapp.services.notifications import notify, notify_members
from webapp.services.steps import graduate_of, own_posting

INBOX = "/graduate/invitations"
CANDIDATES = "/employer/postings/%d/candidates"


class NotInvitable(PlatformError):
    """The graduate does not wish to be found, or has left."""

    message = N_("这位毕业生目前不接受邀请。请看看名单上的其他人选。")


class AlreadyInvited(PlatformError):
    """The same person has been invited to, or has applied for, this posting."""

    message = N_("这位毕业生已收到过邀请或已经投递，不用重复邀请。")


class AlreadyAnswered(PlatformError):
    """The invitation has been answered before."""

    message = N_("你已经答复过这份邀请。")


def invite(
    session: Session, *, by: User, posting_id: int, graduate_id: int, at: datetime, message: str | None = None
) -> Invitation:
    """Ask a graduate who allows it to apply; name and contact stay hidden."""
    posting = own_posting(session, posting_id, by)
    applications.check_open(posting, at)
    graduate = session.get(Graduate, graduate_id)
    if graduate is None or not graduate.searchable or graduate.restricted_at is not None:
        raise NotInvitable
    invited = session.scalar(
        select(Invitation).where(Invitation.posting_id == posting.id, Invitation.graduate_id == graduate.id)
    )
    if invited or applications.find_open(session, graduate_id=graduate.id, posting_id=posting.id):
        raise AlreadyInvited
    invitation = Invitation(
        posting=posting,
        graduate=graduate,
        status=InvitationStatus.SENT,
        message=(message or "").strip() or None,
        invited_by_id=by.id,
        created_at=at,
    )
    session.add(invitation)
    session.flush()
    record_look(
        session,
        by=by,
        graduate_id=graduate.id,
        action="invited",
        at=at,
        on_behalf_of=posting.employer.name,
        title=posting.title,
    )
    notify(
        session,
        user_id=graduate.user_id,
        message=N_("%(employer)s 邀请你投递“%(title)s”。接受后单位才能看到你的姓名和联系方式。"),
        link=INBOX,
        at=at,
        employer=posting.employer.name,
        title=posting.title,
    )
    return invitation


def accept_invitation(
    session: Session, *, by: User, invitation_id: int, at: datetime, note: str | None = None
) -> Application:
    """Accept: consent to share with this employer is given and the application handed in."""
    invitation = _own_invitation(session, invitation_id, by)
    application = applications.submit(
        session,
        by=by,
        posting_id=invitation.posting_id,
        at=at,
        consent=True,
        note=note,
        idempotency_key=f"invitation:{invitation.id}",
    )
    _answer(session, invitation, InvitationStatus.ACCEPTED, at)
    return application


def decline_invitation(session: Session, *, by: User, invitation_id: int, at: datetime) -> Invitation:
    """Decline: the employer learns nothing but that."""
    invitation = _own_invitation(session, invitation_id, by)
    _answer(session, invitation, InvitationStatus.DECLINED, at)
    notify_members(
        session,
        employer_id=invitation.posting.employer_id,
        message=N_("一位受邀的毕业生暂不考虑“%(title)s”。"),
        link=CANDIDATES % invitation.posting_id,
        at=at,
        title=invitation.posting.title,
    )
    return invitation


def _own_invitation(session: Session, invitation_id: int, by: User) -> Invitation:
    graduate = graduate_of(session, by)
    invitation = session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .options(selectinload(Invitation.posting))
        .with_for_update()
    )
    if invitation is None or invitation.graduate_id != graduate.id:
        raise NotFound
    if invitation.status is not InvitationStatus.SENT:
        raise AlreadyAnswered
    return invitation


def _answer(session: Session, invitation: Invitation, status: InvitationStatus, at: datetime) -> None:
    invitation.status, invitation.answered_at = status, at
    session.flush()
