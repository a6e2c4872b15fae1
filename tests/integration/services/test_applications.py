from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.statements import asking
from tests.stories import AT, HOUR, MAIN_ROAD, Story, begin, terms
from webapp.domain.agreements import AgreementState
from webapp.domain.consent import Purpose
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.interviews import Mode, Report
from webapp.domain.offers import OfferOverdue, ProbationRepeated
from webapp.domain.pipeline import NotYourStep, Stage, StageNotAllowed
from webapp.domain.postings import Kind, PostingStatus
from webapp.domain.rejection import RejectReason
from webapp.domain.roles import Role, Scope
from webapp.models import Application, ApplicationStep, AuditEntry, Notification, User
from webapp.queries.pipelines import answer_rate, application_page, graduate_board, posting_board
from webapp.services import agreements, applications, consents, employment, interviews, invitations, offers
from webapp.services.applications import AlreadyApplied, ConsentNeeded, NotConvertible, PostingNotOpen
from webapp.services.places import AlreadyPromised, HeadcountFull


def news_of(session: Session, user: User) -> list[str]:
    return list(session.scalars(select(Notification.message).where(Notification.user_id == user.id)))


def test_the_whole_road_from_applying_to_the_first_day(session: Session) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    steps = session.scalars(select(ApplicationStep).order_by(ApplicationStep.id)).all()
    assert [step.target for step in steps] == list(MAIN_ROAD)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert story.application.answered_at is not None
    assert story.posting.filled == 1
    assert story.placement is not None
    assert story.placement.outcome_code == "11"
    assert len(news_of(session, story.graduate_user)) >= 6
    assert len(news_of(session, story.employer_user)) >= 3


def test_applying_without_consent_is_refused_and_writes_nothing(session: Session) -> None:
    graduate, posting = factories.make_graduate(session), factories.make_posting(session)
    with pytest.raises(ConsentNeeded, match=posting.employer.name):
        applications.submit(session, by=graduate.user, posting_id=posting.id, at=AT)
    assert session.scalar(select(func.count(Application.id))) == 0


def test_the_same_click_twice_writes_one_application(session: Session) -> None:
    graduate, posting = factories.make_graduate(session), factories.make_posting(session)
    both = [
        applications.submit(
            session, by=graduate.user, posting_id=posting.id, at=AT, consent=True, idempotency_key="key"
        )
        for _ in range(2)
    ]
    assert both[0] is both[1]
    assert session.scalar(select(func.count(ApplicationStep.id))) == 1


def test_a_second_open_application_to_the_same_posting_is_refused(session: Session) -> None:
    story = begin(session)
    with pytest.raises(AlreadyApplied, match="我的投递"):
        begin(session, graduate=story.graduate, posting=story.posting)


def test_after_withdrawing_one_may_apply_again(session: Session) -> None:
    story = begin(session)
    applications.withdraw(session, by=story.graduate_user, application_id=story.application.id, at=AT)
    assert (
        begin(session, graduate=story.graduate, posting=story.posting).application.id != story.application.id
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"status": PostingStatus.PAUSED},
        {"valid_until_on": factories.TODAY - timedelta(days=1)},
        {"headcount": 1, "filled": 1},
    ],
)
def test_a_posting_that_is_not_open_takes_no_application(
    session: Session, changes: dict[str, object]
) -> None:
    with pytest.raises(PostingNotOpen):
        begin(session, **changes)


def test_a_posting_is_open_on_its_last_day(session: Session) -> None:
    assert begin(session, valid_until_on=factories.TODAY).application.stage is Stage.SUBMITTED


def test_withdrawing_ends_the_employers_access(session: Session) -> None:
    story = begin(session)
    applications.withdraw(session, by=story.graduate_user, application_id=story.application.id, at=AT)
    assert not consents.has_consent(
        session, story.graduate_user.id, Purpose.SHARE_WITH_EMPLOYER, story.posting.employer_id
    )
    with pytest.raises(NotFound):
        applications.mark_viewed(session, by=story.employer_user, application_id=story.application.id, at=AT)
    assert posting_board(session, story.posting.id) == {}


