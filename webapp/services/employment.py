"""From the first day at work to the last: onboard, probation, confirmation, leaving."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.agreements import AgreementState
from webapp.domain.dates import city_date
from webapp.domain.errors import PlatformError
from webapp.domain.offers import CONTRACT_DAYS
from webapp.domain.pipeline import LABELS, Stage, StageNotAllowed
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.domain.retention import Outcome
from webapp.domain.words import N_
from webapp.models import Application, Placement, User
from webapp.services.agreements import find_agreement
from webapp.services.offers import latest_offer
from webapp.services.placements import open_claim
from webapp.services.places import end_agreement
from webapp.services.steps import own_application, take_step

_CODES: Mapping[Kind, str] = {Kind.GRASSROOTS: "51", Kind.RESEARCH_ASSISTANT: "27"}
_BY_AGREEMENT, _BY_CONTRACT = "10", "11"


class StartInFuture(PlatformError):
    """Onboarding recorded before it happened."""

    message = N_("到岗日期不能晚于今天。请在到岗当天或之后确认。")


class ContractTooLate(PlatformError):
    """No written contract within a month of the start (劳动合同法 10)."""

    message = N_("书面劳动合同须在到岗一个月内签订（劳动合同法第十条）。请核对到岗日期和合同日期。")


class LeftBeforeStart(PlatformError):
    """A leaving date before the start or after today."""

    message = N_("离职日期应在到岗日期与今天之间，请核对。")


def onboard(
    session: Session,
    *,
    by: User,
    application_id: int,
    at: datetime,
    started_on: date,
    contract_on: date | None = None,
    outcome_code: str | None = None,
) -> Application:
    """Record the first day at work; work makes a claim that can count, practice never does.

    Without ``outcome_code`` it follows from the kind of posting and from what was signed.
    """
    application = own_application(session, application_id, by)
    if started_on > city_date(at):
        raise StartInFuture
    if contract_on is not None and contract_on > started_on + timedelta(days=CONTRACT_DAYS):
        raise ContractTooLate
    take_step(session, application, Stage.ONBOARDED, by=by, at=at)
    posting = application.posting
    if posting.kind in EMPLOYMENT:
        offer = latest_offer(session, application.id)
        outcome = Outcome(
            code=outcome_code or _usual_code(session, application),
            started_on=started_on,
            district=offer.district,
            address=offer.address,
            pay=offer.pay,
        )
        open_claim(
            session,
            by=by,
            graduate=application.graduate,
            outcome=outcome,
            employer=posting.employer,
            application=application,
            at=at,
        )
    return application


def start_probation(session: Session, *, by: User, application_id: int, at: datetime) -> Application:
    """Record that probation has begun."""
    application = own_application(session, application_id, by)
    return take_step(session, application, Stage.PROBATION, by=by, at=at)


def confirm_employment(session: Session, *, by: User, application_id: int, at: datetime) -> Application:
    """Confirm after probation, or at once where none was agreed."""
    application = own_application(session, application_id, by)
    if application.stage is Stage.ONBOARDED and latest_offer(session, application.id).probation_months:
        raise StageNotAllowed(source=LABELS[Stage.ONBOARDED], target=LABELS[Stage.CONFIRMED])
    return take_step(session, application, Stage.CONFIRMED, by=by, at=at)


def record_leaving(
    session: Session, *, by: User, application_id: int, at: datetime, left_on: date, reason: str
) -> Application:
    """Record the last day; a count made before stays (a change of job is no reversal, DOMAIN 1.7)."""
    application = own_application(session, application_id, by)
    placement = session.scalar(select(Placement).where(Placement.application_id == application.id))
    if left_on > city_date(at) or (placement is not None and left_on < placement.started_on):
        raise LeftBeforeStart
    take_step(session, application, Stage.LEFT, by=by, at=at, reason=reason)
    end_agreement(session, application, AgreementState.EXPIRED)
    if placement is not None:
        placement.ended_on = left_on
        session.flush()
    return application


def _usual_code(session: Session, application: Application) -> str:
    agreement = find_agreement(session, application.id)
    by_agreement = agreement is not None and agreement.number is not None
    return _CODES.get(application.posting.kind, _BY_AGREEMENT if by_agreement else _BY_CONTRACT)
