"""States of a tripartite agreement as recorded from the ministry's platform (DOMAIN 3.3)."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.errors import PlatformError
from webapp.domain.roles import Role
from webapp.domain.words import N_


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


LABELS: Mapping[AgreementState, str] = {
    AgreementState.INVITED: N_("单位已邀请签约"),
    AgreementState.ACCEPTED: N_("毕业生已应约"),
    AgreementState.SCHOOL_REVIEW: N_("学校审核中"),
    AgreementState.SIGNED: N_("已签约"),
    AgreementState.DISSOLVE_REQUESTED: N_("已申请解约"),
    AgreementState.DISSOLVED: N_("已解约"),
    AgreementState.REFUSED: N_("毕业生已谢绝"),
    AgreementState.EXPIRED: N_("已失效"),
    AgreementState.CANCELLED: N_("单位已取消"),
    AgreementState.RETURNED: N_("学校已退回"),
}

_GRADUATE = frozenset({Role.GRADUATE})
_EMPLOYER = frozenset({Role.EMPLOYER})
_SCHOOL = frozenset({Role.OFFICER})
_S = AgreementState

# Who may record each change. The graduate may record SIGNED with the number the ministry's platform shows
# after the school's approval; the employer never can, so it cannot approve for the school.
CHANGES: Mapping[tuple[AgreementState, AgreementState], frozenset[Role]] = {
    (_S.INVITED, _S.ACCEPTED): _GRADUATE,
    (_S.INVITED, _S.REFUSED): _GRADUATE,
    (_S.INVITED, _S.CANCELLED): _GRADUATE | _EMPLOYER,
    (_S.INVITED, _S.EXPIRED): _GRADUATE | _EMPLOYER | _SCHOOL,
    (_S.ACCEPTED, _S.SCHOOL_REVIEW): _GRADUATE | _EMPLOYER,
    (_S.SCHOOL_REVIEW, _S.RETURNED): _SCHOOL,
    (_S.SCHOOL_REVIEW, _S.SIGNED): _GRADUATE | _SCHOOL,
    (_S.INVITED, _S.SIGNED): _GRADUATE | _SCHOOL,
    (_S.ACCEPTED, _S.SIGNED): _GRADUATE | _SCHOOL,
    (_S.SIGNED, _S.DISSOLVE_REQUESTED): _GRADUATE | _EMPLOYER,
    (_S.SIGNED, _S.CANCELLED): _GRADUATE | _EMPLOYER,
    (_S.DISSOLVE_REQUESTED, _S.CANCELLED): _GRADUATE | _EMPLOYER,
    (_S.DISSOLVE_REQUESTED, _S.DISSOLVED): _SCHOOL,
    (_S.SIGNED, _S.EXPIRED): _GRADUATE | _EMPLOYER | _SCHOOL,
    (_S.DISSOLVE_REQUESTED, _S.EXPIRED): _GRADUATE | _EMPLOYER | _SCHOOL,
}

BINDING = frozenset({AgreementState.SIGNED, AgreementState.DISSOLVE_REQUESTED})
"""A graduate has at most one agreement in these states."""


class AgreementStepNotAllowed(PlatformError):
    """A change of an agreement that is not in the table, or not this side's to record."""

    message = N_("协议现在是“%(source)s”，您不能把它记录为“%(target)s”。")


class AlreadySigned(PlatformError):
    """A second signed agreement."""

    message = N_("你已与%(employer)s签有就业协议，同一时间只能有一份。请先解约，再签新的协议。")


def check_change(source: AgreementState, target: AgreementState, *, role: Role) -> None:
    """Refuse a change of state that ``role`` may not record."""
    if role not in CHANGES.get((source, target), frozenset()):
        raise AgreementStepNotAllowed(source=LABELS[source], target=LABELS[target])
