from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import refold_agrees, retained
from tests.stories import AT, begin, identify, prove
from webapp.domain.consent import Purpose
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.evidence import Grade, VerifierInvolved
from webapp.domain.pipeline import Stage
from webapp.domain.retention import Block, CannotCount, Cause, ClaimState, ClaimStepNotAllowed, Outcome
from webapp.domain.roles import Scope
from webapp.models import LedgerEntry, LiveCount, Member, Notification, Placement, User
from webapp.queries import ledger as ledger_rows
from webapp.queries.breakdowns import CountFilter, Dimension, counted_people
from webapp.queries.standing import evidence_of
from webapp.services import consents, placements, reversals, verifications
from webapp.services.graduates import withdraw_consent
from webapp.services.identities import IdentityFixed
from webapp.services.ledger import SecondOfficerNeeded, verify_chain
from webapp.services.reversals import ReversalNotAsked
from webapp.services.verifications import AlreadySpoken, DegreeIncomplete, NotGraduatedYet, ReasonMissing

LATER = AT + timedelta(days=20)
OTHER_NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def period(session: Session) -> None:
    factories.make_period(session)


@pytest.fixture
def officers(session: Session) -> list[User]:
    return [factories.make_officer(session).user for _ in range(3)]


def ready(session: Session, *types: str, number: str = "360426199101010071", **changes: object) -> Placement:
    """A claim with everything an officer needs."""
    by = factories.make_officer(session).user
    graduate = factories.make_graduate(
        session,
        graduation_on=factories.TODAY,
        degree_verified_on=factories.TODAY,
        degree_verified_by_id=by.id,
    )
    identify(session, graduate, number)
    usual: dict[str, object] = {
        "code": "11",
        "started_on": date(2026, 6, 1),
        "district": "WH-DHGX",
        "pay": 8000,
        "employer_name": "演示单位",
    }
    outcome = Outcome(**(usual | changes))  # type: ignore[arg-type]
    placement = placements.claim_placement(
        session, by=graduate.user, graduate_id=graduate.id, outcome=outcome, at=AT
    )
    return prove(session, placement, *(types or ("labour_contract",)))


def total(session: Session) -> int:
    counted = retained(session, "P15")
    assert all(sum(counted.by[name].values()) == counted.total for name in Dimension)
    assert refold_agrees(session, "P15")
    assert verify_chain(session) == []
    return counted.total


