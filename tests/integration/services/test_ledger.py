from datetime import date, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import counted_live, refold_agrees
from tests.stories import AT
from webapp.domain import chain
from webapp.domain.errors import NotFound
from webapp.domain.evidence import Grade
from webapp.domain.retention import CannotCount, Cause, ClaimState, EntryKind
from webapp.domain.roles import Role
from webapp.models import Graduate, LedgerEntry, LiveCount, Period, Placement
from webapp.queries import books
from webapp.queries import ledger as rows
from webapp.services import ledger, persons
from webapp.services.ledger import SecondOfficerNeeded, verify_chain


@pytest.fixture
def period(session: Session) -> Period:
    return factories.make_period(session)


def count(session: Session, period: Period, person: str, district: str = "WH-DHGX") -> LedgerEntry:
    verified = {
        "graduation_on": factories.TODAY,
        "degree_verified_on": factories.TODAY,
        "degree_verified_by_id": two_officers(session)["first_id"],
    }
    graduate = factories.make_graduate(session, person_key=person, **verified)
    placement = Placement(
        graduate=graduate,
        employer_name="演示单位",
        outcome_code="11",
        state=ClaimState.COUNTED,
        started_on=date(2026, 6, 1),
        district=district,
        unit=district,
        claimed_by_id=graduate.user_id,
        claimed_by_role=Role.GRADUATE,
        state_since_at=AT,
        created_at=AT,
    )
    session.add(placement)
    session.flush()
    return ledger.count_person(
        session,
        placement=placement,
        person_key=person,
        period=period,
        grade=Grade.B,
        approvers=[factories.make_officer(session).user_id],
        evidence_ids=[],
        round_number=1,
        at=AT,
    )


def two_officers(session: Session) -> dict[str, int]:
    first, second = (factories.make_officer(session).user_id for _ in range(2))
    return {"first_id": first, "second_id": second}


def test_entries_are_numbered_without_gaps_and_chained(session: Session, period: Period) -> None:
    entries = [count(session, period, f"person{number}") for number in range(3)]
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev_hash for entry in entries] == [chain.GENESIS, entries[0].hash, entries[1].hash]
    head = rows.head(session)
    assert head is not None
    assert head.hash == entries[2].hash
    session.expire_all()
    assert verify_chain(session) == []


@pytest.mark.parametrize(
    "deed",
    [
        update(LedgerEntry).values(unit="420106"),
        delete(LedgerEntry),
    ],
)
def test_the_database_refuses_to_edit_the_ledger(session: Session, period: Period, deed: object) -> None:
    count(session, period, "one")
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(deed)  # type: ignore[call-overload]
    assert verify_chain(session) == []


def test_the_database_refuses_to_empty_the_ledger(session: Session, period: Period) -> None:
    count(session, period, "one")
    deed = "TRUNCATE ledger_entry CASCADE" if on_postgresql(session) else "DELETE FROM ledger_entry"
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(deed))


def on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def without_trigger(session: Session, statement: str) -> None:
    """Edit the ledger as somebody would who owns the database."""
    if on_postgresql(session):
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))
        session.execute(text("SET LOCAL session_replication_role = origin"))
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text("DROP TRIGGER ledger_entry_refuses_update"))
        session.execute(text("DROP TRIGGER ledger_entry_refuses_delete"))
        session.execute(text(statement))
    session.expire_all()


FLIP_HASH = (
    "UPDATE ledger_entry SET hash = CASE substr(hash, 1, 1) WHEN 'f' THEN '0' ELSE 'f' END "
    "|| substr(hash, 2) WHERE seq = 2"
)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE ledger_entry SET unit = '420106' WHERE seq = 2", 2),
        ("UPDATE ledger_entry SET person_root = 'onf', person_key = 'onf' WHERE seq = 1", 1),
        ("UPDATE ledger_entry SET attributed_month = '2026-07' WHERE seq = 3", 3),
        (FLIP_HASH, 2),
    ],
)
def test_flipping_one_byte_is_found_and_the_row_named(
    session: Session, period: Period, statement: str, broken: int
) -> None:
    for number in range(3):
        count(session, period, f"person{number}")
    without_trigger(session, statement)
    found = verify_chain(session)
    assert broken in {problem.seq for problem in found}
    assert any(problem.message == chain.BROKEN for problem in found)


