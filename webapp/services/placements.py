"""Claims of an outcome, until an officer takes over; ``evidence.py`` holds the papers behind them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.domain import programme
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.pipeline import EMPLOYED
from webapp.domain.retention import (
    EDITABLE,
    LABELS,
    Cause,
    ClaimState,
    ClaimStepNotAllowed,
    Outcome,
)
from webapp.domain.roles import Role, Scope
from webapp.domain.words import N_
from webapp.models import (
    Application,
    Employer,
    Graduate,
    Member,
    Officer,
    Placement,
    Posting,
    User,
)
from webapp.services.notifications import notify, notify_members
from webapp.services.steps import employer_of

_OWN = frozenset({"75", "76"})
_UNSETTLED = frozenset(
    {ClaimState.CLAIMED, ClaimState.EVIDENCED, ClaimState.PROVISIONAL, ClaimState.RETURNED}
)
LINKS = {Role.GRADUATE: "/graduate/placements/%d", Role.EMPLOYER: "/employer/placements/%d"}


class OutcomeUnknown(PlatformError):
    """A code outside the table is never guessed."""

    message = N_("毕业去向代码“%(code)s”不在代码表中。请从列表中选择。")


class EmployerMissing(PlatformError):
    """Work without an employer."""

    message = N_("请填写用人单位；自主创业和自由职业可以不填。")


class AlreadyClaimed(PlatformError):
    """The same outcome is already waiting."""

    message = N_("这条去向已经填报过，正在等待材料或核验，不用重复填报。")


def claim_placement(
    session: Session,
    *,
    by: User,
    graduate_id: int,
    outcome: Outcome,
    at: datetime,
    employer_id: int | None = None,
) -> Placement:
    """Claim an outcome: graduates for themselves, employers for who started there, stations for their own."""
    graduate = session.get(Graduate, graduate_id)
    if graduate is None or not _may_claim(session, by, graduate, employer_id):
        raise NotFound
    employer = session.get(Employer, employer_id) if employer_id is not None else None
    if employer_id is not None and employer is None:
        raise NotFound
    return open_claim(session, by=by, graduate=graduate, outcome=outcome, employer=employer, at=at)


def open_claim(
    session: Session,
    *,
    by: User,
    graduate: Graduate,
    outcome: Outcome,
    employer: Employer | None,
    at: datetime,
    application: Application | None = None,
) -> Placement:
    """Write a claim down; unit and cluster are fixed now and no later change of a map moves them."""
    code = _checked_code(outcome, named=employer is not None)
    _check_new(session, graduate, employer, outcome, code)
    posting = application.posting if application else None
    placement = Placement(
        graduate=graduate,
        employer=employer,
        application_id=application.id if application else None,
        state=ClaimState.CLAIMED,
        cluster=(posting.cluster if posting else None) or (employer.cluster if employer else None),
        claimed_by_id=by.id,
        claimed_by_role=by.role,
        state_since_at=at,
        created_at=at,
    )
    _write_outcome(placement, outcome, code)
    session.add(placement)
    session.flush()
    if by.role is not Role.GRADUATE:
        notify(
            session,
            user_id=graduate.user_id,
            message=N_("你的去向已填报，请补充证明材料，核验后计入留汉统计。"),
            link=LINKS[Role.GRADUATE] % placement.id,
            at=at,
        )
    return placement


def amend_placement(
    session: Session, *, by: User, placement_id: int, outcome: Outcome, at: datetime
) -> Placement:
    """Correct a claim that nobody has verified yet, or that came back."""
    placement = own_placement(session, placement_id, by)
    if placement.state not in EDITABLE:
        raise ClaimStepNotAllowed(state=LABELS[placement.state])
    code = _checked_code(outcome, named=placement.employer_id is not None)
    _write_outcome(placement, outcome, code)
    placement.state_since_at = at
    session.flush()
    return placement


def own_placement(session: Session, placement_id: int, by: User) -> Placement:
    """Return a locked placement of the graduate, the employer or the school's station that asks for it."""
    placement = load_placement(session, placement_id)
    mine = by.role is Role.GRADUATE and placement.graduate.user_id == by.id
    ours = placement.employer_id is not None and placement.employer_id == employer_of(session, by)
    school = placement.claimed_by_role is Role.OFFICER and _of_own_school(session, by, placement.graduate)
    if not (mine or ours or school):
        raise NotFound
    return placement


