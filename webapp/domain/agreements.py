"""States of a tripartite agreement as recorded from the ministry's platform (DOMAIN 3.3)."""

from enum import StrEnum


class AgreementState(StrEnum):
    """Where a 网签 agreement stands; the platform records it and never issues it."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    SCHOOL_REVIEW = "school_review"
    SIGNED = "signed"
    DISSOLVE_REQUESTED = "dissolve_requested"
    DISSOLVED = "dissolved"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    RETURNED = "returned"
