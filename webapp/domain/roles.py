"""Who uses the platform, and how far an officer's word reaches."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_


class Role(StrEnum):
    """The three audiences."""

    GRADUATE = "graduate"
    EMPLOYER = "employer"
    OFFICER = "officer"


class MemberRole(StrEnum):
    """What a member may do inside an employer."""

    OWNER = "owner"
    RECRUITER = "recruiter"


class Scope(StrEnum):
    """How far an officer sees and decides."""

    CITY = "city"
    UNIT = "unit"
    STATION = "station"
    AUDITOR = "auditor"


WIDTH: Mapping[Scope, int] = {Scope.CITY: 3, Scope.UNIT: 2, Scope.STATION: 1, Scope.AUDITOR: 1}
DECIDES = frozenset({Scope.CITY, Scope.UNIT})
"""Scopes that approve employers, postings and placements; a station serves, an auditor only reads."""

LABELS: Mapping[StrEnum, str] = {
    Role.GRADUATE: N_("毕业生"),
    Role.EMPLOYER: N_("用人单位"),
    Role.OFFICER: N_("工作人员"),
    MemberRole.OWNER: N_("管理员"),
    MemberRole.RECRUITER: N_("招聘人员"),
    Scope.CITY: N_("市级"),
    Scope.UNIT: N_("区级"),
    Scope.STATION: N_("高校工作站"),
    Scope.AUDITOR: N_("审计"),
}


def may_invite(inviter: Scope, invited: Scope) -> bool:
    """Say whether an officer of one scope may invite one of another: only the wider invites."""
    return WIDTH[inviter] > WIDTH[invited]