def load_placement(session: Session, placement_id: int) -> Placement:
    """Return a placement with its graduate, locked for this transaction, as it is now."""
    found = session.scalar(
        select(Placement)
        .where(Placement.id == placement_id)
        .options(selectinload(Placement.graduate).joinedload(Graduate.user))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def tell_claimant(
    session: Session, placement: Placement, *, message: str, to_employer: str, at: datetime, **facts: object
) -> None:
    """Tell the graduate, and the employer if it made the claim, what became of it, each in fit words."""
    link = LINKS[Role.GRADUATE] % placement.id
    notify(session, user_id=placement.graduate.user_id, message=message, link=link, at=at, **facts)
    if placement.claimed_by_role is Role.EMPLOYER and placement.employer_id is not None:
        notify_members(
            session,
            employer_id=placement.employer_id,
            message=to_employer,
            link=LINKS[Role.EMPLOYER] % placement.id,
            at=at,
            name=placement.graduate.name,
            **facts,
        )


def tell_taken_back(session: Session, placement: Placement, *, cause: Cause, at: datetime) -> None:
    """Tell the claimant that a count was taken back, and why."""
    tell_claimant(
        session,
        placement,
        message=N_("你的去向不再计入留汉统计，原因：%(reason)s。如有异议请联系核验人员。"),
        to_employer=N_("%(name)s 的去向不再计入留汉统计，原因：%(reason)s。如有异议请联系核验人员。"),
        at=at,
        reason=LABELS[cause],
    )


def _may_claim(session: Session, by: User, graduate: Graduate, employer_id: int | None) -> bool:
    if by.role is Role.GRADUATE:
        return graduate.user_id == by.id
    if by.role is Role.OFFICER:
        return employer_id is None and _of_own_school(session, by, graduate)
    if by.role is not Role.EMPLOYER or employer_id is None:
        return False
    started_here = (
        select(Application.id)
        .join(Posting, Posting.id == Application.posting_id)
        .join(Member, Member.employer_id == Posting.employer_id)
        .where(
            Member.user_id == by.id,
            Posting.employer_id == employer_id,
            Application.graduate_id == graduate.id,
            Application.stage.in_(EMPLOYED),
        )
    )
    return session.scalar(started_here.limit(1)) is not None


def _of_own_school(session: Session, by: User, graduate: Graduate) -> bool:
    """Say whether this is the officer of the station at the graduate's school."""
    station = select(Officer.id).where(
        Officer.user_id == by.id,
        Officer.scope == Scope.STATION,
        Officer.institution_code == graduate.institution_code,
    )
    return session.scalar(station) is not None


def _checked_code(outcome: Outcome, *, named: bool) -> str:
    """Return the code in the table of an outcome whose employer is named, here or on the platform."""
    known = programme.outcome_code(outcome.code)
    if known is None:
        raise OutcomeUnknown(code=outcome.code)
    if not (named or outcome.employer_name or known.code in _OWN):
        raise EmployerMissing
    return known.code


def _write_outcome(placement: Placement, outcome: Outcome, code: str) -> None:
    placement.outcome_code = code
    placement.started_on = outcome.started_on
    placement.district = outcome.district
    placement.unit = programme.unit_of(outcome.district, outcome.started_on)
    placement.address = outcome.address
    placement.pay = outcome.pay
    placement.employer_name = outcome.employer_name


def _check_new(
    session: Session, graduate: Graduate, employer: Employer | None, outcome: Outcome, code: str
) -> None:
    same = select(Placement.id).where(
        Placement.graduate_id == graduate.id,
        Placement.outcome_code == code,
        Placement.state.in_(_UNSETTLED),
        Placement.employer_id == employer.id
        if employer
        else Placement.employer_name == outcome.employer_name,
    )
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyClaimed
