from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.evidence import VERIFIERS, Grade
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.domain.programme import outcome_code, outcome_codes, rulesets
from webapp.domain.retention import Decision, Facts, decide, window

RULES = rulesets()["RS-2026.1"]
days = st.dates(date(2019, 1, 1), date(2033, 12, 31))

facts = st.builds(
    Facts,
    code=st.sampled_from([*outcome_codes(), "511", "99"]),
    started_on=days,
    on=days,
    graduation_on=st.none() | days,
    degree_verified=st.booleans(),
    in_wuhan=st.booleans(),
    has_identity=st.booleans(),
    grades=st.lists(st.sampled_from(Grade), max_size=3),
    approvals=st.integers(0, 3),
    onboarded=st.booleans(),
    pay=st.none() | st.integers(0, 20000),
    kind=st.none() | st.sampled_from(Kind),
    period_status=st.sampled_from([None, "upcoming", "open", "closing", "closed"]),
    counted_here=st.booleans(),
    counted_before=st.none() | st.sampled_from(["2020-01", "2024-06", "2030-12"]),
)

likely = st.builds(
    Facts,
    code=st.sampled_from(["10", "11", "12", "27", "50", "75", "76"]),
    started_on=st.dates(date(2026, 1, 1), date(2026, 7, 31)),
    on=st.just(date(2026, 8, 1)),
    graduation_on=st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    degree_verified=st.just(True),
    in_wuhan=st.just(True),
    has_identity=st.just(True),
    grades=st.lists(st.sampled_from(Grade), min_size=1, max_size=3),
    approvals=st.integers(1, 2),
    onboarded=st.booleans(),
    pay=st.integers(2000, 20000),
)


@given(facts | likely)
def test_a_count_implies_everything_the_programme_demands(case: Facts) -> None:
    """Invariant I14, and every other condition of DOMAIN 1.1."""
    if decide(case, RULES).decision is not Decision.COUNT:
        return
    code = outcome_code(case.code)
    assert code is not None
    assert code.counts
    assert case.degree_verified
    assert case.graduation_on is not None
    assert case.graduation_on <= case.on
    first, last = window(case.graduation_on, RULES)
    assert first <= case.started_on <= last
    assert case.started_on <= case.on
    assert case.in_wuhan
    assert case.has_identity
    assert case.kind is None or case.kind in EMPLOYMENT
    assert case.period_status in {"open", "closing"}
    assert not case.counted_here
    best = min(case.grades)
    assert best <= (code.min_grade or "C")
    assert case.approvals >= VERIFIERS[best]
    assert not code.on_onboarding or case.onboarded


@given(facts | likely)
def test_a_refusal_always_gives_a_reason_and_a_count_never_does(case: Facts) -> None:
    verdict = decide(case, RULES)
    if verdict.decision in {Decision.COUNT, Decision.SECOND_VERIFIER}:
        assert verdict.blocks == ()
        assert verdict.grade is not None
    else:
        assert verdict.blocks
        assert len(set(verdict.blocks)) == len(verdict.blocks)


LOSSES: list[Callable[[Facts], Facts]] = [
    lambda case: replace(case, degree_verified=False),
    lambda case: replace(case, graduation_on=case.on + timedelta(days=1)),
    lambda case: replace(case, in_wuhan=False),
    lambda case: replace(case, has_identity=False),
    lambda case: replace(case, grades=[]),
    lambda case: replace(case, grades=[Grade.D]),
    lambda case: replace(case, approvals=0),
    lambda case: replace(case, counted_here=True),
    lambda case: replace(case, period_status="closed"),
    lambda case: replace(case, kind=Kind.INTERNSHIP),
    lambda case: replace(case, started_on=case.on + timedelta(days=1)),
    lambda case: replace(case, code="80"),
]


@given(likely, st.sampled_from(LOSSES))
def test_taking_one_condition_away_takes_the_count_away(case: Facts, lose: Callable[[Facts], Facts]) -> None:
    if decide(case, RULES).decision is Decision.COUNT:
        assert decide(lose(case), RULES).decision is not Decision.COUNT


@given(likely, st.sampled_from(Grade))
def test_more_evidence_never_takes_a_count_away(case: Facts, grade: Grade) -> None:
    if decide(case, RULES).decision is Decision.COUNT:
        assert decide(replace(case, grades=[*case.grades, grade]), RULES).decision is Decision.COUNT


@given(facts | likely)
def test_the_same_facts_always_lead_to_the_same_verdict(case: Facts) -> None:
    assert decide(case, RULES) == decide(replace(case, grades=list(reversed(list(case.grades)))), RULES)
