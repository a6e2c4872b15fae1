"""One way to move an application: find it, check the step, write it down, tell the other side."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.pipeline import ANSWERS, Stage, check_step
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import Application, ApplicationStep, Graduate, Member, Posting, User
from webapp.services.notifications import notify, notify_members

LINKS: Mapping[Role, str] = {
    Role.GRADUATE: "/graduate/applications/%d",
    Role.EMPLOYER: "/employer/applications/%d",
}

TO_GRADUATE: Mapping[Stage, str] = {
    Stage.VIEWED: N_("%(employer)s 查看了你投递“%(title)s”的简历。"),
    Stage.SCREENED_IN: N_("好消息：你投递的“%(title)s”已通过筛选。"),
    Stage.ASSESSMENT: N_("%(employer)s 邀请你参加“%(title)s”的测评。"),
    Stage.INTERVIEW_SCHEDULED: N_("%(employer)s 约你面试“%(title)s”，请确认时间和地点。"),
    Stage.INTERVIEWED: N_("“%(title)s”的面试已记录为完成。"),
    Stage.NO_SHOW: N_("“%(title)s”的面试被记录为未进行，如有出入请尽快说明。"),
    Stage.OFFER_MADE: N_("恭喜：%(employer)s 向你发出“%(title)s”的录用通知，请在期限内答复。"),
    Stage.REJECTED: N_("“%(title)s”这次没有成，%(employer)s 写明了原因。看看其他适合你的岗位。"),
    Stage.EXPIRED: N_("“%(title)s”的录用通知已过答复期限。"),
    Stage.AGREEMENT_PENDING: N_("%(employer)s 发起了“%(title)s”的签约。"),
    Stage.BREACHED: N_("%(employer)s 取消了“%(title)s”的录用，原因已写明。"),
    Stage.DISSOLVED: N_("“%(title)s”的就业协议已解除。"),
    Stage.ONBOARDED: N_("%(employer)s 已确认你到岗“%(title)s”。"),
    Stage.PROBATION: N_("你在“%(title)s”的试用期开始了。"),
    Stage.CONFIRMED: N_("恭喜：你已在“%(title)s”转正。"),
    Stage.LEFT: N_("%(employer)s 记录了你离开“%(title)s”。"),
}

TO_EMPLOYER: Mapping[Stage, str] = {
    Stage.SUBMITTED: N_("有毕业生投递了“%(title)s”，请在 7 天内答复。"),
    Stage.WITHDRAWN: N_("一位毕业生撤回了对“%(title)s”的投递。"),
    Stage.INTERVIEWED: N_("“%(title)s”的一场面试已记录为完成。"),
    Stage.NO_SHOW: N_("“%(title)s”的一场面试被记录为未进行。"),
    Stage.ACCEPTED: N_("毕业生接受了“%(title)s”的录用，请在 15 天内发起签约。"),
    Stage.DECLINED: N_("毕业生谢绝了“%(title)s”的录用。"),
    Stage.EXPIRED: N_("“%(title)s”的一份录用通知已过期，名额可发给其他人。"),
    Stage.AGREEMENT_PENDING: N_("毕业生发起了“%(title)s”的签约。"),
    Stage.AGREEMENT_SIGNED: N_("“%(title)s”已签约，到岗后请确认。"),
    Stage.BREACHED: N_("毕业生未履行“%(title)s”的签约，名额已释放。"),
    Stage.DISSOLVED: N_("“%(title)s”的就业协议已解除，名额已释放。"),
    Stage.ONBOARDED: N_("毕业生已确认到岗“%(title)s”。"),
    Stage.LEFT: N_("毕业生记录了离开“%(title)s”。"),
}


def load_application(session: Session, application_id: int) -> Application:
    """Return an application and both sides, locked for this transaction, as it is now, not as it was read.

    The sides are read once the lock is held: joined, they would be what they were before the wait.
    """
    found = session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .options(
            selectinload(Application.graduate).joinedload(Graduate.user),
            selectinload(Application.posting).joinedload(Posting.employer),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def own_application(session: Session, application_id: int, by: User) -> Application:
    """Return a locked application if ``by`` is its graduate or a member of its employer.

    To anybody else it does not exist: a guessed address must not tell that there is something.
    """
    application = load_application(session, application_id)
    if not is_party(session, application, by):
        raise NotFound
    return application


def is_party(session: Session, application: Application, by: User) -> bool:
    """Say whether ``by`` is the graduate, or acts for the employer, of an application."""
    if by.role is Role.GRADUATE:
        return application.graduate.user_id == by.id
    return by.role is Role.EMPLOYER and employer_of(session, by) == application.posting.employer_id


def employer_of(session: Session, by: User) -> int | None:
    """Return the id of the employer a user acts for."""
    return session.scalar(select(Member.employer_id).where(Member.user_id == by.id))


def graduate_of(session: Session, by: User) -> Graduate:
    """Return the profile of a graduate who is logged in, or refuse."""
    graduate = session.scalar(select(Graduate).where(Graduate.user_id == by.id))
    if graduate is None or by.role is not Role.GRADUATE:
        raise NotAllowed
    return graduate


def own_posting(session: Session, posting_id: int, by: User) -> Posting:
    """Return a posting of the employer ``by`` acts for, with that employer."""
    wanted = select(Posting).where(Posting.id == posting_id).options(joinedload(Posting.employer))
    posting = session.scalar(wanted)
    if posting is None or by.role is not Role.EMPLOYER or employer_of(session, by) != posting.employer_id:
        raise NotFound
    return posting


def take_step(
    session: Session,
    application: Application,
    target: Stage,
    *,
    by: User | None,
    at: datetime,
    reason: str | None = None,
    note: str | None = None,
) -> Application:
    """Move an application, write the step and tell the other side; ``by=None`` is the platform.

    Refuses what the table of the pipeline does not list. Time never runs backwards within one
    application, whatever clock the caller had.
    """
    role = by.role if by else None
    source = application.stage
    check_step(source, target, role=role, reason=reason)
    at = max(at, application.stage_since_at)
    application.stage, application.stage_since_at = target, at
    if target in ANSWERS and application.answered_at is None:
        application.answered_at = at
    write_step(session, application, source, by=by, at=at, reason=reason, note=note)
    return application


def write_step(
    session: Session,
    application: Application,
    source: Stage,
    *,
    by: User | None,
    at: datetime,
    reason: str | None = None,
    note: str | None = None,
    idempotency_key: str | None = None,
) -> None:
    """Write down a step already taken and tell whoever did not take it."""
    session.add(
        ApplicationStep(
            application_id=application.id,
            source=source,
            target=application.stage,
            actor_id=by.id if by else None,
            actor_role=by.role if by else None,
            at=at,
            reason=reason,
            note=note,
            idempotency_key=idempotency_key,
        )
    )
    session.flush()
    _tell(session, application, None if by is None else by.role, at)


def _tell(session: Session, application: Application, role: Role | None, at: datetime) -> None:
    posting = application.posting
    facts = {"title": posting.title, "employer": posting.employer.name}
    if role is not Role.GRADUATE and (message := TO_GRADUATE.get(application.stage)):
        link = LINKS[Role.GRADUATE] % application.id
        notify(session, user_id=application.graduate.user_id, message=message, link=link, at=at, **facts)
    if role is not Role.EMPLOYER and (message := TO_EMPLOYER.get(application.stage)):
        link = LINKS[Role.EMPLOYER] % application.id
        notify_members(session, employer_id=posting.employer_id, message=message, link=link, at=at, **facts)
