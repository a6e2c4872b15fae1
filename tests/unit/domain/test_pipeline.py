import pytest

from webapp.domain.pipeline import (
    EMPLOYED,
    FINAL,
    LABELS,
    OPEN,
    PROMISED,
    STEPS,
    Guard,
    NotYourStep,
    ReasonNeeded,
    Stage,
    StageNotAllowed,
    allowed,
    check_step,
)
from webapp.domain.pipeline_words import LABELS as TURN_LABELS
from webapp.domain.pipeline_words import Turn, next_of
from webapp.domain.rejection import LABELS as REASONS
from webapp.domain.rejection import RejectReason
from webapp.domain.roles import Role

G, E, SCHOOL, SYSTEM = Role.GRADUATE, Role.EMPLOYER, Role.OFFICER, None

PRINTED = [
    # the table of DOMAIN 3.2 line by line: row, from, to, actor
    ("1", "draft", "submitted", G),
    ("2", "submitted", "withdrawn", G),
    ("2", "viewed", "withdrawn", G),
    ("2", "interviewed", "withdrawn", G),
    ("2", "offer_made", "withdrawn", G),
    ("3", "submitted", "viewed", E),
    ("4", "viewed", "screened_in", E),
    ("4", "submitted", "screened_in", E),
    ("4", "viewed", "rejected", E),
    ("4", "submitted", "rejected", E),
    ("5", "screened_in", "assessment", E),
    ("5", "assessment", "interview_scheduled", E),
    ("5", "screened_in", "interview_scheduled", E),
    ("6", "interview_scheduled", "interviewed", E),
    ("6", "interview_scheduled", "interviewed", G),
    ("6", "interview_scheduled", "no_show", E),
    ("6", "interview_scheduled", "no_show", G),
    ("7", "interviewed", "offer_made", E),
    ("7", "interviewed", "rejected", E),
    ("8", "offer_made", "accepted", G),
    ("8", "offer_made", "declined", G),
    ("8", "offer_made", "expired", SYSTEM),
    ("9", "accepted", "agreement_pending", E),
    ("9", "agreement_pending", "agreement_signed", G),
    ("10", "agreement_signed", "onboarded", E),
    ("10", "agreement_signed", "onboarded", G),
    ("11", "agreement_signed", "breached", E),
    ("11", "agreement_signed", "breached", G),
    ("11", "agreement_signed", "dissolved", SCHOOL),
    ("12", "onboarded", "probation", E),
    ("12", "probation", "confirmed", E),
    ("12", "probation", "left", G),
    ("12", "probation", "left", E),
]


@pytest.mark.parametrize(("row", "source", "target", "actor"), PRINTED)
def test_every_step_of_the_printed_table_may_be_taken(
    row: str, source: str, target: str, actor: Role | None
) -> None:
    assert check_step(Stage(source), Stage(target), role=actor, reason="说明").target == target


def test_every_pair_outside_the_table_is_refused_and_both_ends_are_named() -> None:
    refused = 0
    for source in Stage:
        for target in Stage:
            if (source, target) in STEPS:
                continue
            with pytest.raises(StageNotAllowed) as refusal:
                check_step(source, target, role=E, reason="说明")
            assert LABELS[source] in str(refusal.value)
            assert LABELS[target] in str(refusal.value)
            refused += 1
    assert refused == len(Stage) ** 2 - len(STEPS)


def test_final_stages_are_those_the_programme_names() -> None:
    assert {"withdrawn", "rejected", "declined", "expired", "breached", "dissolved", "left"} == FINAL
    assert OPEN.isdisjoint(FINAL)
    assert OPEN | FINAL | {Stage.DRAFT} == set(Stage)


def test_the_index_on_open_applications_knows_the_same_final_stages() -> None:
    from webapp.models.application import _CLOSED

    assert {word.strip("'") for word in _CLOSED.strip("()").split(",")} == {stage.value for stage in FINAL}


def test_rejecting_needs_a_person_and_a_reason() -> None:
    rejections = [step for (_source, target), step in STEPS.items() if target is Stage.REJECTED]
    assert rejections
    assert all(step.actors == {E} and step.needs_reason for step in rejections)
    with pytest.raises(ReasonNeeded, match="未通过"):
        check_step(Stage.VIEWED, Stage.REJECTED, role=E, reason="  ")


def test_a_step_of_the_other_side_is_refused() -> None:
    with pytest.raises(NotYourStep, match="由对方来完成"):
        check_step(Stage.OFFER_MADE, Stage.ACCEPTED, role=E)
    with pytest.raises(NotYourStep):
        check_step(Stage.AGREEMENT_PENDING, Stage.AGREEMENT_SIGNED, role=E)


def test_no_stage_is_skipped_on_the_way_to_work() -> None:
    for source in (Stage.SUBMITTED, Stage.VIEWED, Stage.INTERVIEWED, Stage.OFFER_MADE, Stage.ACCEPTED):
        assert (source, Stage.ONBOARDED) not in STEPS
    assert STEPS[Stage.SCREENED_IN, Stage.OFFER_MADE].guards[0] is Guard.CONVERSION


def test_every_open_stage_has_a_way_out() -> None:
    assert all(any(allowed(stage, role) for role in (G, E, SCHOOL, SYSTEM)) for stage in OPEN)


def test_promised_places_can_always_be_given_back() -> None:
    for stage in PROMISED:
        ways = {target for (source, target) in STEPS if source is stage}
        assert ways & {Stage.WITHDRAWN, Stage.BREACHED, Stage.DISSOLVED}
    assert PROMISED.isdisjoint(EMPLOYED)


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_tells_both_sides_what_comes_next(stage: Stage) -> None:
    for audience in (G, E):
        following = next_of(stage, audience)
        assert following.sentence.endswith("。")
        assert (following.turn is Turn.NOBODY) == (stage in FINAL | {Stage.CONFIRMED})


def test_everything_a_person_reads_has_a_label() -> None:
    assert set(LABELS) == set(Stage)
    assert set(TURN_LABELS) == set(Turn)
    assert set(REASONS) == set(RejectReason)
    assert len(set(LABELS.values())) == len(Stage)