def test_withdrawing_one_of_two_applications_keeps_the_other_open_to_the_employer(session: Session) -> None:
    story = begin(session)
    begin(session, graduate=story.graduate, posting=factories.make_posting(session, story.posting.employer))
    applications.withdraw(session, by=story.graduate_user, application_id=story.application.id, at=AT)
    assert consents.has_consent(
        session, story.graduate_user.id, Purpose.SHARE_WITH_EMPLOYER, story.posting.employer_id
    )


def test_looking_twice_is_one_step_and_two_entries_in_the_audit(session: Session) -> None:
    story = begin(session).tell_until(Stage.VIEWED)
    applications.mark_viewed(
        session, by=story.employer_user, application_id=story.application.id, at=AT + HOUR
    )
    assert session.scalar(select(func.count(AuditEntry.id))) == 2
    assert session.scalar(select(func.count(ApplicationStep.id))) == 2


def test_strangers_cannot_tell_that_an_application_exists(session: Session) -> None:
    story = begin(session)
    strangers = [
        factories.make_graduate(session).user,
        factories.make_member(session).user,
        factories.make_officer(session).user,
    ]
    for by in strangers:
        for deed in (applications.mark_viewed, applications.screen_in, applications.withdraw):
            with pytest.raises(NotFound):
                deed(session, by=by, application_id=story.application.id, at=AT)
    with pytest.raises(NotFound):
        applications.screen_in(session, by=story.employer_user, application_id=10**6, at=AT)


def test_each_side_takes_only_its_own_steps(session: Session) -> None:
    story = begin(session)
    with pytest.raises(NotYourStep):
        applications.screen_in(session, by=story.graduate_user, application_id=story.application.id, at=AT)
    with pytest.raises(NotYourStep):
        applications.withdraw(session, by=story.employer_user, application_id=story.application.id, at=AT)
    with pytest.raises(NotAllowed):
        applications.submit(session, by=story.employer_user, posting_id=story.posting.id, at=AT, consent=True)


def test_a_rejection_keeps_its_coded_reason_and_answers(session: Session) -> None:
    story = begin(session).tell_until(Stage.VIEWED)
    applications.reject(
        session,
        by=story.employer_user,
        application_id=story.application.id,
        at=AT + 2 * HOUR,
        reason=RejectReason.SKILLS,
        note="欢迎补充项目经历后再投。",
    )
    page = application_page(session, story.application.id)
    assert page is not None
    assert page.steps[-1].reason == "skills"
    assert story.application.answered_at == AT + 2 * HOUR


def test_a_step_that_skips_stages_names_both_ends(session: Session) -> None:
    story = begin(session)
    with pytest.raises(StageNotAllowed, match=r"已投递.*已发录用通知"):
        offers.make_offer(
            session, by=story.employer_user, application_id=story.application.id, terms=terms(), at=AT
        )


def test_only_a_converting_intern_is_offered_a_place_without_an_interview(session: Session) -> None:
    story = begin(session).tell_until(Stage.SCREENED_IN)
    with pytest.raises(StageNotAllowed, match=r"筛选通过.*已发录用通知"):
        offers.make_offer(
            session, by=story.employer_user, application_id=story.application.id, terms=terms(), at=story.at
        )


def test_time_never_runs_backwards_within_an_application(session: Session) -> None:
    story = begin(session).tell_until(Stage.VIEWED)
    applications.screen_in(
        session, by=story.employer_user, application_id=story.application.id, at=AT - timedelta(days=1)
    )
    steps = session.scalars(select(ApplicationStep.at).order_by(ApplicationStep.id)).all()
    assert list(steps) == sorted(steps)


def test_two_sides_that_contradict_each_other_leave_the_interview_open(session: Session) -> None:
    story = begin(session).tell_until(Stage.INTERVIEW_SCHEDULED)
    known = {"session": session, "interview_id": story.interview.id}
    after = story.interview.starts_at + HOUR
    interviews.report_interview(**known, by=story.employer_user, report=Report.GRADUATE_ABSENT, at=after)
    interviews.report_interview(**known, by=story.graduate_user, report=Report.HELD, at=after)
    assert interviews.settle_interviews(session, at=after + timedelta(days=3)) == 0
    assert story.application.stage is Stage.INTERVIEW_SCHEDULED
    interviews.report_interview(**known, by=story.employer_user, report=Report.HELD, at=after)
    assert story.application.stage is Stage.INTERVIEWED


