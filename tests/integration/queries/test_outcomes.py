"""What ranking learns from later: answered applications as they were sent, and nothing the pipeline wrote."""

from datetime import timedelta

import pytest

from matcher.engine import MatchingEngine
from tests.factories import NOW, TODAY, make_application, make_graduate, make_posting, make_resume
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.models import ApplicationStep, Resume
from webapp.queries.outcomes import outcomes


@pytest.fixture
def applied(session):
    """Make applications that went through some stages."""

    def applied(*stages, graduate=None, days=0):
        graduate = graduate or make_graduate(session)
        resume = make_resume(session, graduate)
        at = NOW + timedelta(days=days)
        application = make_application(session, graduate, resume_id=resume.id, created_at=at)
        for before, after in zip((Stage.SUBMITTED, *stages), stages, strict=False):
            step = ApplicationStep(
                application_id=application.id,
                source=before,
                target=after,
                actor_role=Role.EMPLOYER,
                at=at + timedelta(days=3),
            )
            session.add(step)
            application.stage = after
        session.flush()
        return application

    return applied


@pytest.mark.parametrize(
    ("stages", "taken_up"),
    [
        ((), None),
        ((Stage.VIEWED,), None),
        ((Stage.VIEWED, Stage.WITHDRAWN), None),
        ((Stage.REJECTED,), False),
        ((Stage.VIEWED, Stage.SCREENED_IN), True),
        ((Stage.SCREENED_IN, Stage.INTERVIEW_SCHEDULED, Stage.REJECTED), True),
        ((Stage.SCREENED_IN, Stage.OFFER_MADE, Stage.DECLINED), True),
    ],
)
def test_the_furthest_stage_decides_and_unanswered_ones_say_nothing(session, applied, stages, taken_up):
    applied(*stages)
    assert [one.taken_up for one in outcomes(session)] == ([] if taken_up is None else [taken_up])


def test_they_come_in_the_order_they_were_sent(session, applied):
    later, earlier = applied(Stage.REJECTED, days=9), applied(Stage.SCREENED_IN)
    assert [one.graduate_id for one in outcomes(session)] == [earlier.graduate_id, later.graduate_id]


def test_the_resume_that_was_sent_is_read_not_the_one_of_today(session, applied):
    application = applied(Stage.REJECTED)
    session.get_one(Resume, application.resume_id).is_current = False
    session.flush()
    make_resume(session, application.graduate, version=2, redacted_text="改写过的简历", skills=["焊接"])
    [outcome] = outcomes(session)
    assert outcome.resume.skills == ("Python", "SQL", "Flask")


def test_nothing_the_pipeline_wrote_reaches_a_signal(session, applied, matching_parts: MatchingEngine):
    application = applied(Stage.SCREENED_IN)

    def signals():
        [outcome] = (one for one in outcomes(session) if one.graduate_id == application.graduate_id)
        return matching_parts.pair(outcome.resume, outcome.posting, today=TODAY).signals

    before = signals()
    application.posting.filled = application.posting.headcount
    application.answered_at = NOW + timedelta(days=5)
    application.stage = Stage.ONBOARDED
    for _ in range(6):
        make_application(session, posting=application.posting, answered_at=NOW)
    session.flush()
    assert signals() == before


def test_who_switched_personalisation_off_or_was_erased_is_not_learnt_from(session, applied):
    applied(Stage.REJECTED, graduate=make_graduate(session, personalised=False))
    applied(Stage.REJECTED, graduate=make_graduate(session, restricted_at=NOW))
    make_posting(session)
    assert list(outcomes(session)) == []