def test_the_count_goes_up_by_exactly_one(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    assert total(session) == 0
    verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    assert (placement.state, placement.grade, placement.period_id) == (ClaimState.COUNTED, Grade.B, "P15")
    assert total(session) == 1
    row = session.scalars(select(LedgerEntry)).one()
    assert (row.unit, row.district, row.attributed_month, row.posted_month) == (
        "WH-DHGX",
        "420111",
        "2026-06",
        "2026-07",
    )


def test_the_whole_story_ends_in_one_count(session: Session, officers: list[User]) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    placement = story.placement
    assert placement is not None
    identify(session, story.graduate)
    prove(session, placement, "labour_contract")
    known = {"session": session, "by": officers[0], "at": LATER}
    with pytest.raises(CannotCount, match="学历还没有核验") as refusal:
        verifications.approve_placement(**known, placement_id=placement.id)
    assert refusal.value.blocks == (Block.DEGREE_UNVERIFIED,)
    verifications.verify_degree(**known, graduate_id=story.graduate.id)
    verifications.approve_placement(**known, placement_id=placement.id)
    assert total(session) == 1


def test_an_employer_reads_of_a_claim_in_words_meant_for_it(session: Session, officers: list[User]) -> None:
    story = begin(session).tell_until(Stage.ONBOARDED)
    assert story.placement is not None
    identify(session, story.graduate)
    prove(session, story.placement, "labour_contract")
    known = {"session": session, "by": officers[0], "at": LATER}
    verifications.verify_degree(**known, graduate_id=story.graduate.id)
    verifications.approve_placement(**known, placement_id=story.placement.id)
    news = select(Notification.message).order_by(Notification.id.desc())
    to_graduate = session.scalars(news.where(Notification.user_id == story.graduate.user_id)).first()
    to_employer = session.scalars(news.where(Notification.user_id == story.employer_user.id)).first()
    assert to_graduate == "你的去向已核验通过，计入留汉统计。谢谢你留在武汉。"
    assert to_employer == "%(name)s 的去向已核验通过，计入留汉统计。谢谢您把人才留在武汉。"


def test_approving_twice_writes_one_entry(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    with pytest.raises(ClaimStepNotAllowed):
        verifications.approve_placement(session, by=officers[1], placement_id=placement.id, at=LATER)
    assert total(session) == 1


def test_one_human_with_two_accounts_counts_once(session: Session, officers: list[User]) -> None:
    first, second = ready(session), ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=first.id, at=LATER)
    with pytest.raises(CannotCount, match="已经计入一次"):
        verifications.approve_placement(session, by=officers[0], placement_id=second.id, at=LATER)
    assert total(session) == 1


def test_without_an_identity_number_nobody_is_counted(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    placement.graduate.person_key = None
    with pytest.raises(CannotCount, match="还没有登记证件号码"):
        verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    assert total(session) == 0


def test_documentary_evidence_needs_two_different_officers(session: Session, officers: list[User]) -> None:
    placement = ready(session, "pay_slips", code="12")
    known = {"session": session, "placement_id": placement.id, "at": LATER}
    verifications.approve_placement(**known, by=officers[0])
    assert placement.state is ClaimState.EVIDENCED
    assert total(session) == 0
    with pytest.raises(AlreadySpoken):
        verifications.approve_placement(**known, by=officers[0])
    verifications.approve_placement(**known, by=officers[1])
    assert total(session) == 1
    row = session.scalars(select(LedgerEntry)).one()
    assert (row.actor_id, row.second_actor_id, row.grade) == (officers[0].id, officers[1].id, "C")


def test_a_returned_claim_starts_a_new_round(session: Session, officers: list[User]) -> None:
    placement = ready(session, "pay_slips", code="12")
    known = {"session": session, "placement_id": placement.id, "at": LATER}
    verifications.approve_placement(**known, by=officers[0])
    with pytest.raises(ReasonMissing):
        verifications.return_placement(**known, by=officers[1], reason=" ")
    verifications.return_placement(**known, by=officers[1], reason="流水缺 5 月")
    assert (placement.state, placement.return_reason) == (ClaimState.RETURNED, "流水缺 5 月")
    prove(session, placement, "employment_certificate")
    assert placement.return_reason is None
    verifications.approve_placement(**known, by=officers[1])
    assert total(session) == 0
    verifications.approve_placement(**known, by=officers[0])
    assert total(session) == 1


def test_nobody_verifies_what_they_are_part_of(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    placement.employer = factories.make_employer(session)
    session.add(
        Member(user_id=officers[0].id, employer_id=placement.employer.id, role="owner", created_at=AT)
    )
    placement.claimed_by_id = officers[1].id
    evidence_of(session, placement.id)[0].submitted_by_id = officers[2].id
    session.flush()
    for officer in officers:
        with pytest.raises(VerifierInvolved):
            verifications.approve_placement(session, by=officer, placement_id=placement.id, at=LATER)


def test_reach_of_an_officers_word(session: Session) -> None:
    placement = ready(session)
    own_unit = factories.make_officer(session, Scope.UNIT, unit="WH-DHGX").user
    other_unit = factories.make_officer(session, Scope.UNIT, unit="420106").user
    station = factories.make_officer(session, Scope.STATION, institution_code="4142010486").user
    auditor = factories.make_officer(session, Scope.AUDITOR).user
    known = {"session": session, "placement_id": placement.id, "at": LATER}
    with pytest.raises(NotFound):
        verifications.approve_placement(**known, by=other_unit)
    for by in (station, auditor, placement.graduate.user, factories.make_member(session).user):
        with pytest.raises(NotAllowed):
            verifications.approve_placement(**known, by=by)
    verifications.approve_placement(**known, by=own_unit)
    with pytest.raises(NotAllowed):
        reversals.dispute_count(**known, by=station, reason="抽查")
    reversals.dispute_count(**known, by=auditor, reason="抽查")
    assert placement.state is ClaimState.DISPUTED
    assert total(session) == 1
    with pytest.raises(NotAllowed):
        reversals.uphold_count(**known, by=own_unit)
    reversals.uphold_count(**known, by=auditor)
    assert placement.state is ClaimState.COUNTED
    with pytest.raises(NotAllowed):
        reversals.request_reversal(**known, by=auditor, cause=Cause.R1)


def test_a_reversal_needs_cause_and_second_officer_and_keeps_the_history(
    session: Session, officers: list[User]
) -> None:
    placement = ready(session)
    known = {"session": session, "placement_id": placement.id}
    verifications.approve_placement(**known, by=officers[0], at=LATER)
    with pytest.raises(ReversalNotAsked):
        reversals.reverse_count(**known, by=officers[1], at=LATER)
    reversals.request_reversal(**known, by=officers[0], at=LATER, cause=Cause.R7)
    with pytest.raises(SecondOfficerNeeded):
        reversals.reverse_count(**known, by=officers[0], at=LATER)
    assert total(session) == 1
    reversals.reverse_count(**known, by=officers[1], at=LATER + timedelta(days=40))
    assert placement.state is ClaimState.REVERSED
    assert total(session) == 0
    count, reverse = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq)).all()
    assert (reverse.cancels_seq, reverse.cause, reverse.unit) == (count.seq, Cause.R7, count.unit)
    assert (count.posted_month, reverse.posted_month) == ("2026-07", "2026-08")
    by_posting = ledger_rows.totals(session, "P15").by("posted_month")
    assert by_posting == {"2026-07": 1, "2026-08": -1}


def test_a_request_for_reversal_can_be_dropped(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    known = {"session": session, "placement_id": placement.id}
    verifications.approve_placement(**known, by=officers[0], at=LATER)
    reversals.request_reversal(**known, by=officers[0], at=LATER, cause=Cause.R1)
    reversals.drop_reversal(**known, by=officers[1])
    with pytest.raises(ReversalNotAsked):
        reversals.reverse_count(**known, by=officers[1], at=LATER)


def test_after_a_reversal_a_new_claim_may_count(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    reversals.request_reversal(session, by=officers[0], placement_id=placement.id, at=LATER, cause=Cause.R1)
    reversals.reverse_count(session, by=officers[1], placement_id=placement.id, at=LATER)
    again = ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=again.id, at=LATER)
    assert total(session) == 1
    assert session.scalar(select(func.count(LedgerEntry.seq))) == 3


def test_administrative_evidence_confirms_a_count_and_changes_no_total(
    session: Session, officers: list[User]
) -> None:
    placement = ready(session)
    known = {"session": session, "by": officers[0], "placement_id": placement.id, "at": LATER}
    verifications.approve_placement(**known)
    prove(session, placement, "social_insurance")
    verifications.approve_placement(**known)
    assert (placement.state, placement.grade) == (ClaimState.CONFIRMED, Grade.A)
    assert total(session) == 1
    assert retained(session, "P15").by[Dimension.GRADE] == {"A": 1}
    assert len(session.scalars(select(LedgerEntry)).all()) == 1


def test_an_agreement_waits_for_the_first_day(session: Session, officers: list[User]) -> None:
    placement = ready(session, "agreement", code="10")
    known = {"session": session, "placement_id": placement.id, "at": LATER}
    verifications.approve_placement(**known, by=officers[0])
    assert placement.state is ClaimState.PROVISIONAL
    assert total(session) == 0
    with pytest.raises(CannotCount, match="还没有到岗记录"):
        verifications.approve_placement(**known, by=officers[1])
    prove(session, placement, "employment_registration")
    verifications.approve_placement(**known, by=officers[1])
    assert (placement.state, total(session)) == (ClaimState.CONFIRMED, 1)


def test_closed_periods_take_no_count(session: Session, officers: list[User]) -> None:
    factories.make_period(
        session, id="P14", start_on=date(2021, 1, 1), end_on=date(2025, 12, 31), status="closed"
    )
    placement = ready(session, started_on=date(2025, 12, 31))
    with pytest.raises(CannotCount, match="已经结账"):
        verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)


def test_counted_again_in_the_next_period_only_after_a_new_graduation(
    session: Session, officers: list[User]
) -> None:
    factories.make_period(session, id="P16", start_on=date(2031, 1, 1), end_on=date(2035, 12, 31))
    first = ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=first.id, at=LATER)
    again = ready(session, started_on=date(2031, 2, 1))
    known = {"session": session, "by": officers[0], "placement_id": again.id, "at": AT.replace(year=2031)}
    with pytest.raises(CannotCount, match="以前的时期"):
        verifications.approve_placement(**known)
    verifications.verify_degree(
        session,
        by=officers[0],
        graduate_id=again.graduate_id,
        graduation_on=date(2031, 1, 15),
        at=known["at"],
    )
    verifications.approve_placement(**known)
    assert retained(session, "P16").total == 1
    assert total(session) == 1


