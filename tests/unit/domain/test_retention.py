"""The rule of the count as worked examples an officer can check line by line.

Every example starts from one ordinary case that counts and changes one or two facts. The ordinary case:
a bachelor graduated on 2026-06-30 and verified, works in Wuhan since 2026-07-01 under a labour contract
(code 11, grade B), is approved by one officer on 2026-08-01.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from webapp.domain.evidence import Grade
from webapp.domain.postings import Kind
from webapp.domain.programme import outcome_codes, rulesets
from webapp.domain.retention import (
    EDITABLE,
    LABELS,
    LIVE,
    MOVES,
    Block,
    CannotCount,
    Cause,
    ClaimState,
    ClaimStepNotAllowed,
    Decision,
    EntryKind,
    Event,
    Facts,
    decide,
    move,
    window,
)

RULES = rulesets()["RS-2026.1"]
A, B, C, D = Grade

ORDINARY = Facts(
    code="11",
    started_on=date(2026, 7, 1),
    on=date(2026, 8, 1),
    graduation_on=date(2026, 6, 30),
    degree_verified=True,
    in_wuhan=True,
    has_identity=True,
    grades=[B],
    approvals=1,
    onboarded=True,
    pay=8000,
)

COUNTS = Decision.COUNT
WAITS = Decision.SECOND_VERIFIER
PROVISIONAL = Decision.PROVISIONAL
NO = Decision.REFUSE

TWO = {"grades": [C], "approvals": 2}
NOT_THERE = {"onboarded": False}
WEAK, LOW, ABSENT = Block.EVIDENCE_TOO_WEAK, Block.PAY_BELOW_MINIMUM, Block.NOT_ONBOARDED

EXAMPLES: list[tuple[str, dict[str, Any], Decision, set[Block]]] = [
    # id and sentence, what differs, decision, reasons
    ("01 labour contract, one officer", {}, COUNTS, set()),
    ("02 insured in Wuhan as well", {"grades": [B, A]}, COUNTS, set()),
    ("03 certificate and pay slips, one officer", {"code": "12", "grades": [C]}, WAITS, set()),
    ("04 certificate and pay slips, two officers", {"code": "12", **TWO}, COUNTS, set()),
    ("05 own statement only", {"grades": [D]}, NO, {WEAK}),
    ("06 own statement, two officers", {**TWO, "grades": [D]}, NO, {WEAK}),
    ("07 no evidence", {"grades": []}, NO, {WEAK}),
    ("08 contract code on a certificate only", {**TWO}, NO, {WEAK}),
    ("09 agreement signed, not at work yet", {"code": "10", **NOT_THERE}, PROVISIONAL, {ABSENT}),
    ("10 agreement signed and at work", {"code": "10"}, COUNTS, set()),
    ("11 agreement, not at work, degree open", {"code": "10", **NOT_THERE, "degree_verified": False},
     NO, {ABSENT, Block.DEGREE_UNVERIFIED}),
    ("12 further study", {"code": "80"}, NO, {Block.CODE_NOT_COUNTED}),
    ("13 military service", {"code": "46", "grades": [B]}, NO, {Block.CODE_NOT_COUNTED}),
    ("14 abroad", {"code": "85", "in_wuhan": False}, NO, {Block.CODE_NOT_COUNTED, Block.NOT_IN_WUHAN}),
    ("15 waiting for work", {"code": "70", "grades": []}, NO, {Block.CODE_NOT_COUNTED, WEAK}),
    ("16 unknown code", {"code": "99"}, NO, {Block.CODE_UNKNOWN}),
    ("17 local programme, sub-code 511", {"code": "511"}, COUNTS, set()),
    ("18 research assistant", {"code": "27"}, COUNTS, set()),
    ("19 research assistant below minimum wage", {"code": "27", "pay": 2209}, NO, {LOW}),
    ("20 research assistant at minimum wage", {"code": "27", "pay": 2210}, COUNTS, set()),
    ("21 freelance, flexible insurance", {"code": "76", "grades": [A], "pay": 3000}, COUNTS, set()),
    ("22 freelance, statement with school's stamp", {"code": "76", **TWO, "pay": 3000},
     NO, {WEAK}),
    ("23 freelance, pay not stated", {"code": "76", "grades": [A], "pay": None}, NO, {LOW}),
    ("24 own business with licence", {"code": "75", "grades": [A], "pay": None}, COUNTS, set()),
    ("25 web shop, no wage floor, two officers", {"code": "75", **TWO, "pay": None},
     COUNTS, set()),
    ("26 internship", {"kind": Kind.INTERNSHIP}, NO, {Block.NOT_EMPLOYMENT}),
    ("27 traineeship", {"kind": Kind.TRAINEESHIP}, NO, {Block.NOT_EMPLOYMENT}),
    ("28 internship turned into a job", {"kind": Kind.JOB}, COUNTS, set()),
    ("29 Wuhan employer, work in Changsha", {"in_wuhan": False}, NO, {Block.NOT_IN_WUHAN}),
    ("30 degree not verified", {"degree_verified": False}, NO, {Block.DEGREE_UNVERIFIED}),
    ("31 graduation date unknown", {"graduation_on": None}, NO, {Block.DEGREE_UNVERIFIED}),
    ("32 identity number not given", {"has_identity": False}, NO, {Block.NO_IDENTITY}),
    ("33 start on the first day of the window", {"started_on": date(2025, 9, 1)}, COUNTS, set()),
    ("34 start the day before the window", {"started_on": date(2025, 8, 31)}, NO, {Block.BEFORE_WINDOW}),
    ("35 start on the last day of the window", {"graduation_on": date(2021, 7, 1)}, COUNTS, set()),
    ("36 start the day after the window", {"graduation_on": date(2021, 6, 30)}, NO, {Block.AFTER_WINDOW}),
    ("37 starts today", {"started_on": date(2026, 8, 1)}, COUNTS, set()),
    ("38 starts tomorrow", {"started_on": date(2026, 8, 2)}, NO, {Block.NOT_STARTED}),
    ("39 outside every period", {"period_status": None}, NO, {Block.NO_PERIOD}),
    ("40 period closed", {"period_status": "closed"}, NO, {Block.PERIOD_NOT_OPEN}),
    ("41 period closing", {"period_status": "closing"}, COUNTS, set()),
    ("42 period not begun", {"period_status": "upcoming"}, NO, {Block.PERIOD_NOT_OPEN}),
    ("43 counted in this period before", {"counted_here": True}, NO, {Block.ALREADY_COUNTED}),
    ("44 counted last period, no new degree", {"counted_before": "2026-06"}, NO, {Block.COUNTED_EARLIER}),
    ("45 counted last period, graduated again since", {"counted_before": "2026-05"}, COUNTS, set()),
    ("46 graduates today", {"graduation_on": date(2026, 8, 1)}, COUNTS, set()),
    ("47 graduates tomorrow", {"graduation_on": date(2026, 8, 2)}, NO, {Block.NOT_GRADUATED}),
    ("48 a student whose degree is open", {"graduation_on": date(2026, 8, 2), "degree_verified": False},
     NO, {Block.NOT_GRADUATED, Block.DEGREE_UNVERIFIED}),
    ("49 agreement of a student", {"code": "10", **NOT_THERE, "graduation_on": date(2026, 8, 2)},
     NO, {ABSENT, Block.NOT_GRADUATED}),
    ("50 everything wrong at once", {"in_wuhan": False, "has_identity": False, "grades": []},
     NO, {Block.NOT_IN_WUHAN, Block.NO_IDENTITY, WEAK}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "decision", "blocks"),
    [pytest.param(*example[1:], id=example[0]) for example in EXAMPLES],
)
def test_worked_example(changes: dict[str, Any], decision: Decision, blocks: set[Block]) -> None:
    verdict = decide(replace(ORDINARY, **changes), RULES)
    assert (verdict.decision, set(verdict.blocks)) == (decision, blocks)


def test_the_examples_are_numbered_without_gaps() -> None:
    assert [example[0][:2] for example in EXAMPLES] == [f"{n:02}" for n in range(1, len(EXAMPLES) + 1)]


@pytest.mark.parametrize(
    ("graduated", "first", "last"),
    [
        (date(2026, 6, 30), date(2025, 9, 1), date(2031, 6, 30)),
        (date(2026, 1, 1), date(2025, 9, 1), date(2031, 1, 1)),
        (date(2026, 12, 31), date(2025, 9, 1), date(2031, 12, 31)),
        (date(2024, 2, 29), date(2023, 9, 1), date(2029, 2, 28)),
    ],
)
def test_window_of_a_cohort(graduated: date, first: date, last: date) -> None:
    assert window(graduated, RULES) == (first, last)


TABLE = [
    # the table of DOMAIN 1.7: from, event, to
    ("claimed", Event.PROVE, "evidenced"),
    ("returned", Event.PROVE, "evidenced"),
    ("evidenced", Event.RETURN, "returned"),
    ("evidenced", Event.PROVISION, "provisional"),
    ("evidenced", Event.COUNT, "counted"),
    ("provisional", Event.COUNT, "counted"),
    ("counted", Event.CONFIRM, "confirmed"),
    ("counted", Event.DISPUTE, "disputed"),
    ("confirmed", Event.DISPUTE, "disputed"),
    ("disputed", Event.UPHOLD, "counted"),
    ("counted", Event.REVERSE, "reversed"),
    ("confirmed", Event.REVERSE, "reversed"),
    ("disputed", Event.REVERSE, "reversed"),
]


@pytest.mark.parametrize(("source", "event", "target"), TABLE)
def test_every_event_of_the_table_leads_where_it_says(source: str, event: Event, target: str) -> None:
    assert move(ClaimState(source), event) is ClaimState(target)


def test_every_other_event_is_refused_and_names_the_state() -> None:
    for state in ClaimState:
        for event in Event:
            if (state, event) not in MOVES:
                with pytest.raises(ClaimStepNotAllowed) as refusal:
                    move(state, event)
                assert LABELS[state] in str(refusal.value)


def test_a_reversed_claim_never_comes_back() -> None:
    assert not [event for (state, event) in MOVES if state is ClaimState.REVERSED]


def test_only_a_count_makes_a_claim_live_and_only_a_reversal_ends_it() -> None:
    for (source, event), target in MOVES.items():
        assert (source not in LIVE and target in LIVE) == (event is Event.COUNT)
        assert (source in LIVE and target not in LIVE) == (event is Event.REVERSE)
    assert LIVE.isdisjoint(EDITABLE)


def test_a_refusal_names_every_reason() -> None:
    refusal = str(CannotCount([Block.NO_IDENTITY, Block.NOT_IN_WUHAN]))
    assert "还没有登记证件号码" in refusal
    assert "工作地点不在武汉" in refusal


def test_everything_an_officer_reads_has_a_label() -> None:
    for kind in (ClaimState, EntryKind, Cause, Block):
        assert set(kind) <= set(LABELS)


def test_the_codes_that_count_are_those_of_the_programme() -> None:
    counting = {code for code, entry in outcome_codes().items() if entry.counts}
    assert counting == {"10", "11", "12", "27", "50", "51", "75", "76"}
