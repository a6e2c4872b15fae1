import pytest

from webapp.domain.evidence import (
    LABELS,
    VERIFIERS,
    EvidenceNotFitting,
    EvidenceUnknown,
    Grade,
    VerifierInvolved,
    check_fitting,
    check_independent,
    evidence_types,
    strongest,
    types_for,
)
from webapp.domain.programme import outcome_codes


def test_grades_rank_from_administrative_to_said() -> None:
    assert strongest([Grade.C, Grade.A, Grade.B]) is Grade.A
    assert strongest([]) is None


def test_documentary_evidence_needs_two_officers_and_statements_never_count() -> None:
    assert VERIFIERS == {Grade.A: 1, Grade.B: 1, Grade.C: 2}
    assert set(LABELS) == set(Grade)


def test_internship_certificates_and_statements_prove_no_outcome() -> None:
    for key in ("internship_certificate", "self_report"):
        assert evidence_types()[key].grade is Grade.D
        assert not evidence_types()[key].outcome_codes


def test_every_code_that_counts_can_be_proved_well_enough() -> None:
    for code, entry in outcome_codes().items():
        if entry.counts:
            assert any(one.grade <= (entry.min_grade or "C") for one in types_for(code)), code


def test_types_for_a_code_come_strongest_first() -> None:
    grades = [one.grade for one in types_for("12")]
    assert grades == sorted(grades)


def test_a_paper_that_proves_something_else_is_refused_by_name() -> None:
    with pytest.raises(EvidenceNotFitting, match="营业执照登记查询"):
        check_fitting("business_licence", "11")
    with pytest.raises(EvidenceUnknown, match="朋友圈截图"):
        check_fitting("朋友圈截图", "11")
    assert check_fitting("self_report", "11").grade is Grade.D


@pytest.mark.parametrize(
    ("claimant", "submitters", "members"), [(7, {1}, {2}), (1, {7, 3}, {2}), (1, {3}, {2, 7})]
)
def test_nobody_verifies_what_they_are_part_of(
    claimant: int, submitters: set[int], members: set[int]
) -> None:
    with pytest.raises(VerifierInvolved):
        check_independent(7, claimant=claimant, submitters=submitters, members=members)
    check_independent(8, claimant=claimant, submitters=submitters, members=members)