def test_after_a_day_of_silence_one_word_stands(session: Session) -> None:
    story = begin(session).tell_until(Stage.INTERVIEW_SCHEDULED)
    slot = story.interview.starts_at
    interviews.report_interview(
        session,
        by=story.graduate_user,
        interview_id=story.interview.id,
        report=Report.EMPLOYER_ABSENT,
        at=slot,
    )
    assert interviews.settle_interviews(session, at=slot + timedelta(hours=23)) == 0
    assert interviews.settle_interviews(session, at=slot + timedelta(hours=24)) == 1
    assert story.application.stage is Stage.NO_SHOW


def test_a_new_appointment_replaces_the_old_one(session: Session) -> None:
    story = begin(session).tell_until(Stage.INTERVIEW_SCHEDULED)
    old = story.interview
    interviews.schedule_interview(
        session,
        by=story.employer_user,
        application_id=story.application.id,
        at=story.at,
        starts_at=story.at + timedelta(days=1),
        mode=Mode.VIDEO,
        place="会议号 123",
    )
    with pytest.raises(interviews.InterviewReplaced):
        interviews.confirm_interview(session, by=story.graduate_user, interview_id=old.id, at=story.at)
    with pytest.raises(interviews.InterviewInPast):
        interviews.schedule_interview(
            session,
            by=story.employer_user,
            application_id=story.application.id,
            at=story.at,
            starts_at=story.at,
            mode=Mode.VIDEO,
            place="x",
        )


def test_an_offer_may_be_accepted_on_the_last_day_and_not_after(session: Session) -> None:
    story = begin(session).tell_until(Stage.OFFER_MADE)
    known = {"session": session, "by": story.graduate_user, "application_id": story.application.id}
    with pytest.raises(OfferOverdue, match="2026-06-20"):
        offers.accept_offer(**known, at=AT.replace(day=20, hour=16))  # midnight of the 21st in Wuhan
    offers.accept_offer(**known, at=AT.replace(day=20, hour=15, minute=59))
    assert story.application.stage is Stage.ACCEPTED


def test_overdue_offers_expire_by_themselves(session: Session) -> None:
    story = begin(session).tell_until(Stage.OFFER_MADE)
    assert offers.expire_offers(session, at=AT.replace(day=20)) == 0
    assert offers.expire_offers(session, at=AT.replace(day=21)) == 1
    assert story.application.stage is Stage.EXPIRED
    assert story.posting.filled == 0


def test_headcount_is_never_overfilled(session: Session) -> None:
    posting = factories.make_posting(session, headcount=1)
    first, second = (begin(session, posting=posting).tell_until(Stage.OFFER_MADE) for _ in range(2))
    first.tell_until(Stage.ACCEPTED)
    with pytest.raises(HeadcountFull, match="名额刚刚满了"):
        second.tell_until(Stage.ACCEPTED)
    applications.withdraw(
        session, by=first.graduate_user, application_id=first.application.id, at=first.at + HOUR
    )
    second.tell_until(Stage.ACCEPTED)
    assert posting.filled == 1


def test_one_promise_of_work_per_graduate(session: Session) -> None:
    first = begin(session).tell_until(Stage.ACCEPTED)
    second = begin(session, graduate=first.graduate).tell_until(Stage.OFFER_MADE)
    with pytest.raises(AlreadyPromised, match=first.posting.employer.name):
        second.tell_until(Stage.ACCEPTED)


def test_an_internship_beside_a_promise_of_work_is_fine(session: Session) -> None:
    first = begin(session).tell_until(Stage.ACCEPTED)
    second = begin(session, graduate=first.graduate, kind=Kind.INTERNSHIP).tell_until(Stage.ACCEPTED)
    assert second.application.stage is Stage.ACCEPTED


def test_a_breach_frees_the_place_and_the_graduate(session: Session) -> None:
    story = begin(session).tell_until(Stage.AGREEMENT_SIGNED)
    agreements.breach_agreement(
        session, by=story.graduate_user, application_id=story.application.id, at=story.at, reason="家中有事"
    )
    assert story.posting.filled == 0
    begin(session, graduate=story.graduate).tell_until(Stage.AGREEMENT_SIGNED)


