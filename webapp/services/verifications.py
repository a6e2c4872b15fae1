"""Officers' verdicts on degrees and claims; ``reversals.py`` holds those on counts that are doubted."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.evidence import Grade, check_independent
from webapp.domain.programme import rulesets
from webapp.domain.retention import (
    LABELS,
    CannotCount,
    ClaimState,
    ClaimStepNotAllowed,
    Decision,
    Event,
    Verdict,
    decide,
    move,
)
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.domain.words import N_
from webapp.models import Graduate, Member, Officer, Period, Placement, User, Verification
from webapp.queries import standing
from webapp.services import ledger
from webapp.services.confirmations import confirm_counts
from webapp.services.identities import check_number, lock_person
from webapp.services.notifications import notify
from webapp.services.placements import load_placement, tell_claimant


class DegreeIncomplete(PlatformError):
    """A degree cannot be verified before it is stated."""

    message = N_("资料中还缺学校、学历或毕业日期，补全后才能核验。")


class NotGraduatedYet(PlatformError):
    """A graduation that is still to come: students hold agreements and are not counted (DOMAIN 1.2)."""

    message = N_("毕业日期 %(day)s 还没有到。请核对日期，或等毕业之后再核验。")


class ReasonMissing(PlatformError):
    """A verdict against somebody without a word why."""

    message = N_("请写明原因，对方会看到。")


class AlreadySpoken(PlatformError):
    """The same officer cannot be the second one."""

    message = N_("您已核验过这条去向，须由另一名核验人完成第二次核验。")


def verify_degree(
    session: Session, *, by: User, graduate_id: int, at: datetime, graduation_on: date | None = None
) -> Graduate:
    """Confirm a graduation (学信网 code, school list or certificate); the school's station may too."""
    officer = officer_of(session, by)
    graduate = session.get(Graduate, graduate_id)
    if graduate is None:
        raise NotFound
    own_school = officer.scope is Scope.STATION and officer.institution_code == graduate.institution_code
    if officer.scope not in DECIDES and not own_school:
        raise NotAllowed
    graduated_on, on = graduation_on or graduate.graduation_on, city_date(at)
    if not (graduated_on and graduate.institution_code and graduate.degree):
        raise DegreeIncomplete
    if graduated_on > on:
        raise NotGraduatedYet(day=graduated_on)
    graduate.graduation_on = graduated_on
    graduate.degree_verified_on, graduate.degree_verified_by_id = on, by.id
    session.flush()
    notify(session, user_id=graduate.user_id, message=N_("你的学历已核验通过。"), at=at)
    return graduate


def approve_placement(
    session: Session, *, by: User, placement_id: int, at: datetime, number_keys: frozenset[str] = frozenset()
) -> Placement:
    """Approve a claim: it counts at once, or waits for a second officer or for the first day at work.

    ``number_keys`` are those of the identity number read on the papers, which must be the person's.
    Raises :class:`CannotCount` with every reason where the rule says no. A claim already counted is
    confirmed where evidence of grade A has come since.
    """
    placement = reach_placement(session, by, placement_id)
    check_uninvolved(session, placement, by)
    if placement.state is ClaimState.COUNTED:
        return _confirm(session, placement, by, at)
    move(placement.state, Event.COUNT)
    lock_person(session, placement.graduate)
    ledger.lock_ledger(session)
    earlier = standing.approvers(session, placement.id)
    if by.id in earlier:
        raise AlreadySpoken
    period = standing.period_of(session, placement.started_on)
    facts = standing.facts_of(session, placement, on=city_date(at), approvals=len(earlier) + 1)
    verdict = decide(facts, rulesets()[period.ruleset_id if period else next(iter(rulesets()))])
    provisional_again = placement.state is ClaimState.PROVISIONAL
    if verdict.decision is Decision.REFUSE or (
        verdict.decision is Decision.PROVISIONAL and provisional_again
    ):
        raise CannotCount(verdict.blocks)
    if number_keys:
        check_number(session, graduate=placement.graduate, keys=number_keys)
    _speak(session, placement, by, approved=True, at=at)
    if verdict.decision is Decision.PROVISIONAL:
        set_state(placement, move(placement.state, Event.PROVISION), at)
    elif verdict.decision is Decision.COUNT and period is not None:
        _count(session, placement, verdict, period, officers=[*earlier, by.id], at=at)
    session.flush()
    return placement


