"""The pipeline of an application: the only place that knows which stage may follow which."""

from enum import StrEnum


class Stage(StrEnum):
    """Stages of an application (DOMAIN 3.2)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VIEWED = "viewed"
    SCREENED_IN = "screened_in"
    ASSESSMENT = "assessment"
    INTERVIEW_SCHEDULED = "interview_scheduled"
    INTERVIEWED = "interviewed"
    NO_SHOW = "no_show"
    OFFER_MADE = "offer_made"
    ACCEPTED = "accepted"
    AGREEMENT_PENDING = "agreement_pending"
    AGREEMENT_SIGNED = "agreement_signed"
    ONBOARDED = "onboarded"
    PROBATION = "probation"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    DECLINED = "declined"
    EXPIRED = "expired"
    BREACHED = "breached"
    DISSOLVED = "dissolved"
    LEFT = "left"
