"""Interviews: propose, confirm, and hear both sides about whether they took place."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.interviews import SILENCE, Mode, Report, outcome_of
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import Application, Interview, User
from webapp.services.notifications import notify, notify_members
from webapp.services.steps import LINKS, load_application, own_application, take_step


class InterviewInPast(PlatformError):
    """An appointment that is over before it is made."""

    message = N_("面试时间已经过去了，请选一个以后的时间。")


class InterviewIncomplete(PlatformError):
    """An appointment without a place."""

    message = N_("请写明面试地点；视频或电话面试请写明会议链接或号码。")


class InterviewNotOver(PlatformError):
    """A report before the slot."""

    message = N_("面试还没有开始，请在面试之后再记录。")


class InterviewReplaced(PlatformError):
    """A newer appointment exists."""

    message = N_("这次面试已改约，请按最新的安排进行。")


def schedule_interview(
    session: Session,
    *,
    by: User,
    application_id: int,
    starts_at: datetime,
    mode: Mode,
    place: str,
    at: datetime,
    contact: str | None = None,
) -> Interview:
    """Propose an appointment; while one is pending a new one replaces it and is confirmed anew."""
    application = own_application(session, application_id, by)
    if starts_at <= at:
        raise InterviewInPast
    if not place.strip():
        raise InterviewIncomplete
    if application.stage is Stage.INTERVIEW_SCHEDULED and by.role is Role.EMPLOYER:
        _tell_changed(session, application, at)
    else:
        take_step(session, application, Stage.INTERVIEW_SCHEDULED, by=by, at=at)
    interview = Interview(
        application_id=application.id,
        starts_at=starts_at,
        mode=mode.value,
        place=place.strip(),
        contact=(contact or "").strip() or None,
        created_at=at,
    )
    session.add(interview)
    session.flush()
    return interview


def confirm_interview(session: Session, *, by: User, interview_id: int, at: datetime) -> Interview:
    """Let the graduate confirm time and place."""
    interview, application = _latest_of(session, interview_id, by)
    if by.role is not Role.GRADUATE:
        raise NotFound
    if application.stage is not Stage.INTERVIEW_SCHEDULED:
        raise InterviewReplaced
    if interview.confirmed_at is None:
        interview.confirmed_at = at
        session.flush()
        notify_members(
            session,
            employer_id=application.posting.employer_id,
            message=N_("毕业生已确认“%(title)s”的面试时间。"),
            link=LINKS[Role.EMPLOYER] % application.id,
            at=at,
            title=application.posting.title,
        )
    return interview


def report_interview(
    session: Session, *, by: User, interview_id: int, report: Report, at: datetime
) -> Interview:
    """Take one side's word on whether the interview took place, and move on if that settles it."""
    interview, application = _latest_of(session, interview_id, by)
    if at < interview.starts_at:
        raise InterviewNotOver
    if by.role is Role.GRADUATE:
        interview.graduate_report = report.value
    else:
        interview.employer_report = report.value
    session.flush()
    if application.stage is Stage.INTERVIEW_SCHEDULED:
        target = _outcome(interview, at)
        if target is not None:
            take_step(session, application, target, by=by, at=at)
    return interview


def settle_interviews(session: Session, *, at: datetime) -> int:
    """Let the word of one side stand where the other has been silent for a day; return how many."""
    waiting = session.execute(
        select(Interview, Application)
        .join(Application, Application.id == Interview.application_id)
        .where(
            Application.stage == Stage.INTERVIEW_SCHEDULED,
            Interview.starts_at <= at - SILENCE,
            or_(Interview.employer_report.is_not(None), Interview.graduate_report.is_not(None)),
            Interview.id.in_(select(func.max(Interview.id)).group_by(Interview.application_id)),
        )
    ).all()
    settled = 0
    for interview, application in waiting:
        target = _outcome(interview, at)
        if target is not None:
            take_step(session, load_application(session, application.id), target, by=None, at=at)
            settled += 1
    return settled


def _outcome(interview: Interview, at: datetime) -> Stage | None:
    employer, graduate = (
        Report(said) if said else None for said in (interview.employer_report, interview.graduate_report)
    )
    return outcome_of(employer, graduate, starts_at=interview.starts_at, at=at)


def _latest_of(session: Session, interview_id: int, by: User) -> tuple[Interview, Application]:
    interview = session.get(Interview, interview_id)
    if interview is None:
        raise NotFound
    application = own_application(session, interview.application_id, by)
    newest = (
        select(Interview.id).where(Interview.application_id == application.id).order_by(Interview.id.desc())
    )
    if session.scalar(newest.limit(1)) != interview.id:
        raise InterviewReplaced
    return interview, application


def _tell_changed(session: Session, application: Application, at: datetime) -> None:
    notify(
        session,
        user_id=application.graduate.user_id,
        message=N_("%(employer)s 更改了“%(title)s”的面试安排，请重新确认。"),
        link=LINKS[Role.GRADUATE] % application.id,
        at=at,
        employer=application.posting.employer.name,
        title=application.posting.title,
    )
