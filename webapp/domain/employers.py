"""Kinds of employers and the states of their verification."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.errors import PlatformError
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

KINDS_BY_CODE: Mapping[str, frozenset[EmployerKind]] = {
    "11": frozenset({EmployerKind.GOVERNMENT}),
    "12": frozenset({EmployerKind.PUBLIC_INSTITUTION}),
    "13": frozenset({EmployerKind.GOVERNMENT, EmployerKind.SOCIAL}),
    "91": frozenset({EmployerKind.COMPANY, EmployerKind.STATE_OWNED}),
    "92": frozenset({EmployerKind.COMPANY}),
    "93": frozenset({EmployerKind.COMPANY}),
}
"""Kinds that the first two signs of a credit code allow (GB 32100-2015); 5x and 8x are social bodies."""
SOCIAL_AUTHORITIES = frozenset("58")


def fits_credit_code(kind: EmployerKind, credit_code: str) -> bool:
    """Say whether an organisation of this kind can carry this code; rare authorities allow any kind."""
    if credit_code[:1] in SOCIAL_AUTHORITIES:
        return kind is EmployerKind.SOCIAL
    return kind in KINDS_BY_CODE.get(credit_code[:2], frozenset(EmployerKind))


RENEW_DAYS = 30
"""How long before its verification ends an employer may ask for the next."""

EDITABLE = frozenset({EmployerStatus.DRAFT, EmployerStatus.RETURNED})
"""While name and kind may still change; afterwards they are what an officer has checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What an employer says about itself; ``contact_*`` are for the programme's officers only."""

    name: str
    kind: EmployerKind
    industry: str | None = None
    cluster: str | None = None
    district: str | None = None
    address: str | None = None
    intro: str | None = None
    website: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None


ADDRESS = re.compile(r"[/\\:@\n]|\w[.。]\w*[a-z]{2}", re.IGNORECASE)
"""What makes a web or mail address of a name."""


class EmployerNameInvalid(PlatformError):
    """A name with an address in it: it stands in letters to colleagues who have never heard of us."""

    message = N_("单位全称请照营业执照或法人证书填写，不含网址、邮箱和“/”“:”等符号。")


class CreditCodeTaken(PlatformError):
    """The organisation already has an account."""

    message = N_("%(code)s 对应的单位已经注册。请让本单位的管理员在“单位资料”里邀请您加入，不必重复注册。")


class KindNotFitting(PlatformError):
    """The kind contradicts the credit code."""

    message = N_("统一社会信用代码以 %(start)s 开头，与“%(kind)s”不一致。请核对代码或重新选择单位性质。")


class OrganisationIncomplete(PlatformError):
    """Something an officer needs is missing."""

    message = N_("提交核验前还需要补充：%(missing)s。")


class OrganisationLocked(PlatformError):
    """Name or kind of an organisation that has been checked."""

    message = N_("单位名称和性质已经核验，不能自行修改。如有变更，请联系工作人员退回后再改。")


class VerificationNotDue(PlatformError):
    """Submitted already, or verified for long enough."""

    message = N_("现在是“%(status)s”，不需要提交。核验到期前 %(days)d 天可以申请续期。")


class NotWaiting(PlatformError):
    """An officer's decision on something that no longer waits for it."""

    message = N_("“%(name)s”现在是“%(status)s”，不能这样处理。请刷新待办列表。")


class NotVerified(PlatformError):
    """Something only verified employers may do."""

    message = N_("单位还没有通过核验，或核验已到期，暂时不能发布岗位。请先到“单位资料”提交核验。")


def check_employer_name(name: str) -> None:
    """Refuse a name that carries a web or mail address; an officer compares the rest with the licence."""
    if ADDRESS.search(unicodedata.normalize("NFKC", name)):
        raise EmployerNameInvalid