def test_the_school_decides_on_dissolution(session: Session) -> None:
    story = begin(session).tell_until(Stage.AGREEMENT_SIGNED)
    station = factories.make_officer(session, Scope.STATION, institution_code="4142010486").user
    elsewhere = factories.make_officer(session, Scope.STATION, institution_code="4142010487").user
    known = {"session": session, "application_id": story.application.id}
    agreements.request_dissolution(**known, by=story.employer_user, reason="业务调整")
    for by in (elsewhere, factories.make_officer(session, Scope.AUDITOR).user):
        with pytest.raises(NotAllowed):
            agreements.dissolve_agreement(**known, by=by, at=story.at, reason="双方同意")
    with pytest.raises(NotYourStep):
        agreements.dissolve_agreement(**known, by=story.employer_user, at=story.at, reason="双方同意")
    agreements.dissolve_agreement(**known, by=station, at=story.at, reason="双方同意")
    assert story.application.stage is Stage.DISSOLVED
    assert story.posting.filled == 0


def test_an_employer_cannot_sign_for_the_school(session: Session) -> None:
    story = begin(session).tell_until(Stage.AGREEMENT_PENDING)
    with pytest.raises(NotYourStep):
        agreements.sign_agreement(
            session,
            by=story.employer_user,
            application_id=story.application.id,
            at=story.at,
            signed_on=factories.TODAY,
        )


def test_internships_run_to_the_end_and_claim_nothing(session: Session) -> None:
    for kind in (Kind.INTERNSHIP, Kind.TRAINEESHIP):
        story = begin(session, kind=kind).tell_until(Stage.ONBOARDED)
        assert story.application.stage is Stage.ONBOARDED
        assert story.placement is None


def test_an_intern_is_taken_on_without_a_second_interview_and_then_claims(session: Session) -> None:
    intern = begin(session, kind=Kind.INTERNSHIP, converts=True).tell_until(Stage.ONBOARDED)
    job = factories.make_posting(session, intern.posting.employer)
    story = begin(
        session, graduate=intern.graduate, posting=job, converted_from_id=intern.application.id
    ).tell_until(Stage.SCREENED_IN)
    story.at = intern.at
    later = terms(start_on=date(2026, 7, 10), deadline_on=date(2026, 7, 5))
    known = {"session": session, "application_id": story.application.id, "at": story.at}
    offers.make_offer(**known, by=intern.employer_user, terms=later)
    offers.accept_offer(**known, by=story.graduate_user)
    story.tell_until(Stage.AGREEMENT_SIGNED)
    employment.onboard(
        session,
        by=intern.employer_user,
        application_id=story.application.id,
        at=AT + timedelta(days=30),
        started_on=date(2026, 7, 10),
    )
    assert story.placement is not None
    assert intern.placement is None


@pytest.mark.parametrize("changes", [{"converts": False}, {"kind": Kind.JOB, "converts": True}])
def test_only_a_convertible_practice_converts(session: Session, changes: dict[str, object]) -> None:
    intern = begin(session, **({"kind": Kind.INTERNSHIP} | changes)).tell_until(Stage.ONBOARDED)
    job = factories.make_posting(session, intern.posting.employer)
    with pytest.raises(NotConvertible):
        begin(session, graduate=intern.graduate, posting=job, converted_from_id=intern.application.id)


def test_probation_confirmation_and_leaving(session: Session) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    known = {"session": session, "by": story.employer_user, "application_id": story.application.id}
    with pytest.raises(StageNotAllowed):
        employment.confirm_employment(**known, at=story.at)
    employment.start_probation(**known, at=story.at)
    employment.confirm_employment(**known, at=story.at + timedelta(days=90))
    with pytest.raises(employment.LeftBeforeStart):
        employment.record_leaving(**known, at=story.at, left_on=date(2026, 6, 24), reason="个人原因")
    left_on = date(2026, 10, 1)
    employment.record_leaving(**known, at=AT.replace(month=10), left_on=left_on, reason="个人原因")
    assert story.placement is not None
    assert story.placement.ended_on == left_on
    page = application_page(session, story.application.id)
    assert page is not None
    assert page.agreement is not None
    assert page.agreement.state is AgreementState.EXPIRED


def test_no_second_probation_with_the_same_employer(session: Session) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    employment.record_leaving(
        session,
        by=story.graduate_user,
        application_id=story.application.id,
        at=story.at,
        left_on=date(2026, 6, 27),
        reason="个人原因",
    )
    again = begin(
        session, graduate=story.graduate, posting=factories.make_posting(session, story.posting.employer)
    ).tell_until(Stage.INTERVIEWED)
    with pytest.raises(ProbationRepeated):
        again.tell_until(Stage.OFFER_MADE)


