"""Kinds of employers and the states of their verification."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_

VERIFIED_DAYS = 180
"""An approved employer is checked again at least every six months (人社厅发〔2025〕60号)."""


class EmployerKind(StrEnum):
    """Legal kinds that differ in what they may ask of applicants."""

    COMPANY = "company"
    STATE_OWNED = "state_owned"
    PUBLIC_INSTITUTION = "public_institution"
    GOVERNMENT = "government"
    SOCIAL = "social"


class EmployerStatus(StrEnum):
    """How far an employer's verification has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    SUSPENDED = "suspended"


LABELS: Mapping[StrEnum, str] = {
    EmployerKind.COMPANY: N_("企业"),
    EmployerKind.STATE_OWNED: N_("国有企业"),
    EmployerKind.PUBLIC_INSTITUTION: N_("事业单位"),
    EmployerKind.GOVERNMENT: N_("机关"),
    EmployerKind.SOCIAL: N_("社会组织"),
    EmployerStatus.DRAFT: N_("待完善"),
    EmployerStatus.SUBMITTED: N_("待核验"),
    EmployerStatus.APPROVED: N_("已核验"),
    EmployerStatus.RETURNED: N_("已退回"),
    EmployerStatus.SUSPENDED: N_("已暂停"),
}

PUBLIC = frozenset({EmployerKind.STATE_OWNED, EmployerKind.PUBLIC_INSTITUTION, EmployerKind.GOVERNMENT})
"""Employers that must not ask for a school's name or rank (DOMAIN L5)."""