def test_a_row_cut_off_the_end_shows_in_the_live_counts(session: Session, period: Period) -> None:
    for number in range(2):
        count(session, period, f"person{number}")
    without_trigger(session, "DELETE FROM ledger_entry WHERE seq = 2")
    assert (2, books.MISCOUNTED) in {(problem.seq, problem.message) for problem in verify_chain(session)}
    assert not refold_agrees(session, "P15")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"graduation_on": factories.TODAY}, None),
        ({"graduation_on": factories.TODAY + timedelta(days=1)}, books.UNVERIFIED),
        ({"graduation_on": None}, books.UNVERIFIED),
        ({"degree_verified_on": None, "degree_verified_by_id": None}, books.UNVERIFIED),
    ],
)
def test_a_count_without_a_graduation_verified_since_is_named(
    session: Session, period: Period, changes: dict[str, object], message: str | None
) -> None:
    entry = count(session, period, "one")
    session.execute(update(Graduate).where(Graduate.person_key == "one").values(changes))
    named = [(problem.seq, problem.message) for problem in verify_chain(session)]
    assert named == ([(entry.seq, message)] if message else [])


def test_the_same_key_again_writes_nothing(session: Session, period: Period) -> None:
    entry = count(session, period, "one")
    officers = two_officers(session)
    placement = session.get_one(Placement, entry.placement_id)
    again = ledger.count_person(
        session,
        placement=placement,
        person_key="one",
        period=period,
        grade=Grade.B,
        approvers=[officers["first_id"]],
        evidence_ids=[],
        round_number=1,
        at=AT + timedelta(days=1),
    )
    assert again is entry
    reversals = [
        ledger.cancel_count(session, seq=entry.seq, cause=Cause.R1, **officers, at=AT) for _ in range(2)
    ]
    assert reversals[0].seq == reversals[1].seq == 2


def test_what_cannot_be_cancelled(session: Session, period: Period) -> None:
    entry = count(session, period, "one")
    officers = two_officers(session)
    reverse = ledger.cancel_count(session, seq=entry.seq, cause=Cause.R1, **officers, at=AT)
    for seq in (reverse.seq, 99):
        with pytest.raises(NotFound):
            ledger.cancel_count(session, seq=seq, cause=Cause.R1, **officers, at=AT)
    with pytest.raises(SecondOfficerNeeded):
        ledger.cancel_count(session, seq=entry.seq, cause=Cause.R1, first_id=1, second_id=1, at=AT)


def test_two_documents_of_one_human_count_once(session: Session, period: Period) -> None:
    count(session, period, "passport")
    count(session, period, "card")
    officers = two_officers(session)
    alias = persons.join_persons(session, duplicate_key="passport", person_key="card", **officers, at=AT)
    assert alias.kind is EntryKind.ALIAS
    assert rows.root_of(session, "passport") == "card"
    assert counted_live(session, "P15") == 1
    assert refold_agrees(session, "P15")
    assert verify_chain(session) == []
    with pytest.raises(CannotCount):
        count(session, period, "passport")


def test_joining_moves_a_single_count_to_the_one_person(session: Session, period: Period) -> None:
    count(session, period, "passport")
    persons.join_persons(session, duplicate_key="passport", person_key="card", **two_officers(session), at=AT)
    assert rows.live_count(session, "card", "P15") is not None
    with pytest.raises(CannotCount), session.begin_nested():
        count(session, period, "card")
    assert verify_chain(session) == []


def test_the_guard_refuses_a_second_live_count_even_past_the_service(
    session: Session, period: Period
) -> None:
    entry = count(session, period, "one")
    other = count(session, period, "two")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            LiveCount.__table__.insert().values(person_root="one", period_id="P15", seq=other.seq + entry.seq)
        )
