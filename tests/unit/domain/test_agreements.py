import pytest

from webapp.domain.agreements import (
    BINDING,
    CHANGES,
    LABELS,
    AgreementState,
    AgreementStepNotAllowed,
    check_change,
)
from webapp.domain.roles import Role

S = AgreementState


@pytest.mark.parametrize(
    ("source", "target", "role"),
    [
        (S.INVITED, S.ACCEPTED, Role.GRADUATE),
        (S.INVITED, S.REFUSED, Role.GRADUATE),
        (S.INVITED, S.CANCELLED, Role.EMPLOYER),
        (S.ACCEPTED, S.SCHOOL_REVIEW, Role.GRADUATE),
        (S.SCHOOL_REVIEW, S.SIGNED, Role.OFFICER),
        (S.SCHOOL_REVIEW, S.RETURNED, Role.OFFICER),
        (S.SIGNED, S.DISSOLVE_REQUESTED, Role.EMPLOYER),
        (S.DISSOLVE_REQUESTED, S.DISSOLVED, Role.OFFICER),
    ],
)
def test_changes_of_the_ministrys_platform(source: S, target: S, role: Role) -> None:
    check_change(source, target, role=role)


@pytest.mark.parametrize("source", list(S))
def test_an_employer_can_never_approve_for_the_school(source: S) -> None:
    for target in (S.SIGNED, S.DISSOLVED, S.RETURNED):
        with pytest.raises(AgreementStepNotAllowed):
            check_change(source, target, role=Role.EMPLOYER)


@pytest.mark.parametrize("source", [S.DISSOLVED, S.REFUSED, S.EXPIRED, S.CANCELLED, S.RETURNED])
def test_an_ended_agreement_never_comes_back(source: S) -> None:
    assert not [target for (start, target) in CHANGES if start is source]


def test_the_unique_index_knows_the_same_binding_states() -> None:
    from webapp.models import Agreement

    index = next(one for one in Agreement.__table__.indexes if one.name == "uq_agreement_signed")
    clause = str(index.dialect_options["sqlite"]["where"])
    assert {state.value for state in S if f"'{state.value}'" in clause} == {state.value for state in BINDING}
    assert set(LABELS) == set(S)
