"""Organisations: registering, describing themselves, being verified and suspended."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.employers import (
    EDITABLE,
    LABELS,
    RENEW_DAYS,
    VERIFIED_DAYS,
    CreditCodeTaken,
    EmployerKind,
    EmployerStatus,
    KindNotFitting,
    NotWaiting,
    Organisation,
    OrganisationIncomplete,
    OrganisationLocked,
    VerificationNotDue,
    check_employer_name,
    fits_credit_code,
)
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.identifiers import check_credit_code
from webapp.domain.postings import PostingStatus
from webapp.domain.programme import unit_of
from webapp.domain.roles import DECIDES, MemberRole, Role, Scope
from webapp.domain.words import N_
from webapp.models import Employer, Member, Officer, Posting, StoredFile, User
from webapp.services.accounts import register_member
from webapp.services.audit import record_deed
from webapp.services.changes import posting_changed
from webapp.services.files import Paper, store_file
from webapp.services.notifications import notify_members

ORGANISATION = "/employer/organisation"
LICENCE = "licence"
OFFICE = N_("学子留汉工作人员")


def register_employer(
    session: Session,
    *,
    employer_name: str,
    credit_code: str,
    kind: EmployerKind,
    name: str,
    login: str,
    password: str,
    at: datetime,
) -> Member:
    """Open an organisation's account with its owner; nothing of it is public yet.

    Raises ``EmployerNameInvalid``, ``CreditCodeInvalid``, :class:`CreditCodeTaken`, :class:`KindNotFitting`.
    """
    check_employer_name(employer_name)
    code = check_credit_code(credit_code)
    _check_kind(kind, code)
    employer = Employer(name=employer_name, credit_code=code, kind=kind, created_at=at)
    try:
        with session.begin_nested():
            session.add(employer)
            session.flush()
    except IntegrityError:
        raise CreditCodeTaken(code=code) from None
    return register_member(
        session,
        name=name,
        login=login,
        password=password,
        employer=employer,
        at=at,
        role=MemberRole.OWNER,
    )


def update_organisation(session: Session, *, by: User, organisation: Organisation, at: datetime) -> Employer:
    """Change what an employer says about itself; what an officer has checked stays as it is."""
    employer = employer_acted_for(session, by)
    renamed = (organisation.name, organisation.kind) != (employer.name, employer.kind)
    if renamed and employer.status not in EDITABLE:
        raise OrganisationLocked
    if organisation.name != employer.name:
        check_employer_name(organisation.name)
    _check_kind(organisation.kind, employer.credit_code)
    for field, value in asdict(organisation).items():
        setattr(employer, field, value)
    session.flush()
    _tell_index(session, employer, at)
    return employer


def attach_licence(session: Session, *, by: User, paper: Paper, at: datetime, key: bytes) -> StoredFile:
    """Seal the licence an officer compares with the organisation; a new one replaces the old."""
    employer = employer_acted_for(session, by)
    kept = store_file(
        session,
        owner_id=by.id,
        purpose=LICENCE,
        filename=paper.filename,
        content=paper.content,
        media_type=paper.media_type,
        at=at,
        key=key,
    )
    employer.licence_file_id = kept.id
    session.flush()
    return kept


def submit_for_verification(session: Session, *, by: User, at: datetime) -> Employer:
    """Ask an officer to verify the organisation, for the first time or for the next half year.

    During a renewal the old verification stands until its day, so that live postings stay live.
    """
    employer = employer_acted_for(session, by)
    if not may_submit(employer, on=city_date(at)):
        raise VerificationNotDue(status=LABELS[employer.status], days=RENEW_DAYS)
    if missing := missing_for_verification(employer):
        raise OrganisationIncomplete(missing="、".join(missing))
    if employer.status is not EmployerStatus.APPROVED:
        employer.status = EmployerStatus.SUBMITTED
    employer.submitted_at, employer.return_reason = at, None
    session.flush()
    return employer


def may_submit(employer: Employer, *, on: date) -> bool:
    """Say whether an organisation can ask for verification now."""
    until = employer.verified_until_on
    due = until is None or until - timedelta(days=RENEW_DAYS) <= on
    renews = employer.status is EmployerStatus.APPROVED and employer.submitted_at is None and due
    return employer.status in EDITABLE or renews


def missing_for_verification(employer: Employer) -> list[str]:
    """Return the names of what an officer needs and does not have yet."""
    needed = {
        N_("所在区"): employer.district,
        N_("详细地址"): employer.address,
        N_("单位简介"): employer.intro,
        N_("联系人"): employer.contact_name,
        N_("联系电话"): employer.contact_phone,
        N_("营业执照或法人证书"): employer.licence_file_id,
    }
    return [name for name, value in needed.items() if not value]


def approve_employer(session: Session, *, by: User, employer_id: int, at: datetime) -> Employer:
    """Verify an organisation for half a year; a suspended one is lifted by the same word."""
    employer = _decided(session, by, employer_id, at)
    if employer.submitted_at is None and employer.status is not EmployerStatus.SUSPENDED:
        raise NotWaiting(name=employer.name, status=LABELS[employer.status])
    on = city_date(at)
    employer.status = EmployerStatus.APPROVED
    employer.verified_on, employer.verified_by_id = on, by.id
    employer.verified_until_on = on + timedelta(days=VERIFIED_DAYS)
    employer.submitted_at = employer.return_reason = None
    message = N_("“%(employer)s”已通过核验，有效期到 %(until)s。现在可以发布岗位。")
    return _decide(session, employer, by=by, action="approve_employer", message=message, at=at)


def return_employer(session: Session, *, by: User, employer_id: int, at: datetime, reason: str) -> Employer:
    """Return an organisation with what is to be mended."""
    employer = _decided(session, by, employer_id, at)
    if employer.submitted_at is None:
        raise NotWaiting(name=employer.name, status=LABELS[employer.status])
    employer.status, employer.submitted_at = EmployerStatus.RETURNED, None
    employer.return_reason = reason
    message = N_("“%(employer)s”的核验被退回：%(reason)s。修改后请重新提交。")
    return _decide(session, employer, by=by, action="return_employer", message=message, at=at)


def suspend_employer(session: Session, *, by: User, employer_id: int, at: datetime, reason: str) -> Employer:
    """Take an organisation and all its postings out of sight at once."""
    employer = _decided(session, by, employer_id, at)
    if employer.status is EmployerStatus.SUSPENDED:
        raise NotWaiting(name=employer.name, status=LABELS[employer.status])
    employer.status, employer.return_reason = EmployerStatus.SUSPENDED, reason
    message = N_("“%(employer)s”已被暂停：%(reason)s。岗位暂不展示，如有异议请联系工作人员。")
    return _decide(session, employer, by=by, action="suspend_employer", message=message, at=at)


def lapse_verifications(session: Session, *, on: date, at: datetime) -> int:
    """Hide employers whose half year is over until they are verified again; returns how many."""
    lapsed = session.scalars(
        select(Employer).where(Employer.status == EmployerStatus.APPROVED, Employer.verified_until_on < on)
    ).all()
    for employer in lapsed:
        waiting = employer.submitted_at is not None
        employer.status = EmployerStatus.SUBMITTED if waiting else EmployerStatus.RETURNED
        employer.return_reason = None if waiting else N_("核验已满半年，请确认资料后重新提交。")
        message = N_("“%(employer)s”的核验已到期，岗位暂不展示。请重新提交核验。")
        link = ORGANISATION
        notify_members(
            session, employer_id=employer.id, message=message, at=at, link=link, employer=employer.name
        )
        _tell_index(session, employer, at)
    return len(lapsed)


def is_verified(employer: Employer, *, on: date) -> bool:
    """Say whether an organisation may have live postings on a day."""
    until = employer.verified_until_on
    return employer.status is EmployerStatus.APPROVED and until is not None and on <= until


def employer_acted_for(session: Session, by: User) -> Employer:
    """Return the organisation a member acts for, locked for this transaction."""
    employer = session.scalar(
        select(Employer)
        .join(Member, Member.employer_id == Employer.id)
        .where(Member.user_id == by.id)
        .with_for_update(of=Employer)
        .execution_options(populate_existing=True)
    )
    if employer is None or by.role is not Role.EMPLOYER:
        raise NotAllowed
    return employer


def check_decides(session: Session, *, by: User, district: str | None, on: date) -> None:
    """Refuse officers whose word does not reach an employer or posting in this district."""
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if by.role is not Role.OFFICER or officer is None or officer.scope not in DECIDES:
        raise NotAllowed
    if officer.scope is Scope.UNIT and officer.unit != unit_of(district, on):
        raise NotAllowed


def _check_kind(kind: EmployerKind, code: str) -> None:
    if not fits_credit_code(kind, code):
        raise KindNotFitting(start=code[:2], kind=LABELS[kind])


def _decided(session: Session, by: User, employer_id: int, at: datetime) -> Employer:
    employer = session.get(Employer, employer_id, with_for_update=True, populate_existing=True)
    if employer is None:
        raise NotFound
    check_decides(session, by=by, district=employer.district, on=city_date(at))
    return employer


def _decide(
    session: Session, employer: Employer, *, by: User, action: str, message: str, at: datetime
) -> Employer:
    facts = {
        "employer": employer.name,
        "reason": employer.return_reason or "",
        "until": str(employer.verified_until_on or ""),
    }
    subject = f"employer:{employer.id}"
    record_deed(session, by=by, action=action, subject=subject, at=at, on_behalf_of=OFFICE, **facts)
    notify_members(session, employer_id=employer.id, message=message, at=at, link=ORGANISATION, **facts)
    _tell_index(session, employer, at)
    return employer


def _tell_index(session: Session, employer: Employer, at: datetime) -> None:
    """Let the index look again at everything of an employer that is or may become visible."""
    live = select(Posting.id).where(Posting.employer_id == employer.id, Posting.status == PostingStatus.LIVE)
    for posting_id in session.scalars(live).all():
        posting_changed(session, posting_id, at)
