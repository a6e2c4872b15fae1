"""What a record of a list proves: worked examples of kind, employer and time."""

from datetime import date

import pytest

from webapp.domain.lists import (
    LABELS,
    Claim,
    Finding,
    ListKind,
    MatchGrade,
    Proof,
    insured_months,
    plain_name,
    takes_proof,
)
from webapp.domain.programme import rulesets
from webapp.domain.retention import ClaimState

RULES = rulesets()["RS-2026.1"]
CODE, OTHER = "91420100MADEM0001X", "91420100MADEM0002X"


def claim(**changes: object) -> Claim:
    made = {
        "id": 1,
        "graduate_id": 1,
        "code": "11",
        "state": ClaimState.COUNTED,
        "started_on": date(2026, 7, 6),
        "employer_name": "演示科技（武汉）有限公司",
        "credit_code": CODE,
    }
    return Claim(**{**made, **changes})


def insured(**changes: object) -> Proof:
    made = {
        "type": "social_insurance",
        "employer_name": "演示科技（武汉）有限公司",
        "credit_code": CODE,
        "first_on": date(2026, 7, 1),
        "last_on": None,
    }
    return Proof(**{**made, **changes})


@pytest.mark.parametrize(
    ("proof", "of", "fits"),
    [
        pytest.param({}, {}, True, id="same employer, same month"),
        pytest.param({"first_on": date(2026, 10, 1)}, {}, True, id="three months late is still in time"),
        pytest.param({"first_on": date(2026, 11, 1)}, {}, False, id="four months late is not"),
        pytest.param({"first_on": date(2025, 1, 1)}, {}, True, id="insured there since before"),
        pytest.param(
            {"first_on": date(2025, 1, 1), "last_on": date(2026, 6, 1)},
            {},
            False,
            id="ended the month before",
        ),
        pytest.param(
            {"first_on": date(2025, 1, 1), "last_on": date(2026, 7, 1)},
            {},
            True,
            id="ended in the first month",
        ),
        pytest.param({"credit_code": OTHER}, {}, False, id="another code beats an equal name"),
        pytest.param({"credit_code": None}, {}, True, id="without a code the name decides"),
        pytest.param(
            {"credit_code": None, "employer_name": "演示科技(武汉) 有限公司"},
            {},
            True,
            id="brackets of either width",
        ),
        pytest.param({"credit_code": None, "employer_name": "别的公司"}, {}, False, id="another name"),
        pytest.param(
            {"credit_code": None, "employer_name": None},
            {"employer_name": None, "credit_code": None},
            False,
            id="two unknown employers are not one",
        ),
        pytest.param({}, {"code": "76"}, False, id="an employee's insurance proves no freelance work"),
        pytest.param({}, {"code": "80"}, False, id="nor study"),
        pytest.param(
            {"type": "flexible_insurance", "own": True, "employer_name": None, "credit_code": None},
            {"code": "76", "employer_name": None, "credit_code": None},
            True,
            id="own insurance proves freelance work",
        ),
        pytest.param(
            {"type": "business_licence", "own": True, "first_on": date(2020, 1, 1)},
            {"code": "75", "employer_name": None, "credit_code": None},
            True,
            id="a licence proves an own business",
        ),
        pytest.param(
            {"type": "business_licence", "own": True}, {"code": "11"}, False, id="but not employment"
        ),
    ],
)
def test_a_record_proves_what_it_speaks_of(proof: dict, of: dict, fits: object):
    assert insured(**proof).fits(claim(**of), RULES) is fits


@pytest.mark.parametrize(
    ("first", "last", "on", "months"),
    [
        (date(2026, 7, 1), None, date(2026, 7, 31), 1),
        (date(2026, 7, 1), None, date(2026, 9, 1), 3),
        (date(2026, 7, 1), date(2026, 8, 1), date(2026, 11, 1), 2),
        (date(2026, 8, 1), None, date(2026, 7, 31), 0),
        (date(2025, 12, 1), None, date(2026, 1, 1), 2),
        (date(2026, 7, 1), date(2027, 7, 1), date(2026, 8, 1), 2),
    ],
)
def test_months_insured_count_both_ends_and_never_the_future(
    first: date, last: date | None, on: date, months: int
):
    assert insured_months(first, last, on) == months


def test_what_was_taken_back_takes_no_proof():
    assert {state for state in ClaimState if not takes_proof(state)} == {ClaimState.REVERSED}


def test_names_are_compared_without_spaces_and_widths():
    assert plain_name(" 演示 (武汉)公司 ") == plain_name("演示（武汉）公司")
    assert plain_name(None) == ""


def test_every_kind_grade_and_finding_has_its_words():
    assert {*ListKind, *MatchGrade, *Finding} == {*LABELS}
