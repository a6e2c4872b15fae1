"""One officer asks, another carries it out: moves, merges and merges undone."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import make_counted, make_verified_graduate
from tests.factories import NOW, make_officer
from webapp.domain import programme
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.retention import ClaimState, ClaimStepNotAllowed
from webapp.domain.roles import Scope
from webapp.models import LedgerCorrection, LedgerEntry, Notification, Period, User
from webapp.queries import ledger as rows
from webapp.queries.persons import aliases_of, same_person_candidates
from webapp.services import corrections
from webapp.services.corrections import AlreadyAsked, NoDocument
from webapp.services.ledger import MovesNotFollowed, SecondOfficerNeeded, verify_chain
from webapp.services.verifications import ReasonMissing

FOLLOWS = "RS-FOLLOWS"


@pytest.fixture(autouse=True)
def period(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = programme.rulesets()["RS-2026.1"]
    follows = dataclasses.replace(usual, id=FOLLOWS, follow_move=True)
    monkeypatch.setitem(programme.rulesets(), FOLLOWS, follows)  # type: ignore[arg-type]
    factories.make_period(session, ruleset_id=FOLLOWS)


@pytest.fixture
def officers(session: Session) -> list[User]:
    return [make_officer(session).user for _ in range(2)]


def ask_move(session: Session, by: User, placement_id: int, **changes: object) -> LedgerCorrection:
    usual = {"district": "420106", "on": date(2026, 6, 10), "reason": "单位搬迁", "at": NOW}
    return corrections.ask_move(session, by=by, placement_id=placement_id, **usual | changes)  # type: ignore[arg-type]


def test_a_move_takes_two_officers_and_goes_to_the_new_unit(session: Session, officers: list[User]) -> None:
    claim = make_counted(session)
    asked = ask_move(session, officers[0], claim.id)
    with pytest.raises(AlreadyAsked):
        ask_move(session, officers[1], claim.id)
    with pytest.raises(SecondOfficerNeeded), session.begin_nested():
        corrections.carry_out(session, by=officers[0], correction_id=asked.id, at=NOW)
    corrections.carry_out(session, by=officers[1], correction_id=asked.id, at=NOW)
    assert (asked.done, asked.seq, claim.unit) == (True, 3, "420106")
    assert rows.totals(session, "P15").by_unit == {"420106": 1}
    assert verify_chain(session) == []
    with pytest.raises(Conflict):
        corrections.carry_out(session, by=officers[1], correction_id=asked.id, at=NOW)


def test_a_dropped_correction_writes_nothing_and_may_be_asked_again(
    session: Session, officers: list[User]
) -> None:
    claim = make_counted(session)
    asked = ask_move(session, officers[0], claim.id)
    corrections.drop(session, by=officers[0], correction_id=asked.id, at=NOW)
    assert (asked.done, asked.seq, rows.head_now(session).seq) == (False, None, 1)
    assert ask_move(session, officers[0], claim.id).id != asked.id


def test_a_unit_moves_its_own_counts_only(session: Session) -> None:
    claim = make_counted(session)
    own, other = (make_officer(session, Scope.UNIT, unit=unit).user for unit in ("WH-DHGX", "420103"))
    with pytest.raises(NotFound):
        ask_move(session, other, claim.id)
    asked = ask_move(session, own, claim.id)
    with pytest.raises(NotFound):
        corrections.drop(session, by=other, correction_id=asked.id, at=NOW)
    auditor = make_officer(session, Scope.AUDITOR).user
    with pytest.raises(NotAllowed):
        ask_move(session, auditor, claim.id)


def test_a_ruleset_that_leaves_counts_refuses_the_move(session: Session, officers: list[User]) -> None:
    claim = make_counted(session)
    asked = ask_move(session, officers[0], claim.id)
    session.get_one(Period, "P15").ruleset_id = "RS-2026.1"
    session.flush()
    with pytest.raises(MovesNotFollowed), session.begin_nested():
        corrections.carry_out(session, by=officers[1], correction_id=asked.id, at=NOW)
    assert asked.done is None


def test_what_cannot_be_asked(session: Session, officers: list[User]) -> None:
    claim = make_counted(session)
    with pytest.raises(ReasonMissing):
        ask_move(session, officers[0], claim.id, reason=" ")
    claim.state = ClaimState.RETURNED
    with pytest.raises(ClaimStepNotAllowed):
        ask_move(session, officers[0], claim.id)
    one, other = make_verified_graduate(session), make_verified_graduate(session, person_key=None)
    known = {"by": officers[0], "reason": "同一人", "at": NOW}
    with pytest.raises(NoDocument):
        corrections.ask_join(session, duplicate_id=one.id, graduate_id=other.id, **known)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        corrections.ask_join(session, duplicate_id=one.id, graduate_id=10**6, **known)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        corrections.ask_join(session, duplicate_id=one.id, graduate_id=one.id, **known)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        corrections.ask_separate(session, alias_seq=9, **known)  # type: ignore[arg-type]


def test_one_human_with_two_documents_is_proposed_joined_and_separated(
    session: Session, officers: list[User]
) -> None:
    first, second = (make_counted(session, graduate=make_verified_graduate(session)) for _ in range(2))
    stays, duplicate = first.graduate, second.graduate
    assert same_person_candidates(session, stays) == [duplicate]
    known = {"by": officers[0], "reason": "护照与身份证为同一人", "at": NOW}
    asked = corrections.ask_join(session, duplicate_id=duplicate.id, graduate_id=stays.id, **known)  # type: ignore[arg-type]
    with pytest.raises(AlreadyAsked):
        corrections.ask_join(session, duplicate_id=stays.id, graduate_id=duplicate.id, **known)  # type: ignore[arg-type]
    corrections.carry_out(session, by=officers[1], correction_id=asked.id, at=NOW)
    assert (first.state, second.state) == (ClaimState.COUNTED, ClaimState.REVERSED)
    told = (
        select(Notification).where(Notification.user_id == duplicate.user_id).order_by(Notification.id.desc())
    )
    assert "不再计入" in session.scalars(told).first().message  # type: ignore[union-attr]
    assert same_person_candidates(session, stays) == []
    (alias,) = aliases_of(session, stays)
    void = corrections.ask_separate(session, alias_seq=alias.seq, **known)  # type: ignore[arg-type]
    corrections.carry_out(session, by=officers[1], correction_id=void.id, at=NOW)
    assert aliases_of(session, stays) == []
    assert verify_chain(session) == []
    assert session.scalar(select(func.sum(LedgerEntry.delta))) == 1


def test_persons_are_joined_by_the_city_alone(session: Session) -> None:
    one, other = make_verified_graduate(session), make_verified_graduate(session)
    unit = make_officer(session, Scope.UNIT, unit="420106").user
    with pytest.raises(NotAllowed):
        corrections.ask_join(
            session, by=unit, duplicate_id=one.id, graduate_id=other.id, reason="同一人", at=NOW
        )
