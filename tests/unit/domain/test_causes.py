from datetime import date, timedelta

import pytest

from webapp.domain.causes import (
    GraceNotOver,
    NotByAgreement,
    StayedLongEnough,
    Tenure,
    WorksHereAgain,
    check_cause,
)
from webapp.domain.programme import rulesets
from webapp.domain.retention import Cause

RULES = rulesets()["RS-2026.1"]
START = date(2026, 7, 1)
LEFT = START + timedelta(days=29)
GRACE = LEFT + timedelta(days=90)


def tenure(code: str = "11", ended_on: date | None = LEFT, next_on: date | None = None) -> Tenure:
    return Tenure(code=code, started_on=START, ended_on=ended_on, next_on=next_on)


@pytest.mark.parametrize(
    ("cause", "known", "on"),
    [
        (Cause.R1, tenure(), LEFT),
        (Cause.R3, tenure("10"), LEFT),
        (Cause.R4, tenure(ended_on=None), LEFT),
        (Cause.R4, tenure(), GRACE),
        (Cause.R4, tenure(next_on=GRACE + timedelta(days=1)), GRACE),
    ],
)
def test_a_cause_the_record_does_not_contradict(cause: Cause, known: Tenure, on: date) -> None:
    check_cause(cause, known, on=on, ruleset=RULES)


@pytest.mark.parametrize(
    ("cause", "known", "on", "refusal"),
    [
        (Cause.R3, tenure("11"), GRACE, NotByAgreement),
        (Cause.R4, tenure(ended_on=START + timedelta(days=30)), GRACE, StayedLongEnough),
        (Cause.R4, tenure(), GRACE - timedelta(days=1), GraceNotOver),
        (Cause.R4, tenure(next_on=GRACE), GRACE, WorksHereAgain),
        (Cause.R4, tenure(next_on=LEFT), GRACE, WorksHereAgain),
    ],
)
def test_a_cause_the_record_contradicts(
    cause: Cause, known: Tenure, on: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_cause(cause, known, on=on, ruleset=RULES)