def test_a_counted_person_keeps_the_identity(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    identify(session, placement.graduate)
    with pytest.raises(IdentityFixed):
        identify(session, placement.graduate, OTHER_NUMBER)


def test_taking_the_number_back_opens_no_way_to_be_counted_as_somebody_else(
    session: Session, officers: list[User]
) -> None:
    placement = ready(session)
    graduate = placement.graduate
    verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    consent = consents.current(session, user_id=graduate.user_id, purpose=Purpose.COUNTING)
    assert consent is not None
    withdraw_consent(session, graduate=graduate, consent_id=consent.id, at=LATER)
    assert graduate.person_key is None
    with pytest.raises(IdentityFixed):
        identify(session, graduate, OTHER_NUMBER)
    identify(session, graduate)
    assert total(session) == 1


def test_a_station_verifies_the_degrees_of_its_own_school(session: Session) -> None:
    graduate = factories.make_graduate(session, graduation_on=factories.TODAY)
    own = factories.make_officer(session, Scope.STATION, institution_code="4142010486").user
    other = factories.make_officer(session, Scope.STATION, institution_code="4142010487").user
    known = {"session": session, "graduate_id": graduate.id, "at": AT}
    with pytest.raises(NotAllowed):
        verifications.verify_degree(**known, by=other)
    verifications.verify_degree(**known, by=own)
    assert graduate.degree_verified_by_id == own.id
    unknown = factories.make_graduate(session, graduation_on=None)
    with pytest.raises(DegreeIncomplete):
        verifications.verify_degree(session, by=own, graduate_id=unknown.id, at=AT)


@pytest.mark.parametrize(
    ("stated", "typed", "verified_on"),
    [
        (0, None, 0),
        (1, None, None),
        (-9, 1, None),
        (1, 0, 0),
        (None, 1826, None),
    ],
)
def test_nobody_graduates_before_the_day(
    session: Session, officers: list[User], stated: int | None, typed: int | None, verified_on: int | None
) -> None:
    """Days are counted from today: what the graduate states, what the officer types, what is kept."""

    def day(offset: int | None) -> date | None:
        return None if offset is None else factories.TODAY + timedelta(days=offset)

    graduate = factories.make_graduate(session, graduation_on=day(stated))
    verify = partial(
        verifications.verify_degree,
        session,
        by=officers[0],
        graduate_id=graduate.id,
        graduation_on=day(typed),
        at=AT,
    )
    if verified_on is None:
        with pytest.raises(NotGraduatedYet, match="还没有到"):
            verify()
        assert (graduate.graduation_on, graduate.degree_verified_on) == (day(stated), None)
    else:
        verify()
        assert (graduate.graduation_on, graduate.degree_verified_on) == (day(verified_on), factories.TODAY)


def test_a_degree_verified_too_soon_counts_nobody(session: Session, officers: list[User]) -> None:
    placement = ready(session)
    placement.graduate.graduation_on = date(2026, 7, 6)
    known = {"session": session, "by": officers[0], "placement_id": placement.id}
    with pytest.raises(CannotCount, match="毕业日期还没有到") as refusal:
        verifications.approve_placement(**known, at=LATER)
    assert refusal.value.blocks == (Block.NOT_GRADUATED,)
    assert total(session) == 0


def test_rows_behind_a_figure_sum_to_the_figure(session: Session, officers: list[User]) -> None:
    numbers = ["360426199101010071", OTHER_NUMBER]
    for number, district in zip(numbers, ["420106", "WH-DHGX"], strict=True):
        placement = ready(session, number=number, district=district)
        verifications.approve_placement(session, by=officers[0], placement_id=placement.id, at=LATER)
    counted = retained(session, "P15")
    for name, sums in counted.by.items():
        for key, figure in sums.items():
            people = counted_people(CountFilter("P15").narrowed(name, key))
            assert len(session.execute(people).all()) == figure
    assert retained(session, "P15", unit="420106").total == 1
    assert session.scalar(select(func.count(LiveCount.seq))) == 2
