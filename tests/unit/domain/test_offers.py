from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from webapp.domain.errors import PlatformError
from webapp.domain.offers import (
    ContractNotFitting,
    ContractType,
    DeadlineTooSoon,
    OfferTerms,
    PayTooLow,
    ProbationRepeated,
    ProbationTooLong,
    StartTooSoon,
    TermsIncomplete,
    check_terms,
    probation_limit,
)
from webapp.domain.postings import Kind

TODAY = date(2026, 6, 15)
TERMS = OfferTerms(
    pay=8000,
    district="WH-DHGX",
    address="光谷大道 1 号",
    start_on=date(2026, 7, 1),
    deadline_on=date(2026, 6, 18),
    contract_type=ContractType.FIXED,
    contract_months=36,
    probation_months=6,
)


@pytest.mark.parametrize(
    ("contract", "months", "limit"),
    [
        (ContractType.FIXED, 1, 0),
        (ContractType.FIXED, 2, 0),
        (ContractType.FIXED, 3, 1),
        (ContractType.FIXED, 11, 1),
        (ContractType.FIXED, 12, 2),
        (ContractType.FIXED, 35, 2),
        (ContractType.FIXED, 36, 6),
        (ContractType.FIXED, 60, 6),
        (ContractType.OPEN_ENDED, None, 6),
        (ContractType.PROJECT, 24, 0),
        (ContractType.INTERNSHIP, 6, 0),
        (ContractType.TRAINEESHIP, 12, 0),
    ],
)
def test_probation_is_limited_by_the_length_of_the_contract(
    contract: ContractType, months: int | None, limit: int
) -> None:
    assert probation_limit(contract, months) == limit


def test_lawful_terms_pass() -> None:
    check_terms(TERMS, kind=Kind.JOB, on=TODAY, minimum_wage=2210)


@pytest.mark.parametrize(
    ("changes", "kind", "refusal"),
    [
        ({"pay": 0}, Kind.JOB, TermsIncomplete),
        ({"address": " "}, Kind.JOB, TermsIncomplete),
        ({"district": ""}, Kind.JOB, TermsIncomplete),
        ({"months": 11}, Kind.JOB, TermsIncomplete),
        ({"months": 25}, Kind.JOB, TermsIncomplete),
        ({"probation_months": -1}, Kind.JOB, TermsIncomplete),
        ({"deadline_on": date(2026, 6, 17)}, Kind.JOB, DeadlineTooSoon),
        ({"start_on": date(2026, 6, 17)}, Kind.JOB, StartTooSoon),
        ({"probation_months": 7}, Kind.JOB, ProbationTooLong),
        ({"contract_months": 35, "probation_months": 3}, Kind.JOB, ProbationTooLong),
        ({"contract_months": None}, Kind.JOB, ContractNotFitting),
        ({"contract_months": 0}, Kind.JOB, ContractNotFitting),
        ({"contract_type": ContractType.OPEN_ENDED}, Kind.JOB, ContractNotFitting),
        ({"contract_type": ContractType.INTERNSHIP}, Kind.JOB, ContractNotFitting),
        ({}, Kind.INTERNSHIP, ContractNotFitting),
        (
            {"contract_type": ContractType.TRAINEESHIP, "contract_months": 2, "probation_months": 0},
            Kind.TRAINEESHIP,
            ContractNotFitting,
        ),
        (
            {"contract_type": ContractType.TRAINEESHIP, "contract_months": 13, "probation_months": 0},
            Kind.TRAINEESHIP,
            ContractNotFitting,
        ),
        ({"pay": 2209}, Kind.JOB, PayTooLow),
        ({"probation_pay": 6399}, Kind.JOB, PayTooLow),
        ({"pay": 2500, "probation_pay": 2209}, Kind.JOB, PayTooLow),
    ],
)
def test_unlawful_terms_are_refused(
    changes: dict[str, Any], kind: Kind, refusal: type[PlatformError]
) -> None:
    with pytest.raises(refusal):
        check_terms(replace(TERMS, **changes), kind=kind, on=TODAY, minimum_wage=2210)


def test_probation_pay_of_eighty_percent_passes() -> None:
    check_terms(replace(TERMS, probation_pay=6400), kind=Kind.JOB, on=TODAY, minimum_wage=2210)


def test_one_probation_for_one_person_with_one_employer() -> None:
    with pytest.raises(ProbationRepeated, match="第十九条"):
        check_terms(TERMS, kind=Kind.JOB, on=TODAY, minimum_wage=2210, repeated=True)
    check_terms(replace(TERMS, probation_months=0), kind=Kind.JOB, on=TODAY, minimum_wage=2210, repeated=True)


def test_an_intern_may_be_paid_less_than_the_minimum_wage() -> None:
    terms = replace(
        TERMS, contract_type=ContractType.INTERNSHIP, contract_months=6, probation_months=0, pay=1500
    )
    check_terms(terms, kind=Kind.INTERNSHIP, on=TODAY, minimum_wage=2210)


def test_every_sentence_states_its_facts() -> None:
    with pytest.raises(PayTooLow, match=r"2210 元.*80%"):
        check_terms(replace(TERMS, pay=1), kind=Kind.JOB, on=TODAY, minimum_wage=2210)
    with pytest.raises(DeadlineTooSoon, match="2026-06-18"):
        check_terms(replace(TERMS, deadline_on=TODAY), kind=Kind.JOB, on=TODAY, minimum_wage=2210)
