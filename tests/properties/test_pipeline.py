import itertools

from hypothesis import given, target
from hypothesis import strategies as st

from webapp.domain.errors import PlatformError
from webapp.domain.pipeline import FINAL, PROMISED, STEPS, Stage, allowed, check_step
from webapp.domain.roles import Role

ACTORS = (*Role, None)
choices = st.lists(st.integers(0, 30), max_size=25)


def walk(choices: list[int]) -> list[Stage]:
    """Take any permitted step, by whoever may take it, as the numbers choose."""
    reached = [Stage.DRAFT]
    for number in choices:
        ways = [stage for actor in ACTORS for stage in allowed(reached[-1], actor)]
        if not ways:
            break
        reached.append(ways[number % len(ways)])
    return reached


@given(choices)
def test_every_walk_takes_listed_steps_and_stops_at_a_final_stage(numbers: list[int]) -> None:
    reached = walk(numbers)
    target(len(reached))
    assert all(pair in STEPS for pair in itertools.pairwise(reached))
    assert not FINAL & set(reached[:-1])


@given(choices)
def test_nobody_starts_work_without_an_offer_accepted_and_an_agreement_signed(numbers: list[int]) -> None:
    reached = walk(numbers)
    target(float(len(PROMISED & set(reached))))
    if Stage.ONBOARDED in reached:
        before = set(reached[: reached.index(Stage.ONBOARDED)])
        assert before >= PROMISED | {Stage.SUBMITTED, Stage.SCREENED_IN, Stage.OFFER_MADE}


@given(st.lists(st.sampled_from(Stage), max_size=60))
def test_an_employer_alone_never_gets_past_its_own_offer(targets: list[Stage]) -> None:
    stage = Stage.SUBMITTED
    for wanted in targets:
        try:
            stage = check_step(stage, wanted, role=Role.EMPLOYER, reason="说明").target
        except PlatformError:
            continue
    assert stage not in PROMISED
