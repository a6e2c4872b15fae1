"""Deeds on an application up to the interview: submit, view, screen, assess, reject, withdraw."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date
from webapp.domain.employers import EmployerStatus
from webapp.domain.errors import Conflict, NotFound, PlatformError
from webapp.domain.pipeline import EMPLOYED, FINAL, PROMISED, Stage
from webapp.domain.postings import EMPLOYMENT, PostingStatus
from webapp.domain.rejection import RejectReason
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import Application, ApplicationStep, Graduate, Posting, Resume, User
from webapp.services import consents
from webapp.services.audit import record_look
from webapp.services.places import free_place
from webapp.services.steps import graduate_of, own_application, take_step, write_step


class ConsentNeeded(PlatformError):
    """Applying without agreeing that this employer sees the resume (PIPL 23)."""

    message = N_(
        "投递需要你同意把简历和联系方式提供给%(employer)s。请勾选同意后再投递，撤回投递后单位不能再查看。"
    )


class PostingNotOpen(PlatformError):
    """The posting takes no applications at the moment."""

    message = N_("“%(title)s”已停止接收投递（已关闭、已到期或已招满）。看看相似的岗位吧。")


class AlreadyApplied(PlatformError):
    """An open application to the same posting exists."""

    message = N_("你已经投递过“%(title)s”，在“我的投递”里可以看到进展，不用重复投递。")


class NotConvertible(PlatformError):
    """The application named is no internship of this employer that may become a job."""

    message = N_("这份申请不能作为实习或见习转正：须已到岗、标明可转正，且转正岗位属于同一单位。")


def submit(
    session: Session,
    *,
    by: User,
    posting_id: int,
    at: datetime,
    consent: bool = False,
    note: str | None = None,
    idempotency_key: str | None = None,
    converted_from_id: int | None = None,
) -> Application:
    """Hand in an application with the current resume.

    ``consent`` is the ticked box; ``converted_from_id`` names the internship this job grows out of. The
    same ``idempotency_key`` again returns the application of the first time.
    """
    graduate = graduate_of(session, by)
    if earlier := _submitted_with(session, graduate, idempotency_key):
        return earlier
    posting = session.get(Posting, posting_id, populate_existing=True, options=[joinedload(Posting.employer)])
    if posting is None:
        raise NotFound
    check_open(posting, at)
    if converted_from_id is not None:
        _check_conversion(session, graduate, posting, converted_from_id)
    if not consent and not consents.has_consent(
        session, by.id, Purpose.SHARE_WITH_EMPLOYER, posting.employer_id
    ):
        raise ConsentNeeded(employer=posting.employer.name)
    if find_open(session, graduate_id=graduate.id, posting_id=posting.id):
        return _same_or_refuse(session, graduate, posting, idempotency_key)
    try:
        with session.begin_nested():
            application = _write(session, graduate, posting, note=note, at=at)
            application.converted_from_id = converted_from_id
            write_step(session, application, Stage.DRAFT, by=by, at=at, idempotency_key=idempotency_key)
    except IntegrityError:  # a second tab was quicker
        return _same_or_refuse(session, graduate, posting, idempotency_key)
    return application


def find_open(session: Session, *, graduate_id: int, posting_id: int) -> Application | None:
    """Return the graduate's open application to a posting, if any."""
    return session.scalar(
        select(Application).where(
            Application.graduate_id == graduate_id,
            Application.posting_id == posting_id,
            Application.stage.not_in(FINAL),
        )
    )


def mark_viewed(session: Session, *, by: User, application_id: int, at: datetime) -> Application:
    """Note that the employer opened an application; the first time is a step, every time is audited."""
    application = own_application(session, application_id, by)
    if by.role is not Role.EMPLOYER or application.stage is Stage.WITHDRAWN:
        raise NotFound
    record_look(
        session,
        by=by,
        graduate_id=application.graduate_id,
        action="application_opened",
        at=at,
        on_behalf_of=application.posting.employer.name,
        title=application.posting.title,
    )
    if application.stage is Stage.SUBMITTED:
        take_step(session, application, Stage.VIEWED, by=by, at=at)
    return application


def screen_in(
    session: Session, *, by: User, application_id: int, at: datetime, note: str | None = None
) -> Application:
    """Let an application pass the screening."""
    application = own_application(session, application_id, by)
    return take_step(session, application, Stage.SCREENED_IN, by=by, at=at, note=note)


