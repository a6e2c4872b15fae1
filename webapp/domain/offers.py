"""What an offer must say and how far it may go (劳动合同法 10, 17, 19, 20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from webapp.domain.errors import PlatformError
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.domain.words import N_

MIN_ANSWER_DAYS = 3
"""Days a graduate has at least to think about an offer."""

CONTRACT_DAYS = 31
"""A written contract follows within a month of the start (劳动合同法 10)."""

TRAINEESHIP_MONTHS = range(3, 13)
"""A traineeship lasts three to twelve months (DOMAIN 3.1)."""

YEAR_MONTHS = range(12, 25)
LEAST_PROBATION_SHARE = 0.8
"""Pay in probation is at least this share of the agreed pay (劳动合同法 20)."""


class ContractType(StrEnum):
    """What is signed."""

    FIXED = "fixed"
    OPEN_ENDED = "open_ended"
    PROJECT = "project"
    INTERNSHIP = "internship"
    TRAINEESHIP = "traineeship"


LABELS: Mapping[ContractType, str] = {
    ContractType.FIXED: N_("固定期限劳动合同"),
    ContractType.OPEN_ENDED: N_("无固定期限劳动合同"),
    ContractType.PROJECT: N_("以完成一定任务为期限的合同或服务协议"),
    ContractType.INTERNSHIP: N_("实习协议"),
    ContractType.TRAINEESHIP: N_("见习协议"),
}

CONTRACTS: Mapping[Kind, tuple[ContractType, ...]] = {
    Kind.JOB: (ContractType.FIXED, ContractType.OPEN_ENDED, ContractType.PROJECT),
    Kind.GRASSROOTS: (ContractType.PROJECT, ContractType.FIXED),
    Kind.RESEARCH_ASSISTANT: (ContractType.FIXED, ContractType.PROJECT),
    Kind.INTERNSHIP: (ContractType.INTERNSHIP,),
    Kind.TRAINEESHIP: (ContractType.TRAINEESHIP,),
}
"""What may be signed for each kind of posting, the usual first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What an employer offers: whole yuan a month before tax; ``contract_months`` is None if open-ended."""

    pay: int
    district: str
    address: str
    start_on: date
    deadline_on: date
    contract_type: ContractType
    contract_months: int | None
    months: int = 12
    probation_months: int = 0
    probation_pay: int | None = None


class TermsIncomplete(PlatformError):
    """An element the law demands is missing."""

    message = N_("录用通知还缺少：%(missing)s。请补全后再发出。")


class DeadlineTooSoon(PlatformError):
    """Too little time to answer."""

    message = N_("答复期限至少要留 %(days)d 天，最早为 %(earliest)s。")


class StartTooSoon(PlatformError):
    """Work would start before the answer is due."""

    message = N_("到岗日期 %(start)s 早于答复期限 %(deadline)s，请调整其中一个。")


class ContractNotFitting(PlatformError):
    """A contract of this type or length cannot be signed for this kind of posting."""

    message = N_("这类岗位不能签“%(contract)s”，或期限填写有误。固定期限须填月数，见习为 3 至 12 个月。")


class ProbationTooLong(PlatformError):
    """Probation beyond 劳动合同法 19."""

    message = N_("这份合同的试用期最长 %(limit)d 个月（劳动合同法第十九条），您填写了 %(months)d 个月。")


class ProbationRepeated(PlatformError):
    """A second probation of the same person with the same employer."""

    message = N_("这位毕业生已在本单位试用过，不能再次约定试用期（劳动合同法第十九条）。请把试用期改为 0。")


class PayTooLow(PlatformError):
    """Pay below the minimum wage, or probation pay below its share."""

    message = N_("月薪不能低于 %(least)d 元（最低工资标准，试用期不低于约定工资的 80%%）。")


class OfferOverdue(PlatformError):
    """An answer after the deadline."""

    message = N_("这份录用通知的答复期限是 %(deadline)s，已经过了。如仍有意向，请联系单位重新发出。")


def probation_limit(contract_type: ContractType, contract_months: int | None) -> int:
    """Return the longest probation in months (劳动合同法 19).

    None below three months, for a project, an internship or a traineeship; one month below a year, two
    below three years, six from three years on and for open-ended contracts.
    """
    if contract_type is ContractType.OPEN_ENDED:
        return 6
    if contract_type is not ContractType.FIXED or contract_months is None:
        return 0
    limits = ((36, 6), (12, 2), (3, 1))
    return next((limit for months, limit in limits if contract_months >= months), 0)


def check_terms(
    terms: OfferTerms, *, kind: Kind, on: date, minimum_wage: int, repeated: bool = False
) -> None:
    """Refuse an offer the law or the programme forbids, with the reason.

    ``repeated`` says that this person has been on probation with this employer before.
    """
    _check_complete(terms)
    _check_dates(terms, on)
    _check_contract(terms, kind)
    limit = probation_limit(terms.contract_type, terms.contract_months)
    if terms.probation_months > limit:
        raise ProbationTooLong(limit=limit, months=terms.probation_months)
    if terms.probation_months and repeated:
        raise ProbationRepeated
    if kind in EMPLOYMENT:
        _check_pay(terms, minimum_wage)


def _check_complete(terms: OfferTerms) -> None:
    stated = {
        N_("月薪"): terms.pay > 0,
        N_("每年发薪月数（12 至 24）"): terms.months in YEAR_MONTHS,
        N_("工作区"): bool(terms.district.strip()),
        N_("工作地址"): bool(terms.address.strip()),
        N_("试用期月数"): terms.probation_months >= 0,
    }
    if missing := [name for name, present in stated.items() if not present]:
        raise TermsIncomplete(missing="、".join(missing))


def _check_dates(terms: OfferTerms, on: date) -> None:
    earliest = on + timedelta(days=MIN_ANSWER_DAYS)
    if terms.deadline_on < earliest:
        raise DeadlineTooSoon(days=MIN_ANSWER_DAYS, earliest=earliest)
    if terms.start_on < terms.deadline_on:
        raise StartTooSoon(start=terms.start_on, deadline=terms.deadline_on)


def _check_contract(terms: OfferTerms, kind: Kind) -> None:
    months = terms.contract_months
    lawful_length = {
        ContractType.FIXED: months is not None and months > 0,
        ContractType.OPEN_ENDED: months is None,
        ContractType.TRAINEESHIP: months in TRAINEESHIP_MONTHS,
    }.get(terms.contract_type, months is None or months > 0)
    if terms.contract_type not in CONTRACTS[kind] or not lawful_length:
        raise ContractNotFitting(contract=LABELS[terms.contract_type])


def _check_pay(terms: OfferTerms, minimum_wage: int) -> None:
    if terms.pay < minimum_wage:
        raise PayTooLow(least=minimum_wage)
    least = max(minimum_wage, -int(-terms.pay * LEAST_PROBATION_SHARE // 1))
    if terms.probation_months and terms.probation_pay is not None and terms.probation_pay < least:
        raise PayTooLow(least=least)