def test_a_first_day_in_the_future_is_refused(session: Session) -> None:
    story = begin(session).tell_until(Stage.AGREEMENT_SIGNED)
    with pytest.raises(employment.StartInFuture):
        employment.onboard(
            session,
            by=story.employer_user,
            application_id=story.application.id,
            at=story.at,
            started_on=factories.TODAY + timedelta(days=1),
        )


def test_an_accepted_invitation_is_an_application_with_consent(session: Session) -> None:
    graduate, posting = factories.make_graduate(session), factories.make_posting(session)
    member = factories.make_member(session, posting.employer)
    sent = invitations.invite(session, by=member.user, posting_id=posting.id, graduate_id=graduate.id, at=AT)
    with pytest.raises(invitations.AlreadyInvited):
        invitations.invite(session, by=member.user, posting_id=posting.id, graduate_id=graduate.id, at=AT)
    application = invitations.accept_invitation(session, by=graduate.user, invitation_id=sent.id, at=AT)
    assert application.stage is Stage.SUBMITTED
    assert consents.has_consent(session, graduate.user_id, Purpose.SHARE_WITH_EMPLOYER, posting.employer_id)
    with pytest.raises(invitations.AlreadyAnswered):
        invitations.decline_invitation(session, by=graduate.user, invitation_id=sent.id, at=AT)


def test_who_does_not_wish_to_be_found_is_not_invited(session: Session) -> None:
    graduate = factories.make_graduate(session, searchable=False)
    posting = factories.make_posting(session)
    member = factories.make_member(session, posting.employer)
    with pytest.raises(invitations.NotInvitable):
        invitations.invite(session, by=member.user, posting_id=posting.id, graduate_id=graduate.id, at=AT)
    other = factories.make_member(session).user
    with pytest.raises(NotFound):
        invitations.invite(session, by=other, posting_id=posting.id, graduate_id=graduate.id, at=AT)


def test_boards_say_whose_turn_it_is_in_a_fixed_number_of_statements(
    session: Session, engine: Engine
) -> None:
    posting = factories.make_posting(session, headcount=9)
    graduate = factories.make_graduate(session)

    def statements(board: Callable[[], None]) -> int:
        session.flush()
        session.expire_all()
        with asking(engine) as asked:
            board()
        return len(asked)

    def read_posting_board() -> None:
        for cards in posting_board(session, posting.id).values():
            assert [(card.graduate.name, card.next.sentence) for card in cards]

    def read_graduate_board() -> None:
        for card in graduate_board(session, graduate.id):
            assert [card.posting.employer.name, card.next.sentence, len(card.steps)]

    counted = []
    for size in (1, 4):
        session.refresh(graduate, ["user"])
        session.refresh(posting, ["employer"])
        for _ in range(size):
            begin(session, posting=posting).tell_until(Stage.INTERVIEW_SCHEDULED)
            begin(session, graduate=graduate)
        counted.append((statements(read_posting_board), statements(read_graduate_board)))
    assert counted[0] == counted[1]


def test_the_graduates_board_puts_what_is_theirs_first(session: Session) -> None:
    graduate = factories.make_graduate(session)
    begin(session, graduate=graduate).tell_until(Stage.OFFER_MADE)
    ended = begin(session, graduate=graduate)
    applications.withdraw(session, by=graduate.user, application_id=ended.application.id, at=AT + 9 * HOUR)
    begin(session, graduate=graduate).tell_until(Stage.SCREENED_IN)
    stages = [card.stage for card in graduate_board(session, graduate.id)]
    assert stages == [Stage.OFFER_MADE, Stage.SCREENED_IN, Stage.WITHDRAWN]


def test_answers_within_seven_days(session: Session) -> None:
    answered: Story = begin(session).tell_until(Stage.SCREENED_IN)
    begin(session, posting=answered.posting)
    late = AT + timedelta(days=8)
    assert answer_rate(session, at=AT + timedelta(days=6)).share is None
    assert answer_rate(session, at=late, employer_id=answered.posting.employer_id).share == 0.5
    assert answered.graduate_user.role is Role.GRADUATE