def stated(reason: str) -> str:
    """Return a reason as it is kept, or raise :class:`ReasonMissing` where nothing is said."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def return_placement(
    session: Session, *, by: User, placement_id: int, at: datetime, reason: str
) -> Placement:
    """Send a claim back to the claimant with the reason; it may come again in a new round."""
    placement = reach_placement(session, by, placement_id)
    check_uninvolved(session, placement, by)
    target = move(placement.state, Event.RETURN)
    said = stated(reason)
    if by.id in standing.approvers(session, placement.id):
        raise AlreadySpoken
    _speak(session, placement, by, approved=False, at=at, reason=said)
    set_state(placement, target, at)
    placement.return_reason = said
    session.flush()
    tell_claimant(
        session,
        placement,
        message=N_("你的去向被退回：%(reason)s。请补充后再次提交。"),
        to_employer=N_("您为 %(name)s 填报的去向被退回：%(reason)s。请补充后再次提交。"),
        at=at,
        reason=said,
    )
    return placement


def _count(
    session: Session,
    placement: Placement,
    verdict: Verdict,
    period: Period,
    *,
    officers: list[int],
    at: datetime,
) -> None:
    person_key = placement.graduate.person_key
    if verdict.grade is None or person_key is None:
        raise CannotCount(verdict.blocks)
    ledger.count_person(
        session,
        placement=placement,
        person_key=person_key,
        period=period,
        grade=verdict.grade,
        approvers=officers,
        evidence_ids=[one.id for one in standing.evidence_of(session, placement.id)],
        round_number=standing.round_of(session, placement.id),
        at=at,
    )
    counted = move(placement.state, Event.COUNT)
    set_state(placement, move(counted, Event.CONFIRM) if verdict.grade is Grade.A else counted, at)
    placement.grade, placement.period_id = verdict.grade, period.id
    tell_claimant(
        session,
        placement,
        message=N_("你的去向已核验通过，计入留汉统计。谢谢你留在武汉。"),
        to_employer=N_("%(name)s 的去向已核验通过，计入留汉统计。谢谢您把人才留在武汉。"),
        at=at,
    )


def _confirm(session: Session, placement: Placement, by: User, at: datetime) -> Placement:
    facts = standing.facts_of(session, placement, on=city_date(at), approvals=1)
    if Grade.A not in facts.grades:
        raise ClaimStepNotAllowed(state=LABELS[placement.state])
    set_state(placement, move(placement.state, Event.CONFIRM), at)
    placement.grade = Grade.A
    session.flush()
    confirm_counts(session, placement_ids=[placement.id], at=at, by_id=by.id)
    return placement


def _speak(
    session: Session,
    placement: Placement,
    by: User,
    *,
    approved: bool,
    at: datetime,
    reason: str | None = None,
) -> None:
    session.add(
        Verification(
            placement_id=placement.id,
            verifier_id=by.id,
            round=standing.round_of(session, placement.id),
            approved=approved,
            reason=reason,
            at=at,
        )
    )
    session.flush()


def set_state(placement: Placement, state: ClaimState, at: datetime) -> None:
    """Put a placement into another state, since now."""
    placement.state, placement.state_since_at = state, at


def officer_of(session: Session, by: User) -> Officer:
    """Return the officer a user is, or refuse."""
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or by.role is not Role.OFFICER:
        raise NotAllowed
    return officer


def reach_placement(session: Session, by: User, placement_id: int, *, also: Scope | None = None) -> Placement:
    """Return a locked placement the officer's word covers: a unit's own, all of them for the city."""
    officer = officer_of(session, by)
    if officer.scope not in DECIDES and officer.scope is not also:
        raise NotAllowed
    placement = load_placement(session, placement_id)
    if officer.scope is Scope.UNIT and placement.unit != officer.unit:
        raise NotFound
    return placement


def check_uninvolved(session: Session, placement: Placement, by: User) -> None:
    """Refuse an officer who made the claim, handed in its evidence or belongs to the employer."""
    submitters = {one.submitted_by_id for one in standing.evidence_of(session, placement.id)}
    members = session.scalars(select(Member.user_id).where(Member.employer_id == placement.employer_id))
    check_independent(
        by.id,
        claimant=placement.claimed_by_id,
        submitters={*submitters, placement.graduate.user_id},
        members=set(members),
    )
