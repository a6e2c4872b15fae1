"""Agreements: recorded as the ministry's platform or the paper shows them, never issued (DOMAIN 3.3)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.agreements import BINDING, AgreementState, AlreadySigned, check_change
from webapp.domain.dates import city_date
from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.pipeline import Stage, check_step
from webapp.domain.postings import EMPLOYMENT
from webapp.domain.roles import Role, Scope
from webapp.domain.words import N_
from webapp.models import Agreement, Application, Employer, Officer, User
from webapp.services.places import free_place
from webapp.services.steps import load_application, own_application, take_step

NEARBY = frozenset({Scope.CITY, Scope.UNIT})


class SignedInFuture(PlatformError):
    """A signature dated later than today."""

    message = N_("签约日期不能晚于今天。请填写实际签约的日期。")


def start_agreement(session: Session, *, by: User, application_id: int, at: datetime) -> Application:
    """Begin signing: for work an agreement is recorded, internships and traineeships sign their own form."""
    application = own_application(session, application_id, by)
    take_step(session, application, Stage.AGREEMENT_PENDING, by=by, at=at)
    if application.posting.kind in EMPLOYMENT:
        session.add(
            Agreement(
                graduate_id=application.graduate_id,
                employer_id=application.posting.employer_id,
                application_id=application.id,
                state=AgreementState.INVITED,
                recorded_by_id=by.id,
                created_at=at,
            )
        )
        session.flush()
    return application


def sign_agreement(
    session: Session,
    *,
    by: User,
    application_id: int,
    at: datetime,
    signed_on: date,
    number: str | None = None,
) -> Application:
    """Record that it is signed, with the number the ministry's platform shows (none for a contract).

    The graduate or the school records it: an employer cannot approve for the school.
    """
    application = _application_for(session, application_id, by)
    check_step(application.stage, Stage.AGREEMENT_SIGNED, role=by.role)
    if signed_on > city_date(at):
        raise SignedInFuture
    agreement = find_agreement(session, application.id)
    if agreement is not None:
        _check_single(session, agreement)
        _change(agreement, AgreementState.SIGNED, by)
        agreement.signed_on, agreement.number = signed_on, (number or "").strip() or None
        session.flush()
    return take_step(session, application, Stage.AGREEMENT_SIGNED, by=by, at=at)


def breach_agreement(
    session: Session, *, by: User, application_id: int, at: datetime, reason: str
) -> Application:
    """Record that one side does not keep its word; the place is free again."""
    application = own_application(session, application_id, by)
    take_step(session, application, Stage.BREACHED, by=by, at=at, reason=reason)
    free_place(session, application, at=at)
    return application


def request_dissolution(session: Session, *, by: User, application_id: int, reason: str) -> Agreement:
    """Ask for the agreement to be dissolved; the school decides."""
    application = own_application(session, application_id, by)
    agreement = find_agreement(session, application.id)
    if agreement is None or application.stage is not Stage.AGREEMENT_SIGNED:
        raise NotFound
    _change(agreement, AgreementState.DISSOLVE_REQUESTED, by)
    agreement.dissolution_reason = reason.strip()
    session.flush()
    return agreement


def dissolve_agreement(
    session: Session, *, by: User, application_id: int, at: datetime, reason: str
) -> Application:
    """Let the school's station (or the city, or a unit) approve a dissolution that was asked for."""
    application = _application_for(session, application_id, by)
    check_step(application.stage, Stage.DISSOLVED, role=by.role, reason=reason)
    agreement = find_agreement(session, application.id)
    if agreement is None:
        raise NotFound
    _change(agreement, AgreementState.DISSOLVED, by)
    take_step(session, application, Stage.DISSOLVED, by=by, at=at, reason=reason)
    free_place(session, application, at=at)
    return application


def find_agreement(session: Session, application_id: int) -> Agreement | None:
    """Return the latest agreement of an application."""
    return session.scalar(
        select(Agreement)
        .where(Agreement.application_id == application_id)
        .order_by(Agreement.id.desc())
        .limit(1)
    )


def _application_for(session: Session, application_id: int, by: User) -> Application:
    """Return the application for a party or for the officer who speaks for its school."""
    if by.role is not Role.OFFICER:
        return own_application(session, application_id, by)
    application = load_application(session, application_id)
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    own_school = officer is not None and (
        officer.scope is Scope.STATION and officer.institution_code == application.graduate.institution_code
    )
    if officer is None or not (own_school or officer.scope in NEARBY):
        raise NotAllowed
    return application


def _change(agreement: Agreement, state: AgreementState, by: User) -> None:
    check_change(agreement.state, state, role=by.role)
    agreement.state, agreement.recorded_by_id = state, by.id


def _check_single(session: Session, agreement: Agreement) -> None:
    """Refuse a second signed agreement by name; the unique index stands behind this sentence."""
    other = session.scalar(
        select(Employer.name)
        .join(Agreement, Agreement.employer_id == Employer.id)
        .where(
            Agreement.graduate_id == agreement.graduate_id,
            Agreement.id != agreement.id,
            Agreement.state.in_(BINDING),
        )
    )
    if other:
        raise AlreadySigned(employer=other)
