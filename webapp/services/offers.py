"""Offers: make, accept, decline, let them expire."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.errors import NotFound
from webapp.domain.offers import OfferOverdue, OfferTerms, check_terms
from webapp.domain.pipeline import EMPLOYED, LABELS, STEPS, Guard, Stage, StageNotAllowed, check_step
from webapp.domain.programme import minimum_wage
from webapp.models import Application, ApplicationStep, Offer, Posting, User
from webapp.services.places import take_place
from webapp.services.steps import load_application, own_application, take_step


def make_offer(session: Session, *, by: User, application_id: int, terms: OfferTerms, at: datetime) -> Offer:
    """Offer the place on lawful terms, where :func:`may_follow` says so."""
    application = own_application(session, application_id, by)
    check_step(application.stage, Stage.OFFER_MADE, role=by.role)
    if not may_follow(application):
        raise StageNotAllowed(source=LABELS[application.stage], target=LABELS[Stage.OFFER_MADE])
    check_terms(
        terms,
        kind=application.posting.kind,
        on=city_date(at),
        minimum_wage=minimum_wage(terms.start_on),
        repeated=_had_probation(session, application),
    )
    offer = Offer(
        application_id=application.id,
        pay=terms.pay,
        months=terms.months,
        district=terms.district.strip(),
        address=terms.address.strip(),
        start_on=terms.start_on,
        contract_type=terms.contract_type.value,
        contract_months=terms.contract_months,
        probation_months=terms.probation_months,
        probation_pay=terms.probation_pay,
        deadline_on=terms.deadline_on,
        created_at=at,
    )
    session.add(offer)
    take_step(session, application, Stage.OFFER_MADE, by=by, at=at)
    return offer


def may_follow(application: Application) -> bool:
    """Say whether an offer may follow now: straight after the screening only for an intern who converts."""
    step = STEPS.get((application.stage, Stage.OFFER_MADE))
    converts = application.converted_from_id is not None
    return step is not None and (converts or Guard.CONVERSION not in step.guards)


def accept_offer(session: Session, *, by: User, application_id: int, at: datetime) -> Application:
    """Accept, while the deadline has not passed and a place is free: the place is then promised."""
    application = own_application(session, application_id, by)
    check_step(application.stage, Stage.ACCEPTED, role=by.role)
    offer = latest_offer(session, application.id)
    if offer.deadline_on < city_date(at):
        raise OfferOverdue(deadline=offer.deadline_on)
    take_place(session, application, at=at)
    return take_step(session, application, Stage.ACCEPTED, by=by, at=at)


def decline_offer(
    session: Session, *, by: User, application_id: int, at: datetime, reason: str | None = None
) -> Application:
    """Decline; the place stays free for somebody else."""
    application = own_application(session, application_id, by)
    return take_step(session, application, Stage.DECLINED, by=by, at=at, reason=reason)


def expire_offers(session: Session, *, at: datetime) -> int:
    """End every offer whose deadline has passed without an answer; return how many."""
    newest = select(func.max(Offer.id)).group_by(Offer.application_id)
    overdue = session.scalars(
        select(Application.id)
        .join(Offer, Offer.application_id == Application.id)
        .where(
            Application.stage == Stage.OFFER_MADE,
            Offer.id.in_(newest),
            Offer.deadline_on < city_date(at),
        )
    ).all()
    for application_id in overdue:
        take_step(session, load_application(session, application_id), Stage.EXPIRED, by=None, at=at)
    return len(overdue)


def latest_offer(session: Session, application_id: int) -> Offer:
    """Return the offer in force of an application."""
    offer = session.scalar(
        select(Offer).where(Offer.application_id == application_id).order_by(Offer.id.desc()).limit(1)
    )
    if offer is None:
        raise NotFound
    return offer


def _had_probation(session: Session, application: Application) -> bool:
    """Say whether this person has been on probation with this employer before (劳动合同法 19)."""
    earlier = (
        select(Offer.id)
        .join(Application, Application.id == Offer.application_id)
        .join(Posting, Posting.id == Application.posting_id)
        .join(ApplicationStep, ApplicationStep.application_id == Application.id)
        .where(
            Application.graduate_id == application.graduate_id,
            Application.id != application.id,
            Posting.employer_id == application.posting.employer_id,
            Offer.probation_months > 0,
            ApplicationStep.target.in_(EMPLOYED),
        )
    )
    return session.scalar(earlier.limit(1)) is not None