def begin_assessment(
    session: Session, *, by: User, application_id: int, at: datetime, note: str
) -> Application:
    """Ask the graduate to take a test; ``note`` says where and until when."""
    application = own_application(session, application_id, by)
    return take_step(session, application, Stage.ASSESSMENT, by=by, at=at, note=note)


def reject(
    session: Session,
    *,
    by: User,
    application_id: int,
    at: datetime,
    reason: RejectReason,
    note: str | None = None,
) -> Application:
    """Say no with a coded reason; only a person can (PIPL 24)."""
    application = own_application(session, application_id, by)
    return take_step(session, application, Stage.REJECTED, by=by, at=at, reason=reason, note=note)


def withdraw(
    session: Session, *, by: User, application_id: int, at: datetime, reason: str | None = None
) -> Application:
    """Take an application back: the employer's access ends now and a promised place is free again."""
    application = own_application(session, application_id, by)
    promised = application.stage in PROMISED
    take_step(session, application, Stage.WITHDRAWN, by=by, at=at, reason=reason)
    if promised:
        free_place(session, application, at=at)
    if not _other_open(session, application):
        consents.withdraw(
            session,
            user_id=by.id,
            purpose=Purpose.SHARE_WITH_EMPLOYER,
            employer_id=application.posting.employer_id,
            at=at,
        )
    return application


def _write(
    session: Session, graduate: Graduate, posting: Posting, *, note: str | None, at: datetime
) -> Application:
    """Write the consent and the application it covers; both or neither."""
    shared = consents.give(
        session,
        user_id=graduate.user_id,
        purpose=Purpose.SHARE_WITH_EMPLOYER,
        employer_id=posting.employer_id,
        at=at,
    )
    resume_id = session.scalar(
        select(Resume.id).where(Resume.graduate_id == graduate.id, Resume.is_current.is_(True))
    )
    application = Application(
        graduate=graduate,
        posting=posting,
        resume_id=resume_id,
        consent_id=shared.id,
        stage=Stage.SUBMITTED,
        stage_since_at=at,
        note=(note or "").strip() or None,
        created_at=at,
    )
    session.add(application)
    session.flush()
    return application


def _submitted_with(session: Session, graduate: Graduate, key: str | None) -> Application | None:
    if key is None:
        return None
    earlier = session.scalar(
        select(Application).join(ApplicationStep).where(ApplicationStep.idempotency_key == key)
    )
    if earlier is not None and earlier.graduate_id != graduate.id:
        raise Conflict
    return earlier


def _same_or_refuse(session: Session, graduate: Graduate, posting: Posting, key: str | None) -> Application:
    """Return the application this very form has written meanwhile, refuse any other."""
    if earlier := _submitted_with(session, graduate, key):
        return earlier
    raise AlreadyApplied(title=posting.title)


def check_open(posting: Posting, at: datetime) -> None:
    """Refuse a posting that takes nobody: not live, out of date, full, or its employer not verified."""
    verified = posting.employer.status is EmployerStatus.APPROVED
    expired = posting.valid_until_on is not None and posting.valid_until_on < city_date(at)
    if (
        not verified
        or posting.status is not PostingStatus.LIVE
        or expired
        or posting.filled >= posting.headcount
    ):
        raise PostingNotOpen(title=posting.title)


def _check_conversion(session: Session, graduate: Graduate, posting: Posting, earlier_id: int) -> None:
    wanted = select(Application).where(Application.id == earlier_id)
    earlier = session.scalar(wanted.options(joinedload(Application.posting)))
    if (
        earlier is None
        or earlier.graduate_id != graduate.id
        or earlier.stage not in EMPLOYED | {Stage.LEFT}
        or earlier.posting.kind in EMPLOYMENT
        or not earlier.posting.converts
        or earlier.posting.employer_id != posting.employer_id
        or posting.kind not in EMPLOYMENT
    ):
        raise NotConvertible


def _other_open(session: Session, application: Application) -> bool:
    """Say whether another open application of the graduate goes to the same employer."""
    return (
        session.scalar(
            select(Application.id)
            .join(Posting)
            .where(
                Application.graduate_id == application.graduate_id,
                Posting.employer_id == application.posting.employer_id,
                Application.stage.not_in(FINAL),
                Application.id != application.id,
            )
            .limit(1)
        )
        is not None
    )
