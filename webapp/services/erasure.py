"""Leaving the platform: what is erased on request, and the count that stays (PIPL 47, DOMAIN 1.6)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.domain.pipeline import Stage, allowed
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import (
    Application,
    Consent,
    Digest,
    Evidence,
    Graduate,
    Invitation,
    LedgerEntry,
    MarketList,
    Notification,
    Placement,
    RegisteredOutcome,
    Resume,
    SavedPosting,
    StoredFile,
    User,
)
from webapp.models.matching import OwnerKind
from webapp.services.applications import withdraw
from webapp.services.audit import record_deed
from webapp.services.changes import graduate_changed
from webapp.services.embeddings import forget
from webapp.services.letters import call_back

NOBODY = N_("已注销")


def erase(session: Session, *, graduate: Graduate, by: User, at: datetime) -> None:
    """Close the account and forget the person.

    Open applications are withdrawn; resumes, files, vectors, wishes, contacts and the link to the
    identity number go. School, degree, graduation and the kind of destination stay without a name, and so
    does every count already in the ledger, with the evidence that carries it.
    """
    _withdraw_applications(session, graduate, by, at)
    _drop_papers(session, graduate)
    for table in (Digest, Invitation, MarketList, SavedPosting):
        session.execute(delete(table).where(table.graduate_id == graduate.id))
    session.execute(delete(Notification).where(Notification.user_id == graduate.user_id))
    call_back(session, user_id=graduate.user_id)
    session.execute(
        update(Consent)
        .where(Consent.user_id == graduate.user_id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
    session.execute(
        update(RegisteredOutcome)
        .where(RegisteredOutcome.graduate_id == graduate.id)
        .values(employer=None, credit_code=None, place=None, agreement=None, pay=None)
    )
    _forget_profile(graduate, at)
    forget(session, OwnerKind.RESUME, [graduate.id])
    graduate_changed(session, graduate.id, at)
    record_deed(
        session,
        by=by,
        action="account erased",
        subject=f"graduate:{graduate.id}",
        at=at,
        on_behalf_of=NOBODY,
    )


def _withdraw_applications(session: Session, graduate: Graduate, by: User, at: datetime) -> None:
    rows = session.scalars(select(Application).where(Application.graduate_id == graduate.id)).all()
    for application in rows:
        if Stage.WITHDRAWN in allowed(application.stage, Role.GRADUATE):
            withdraw(session, by=by, application_id=application.id, at=at)
        application.note = None


def _drop_papers(session: Session, graduate: Graduate) -> None:
    """Empty the resumes and delete every file that carries no count."""
    session.execute(
        update(Resume)
        .where(Resume.graduate_id == graduate.id)
        .values(text="", redacted_text="", skills=[], fields={}, filename=None, file_id=None)
    )
    counted = select(LedgerEntry.placement_id).where(LedgerEntry.placement_id.is_not(None))
    own = select(Placement.id).where(Placement.graduate_id == graduate.id)
    session.execute(
        update(Evidence)
        .where(Evidence.placement_id.in_(own), Evidence.placement_id.not_in(counted))
        .values(file_id=None)
    )
    cited = select(Evidence.file_id).where(Evidence.file_id.is_not(None))
    session.execute(
        delete(StoredFile).where(StoredFile.owner_id == graduate.user_id, StoredFile.id.not_in(cited))
    )


def _forget_profile(graduate: Graduate, at: datetime) -> None:
    user = graduate.user
    user.name = graduate.name = NOBODY
    user.email, user.mobile = f"erased-{user.id}@invalid", None
    user.is_active = False
    user.session_version += 1
    graduate.major_name = graduate.person_key = graduate.pay_min = graduate.start_on = None
    graduate.wanted, graduate.kinds, graduate.districts, graduate.clusters = [], [], [], []
    graduate.searchable = False
    graduate.restricted_at = at
