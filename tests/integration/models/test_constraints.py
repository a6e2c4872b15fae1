"""What must never be is refused by the database, whoever writes past the services."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from tests.stories import AT
from webapp.domain.agreements import AgreementState
from webapp.domain.pipeline import Stage
from webapp.domain.retention import Cause, ClaimState, EntryKind
from webapp.domain.roles import Role
from webapp.models import (
    Agreement,
    Base,
    LedgerCorrection,
    LedgerEntry,
    Offer,
    PersonAlias,
    Placement,
    Verification,
)


def placement(session: Session, **changes: object) -> Placement:
    graduate = factories.make_graduate(session)
    return Placement(
        **{
            "graduate": graduate,
            "employer_name": "演示单位",
            "outcome_code": "11",
            "state": ClaimState.CLAIMED,
            "started_on": date(2026, 6, 1),
            "claimed_by_id": graduate.user_id,
            "claimed_by_role": Role.GRADUATE,
            "state_since_at": AT,
            "created_at": AT,
        }
        | changes
    )


def entry(session: Session, seq: int = 1, **changes: object) -> LedgerEntry:
    officer = factories.make_officer(session)
    claim = placement(session)
    session.add(claim)
    session.flush()
    return LedgerEntry(
        **{
            "seq": seq,
            "event_id": f"event{seq}",
            "idempotency_key": f"key{seq}",
            "kind": EntryKind.COUNT,
            "person_key": "person",
            "person_root": "person",
            "period_id": "P15",
            "unit": "420106",
            "district": "420106",
            "delta": 1,
            "attributed_month": "2026-06",
            "posted_month": "2026-06",
            "actor_id": officer.user_id,
            "placement_id": claim.id,
            "evidence_ids": [],
            "grade": "B",
            "ruleset_id": "RS-2026.1",
            "created_at": AT,
            "prev_hash": "",
            "hash": "",
        }
        | changes
    )


def overfilled(session: Session) -> object:
    return factories.make_posting(session, headcount=1, filled=2)


def two_open_applications(session: Session) -> object:
    first = factories.make_application(session)
    return factories.make_application(session, first.graduate, first.posting, stage=Stage.OFFER_MADE)


def two_signed_agreements(session: Session) -> list[Agreement]:
    graduate = factories.make_graduate(session)
    return [
        Agreement(
            graduate_id=graduate.id,
            employer_id=factories.make_employer(session).id,
            state=state,
            recorded_by_id=graduate.user_id,
            created_at=AT,
        )
        for state in (AgreementState.SIGNED, AgreementState.DISSOLVE_REQUESTED)
    ]


def offer_for_nothing(session: Session) -> Offer:
    return Offer(
        application_id=factories.make_application(session).id,
        pay=0,
        district="420106",
        address="x",
        start_on=factories.TODAY,
        contract_type="fixed",
        deadline_on=factories.TODAY + timedelta(days=3),
        created_at=AT,
    )


def return_without_reason(session: Session) -> Verification:
    claim = placement(session)
    session.add(claim)
    session.flush()
    officer = factories.make_officer(session)
    return Verification(placement_id=claim.id, verifier_id=officer.user_id, approved=False, at=AT)


def one_officer_twice(session: Session) -> LedgerEntry:
    count = entry(session)
    count.second_actor_id = count.actor_id
    return count


def alias_of_oneself(session: Session) -> PersonAlias:
    session.add(entry(session))
    session.flush()
    return PersonAlias(person_key="one", joined_to="one", seq=1)


def correction(session: Session, **changes: object) -> LedgerCorrection:
    count = entry(session)
    return LedgerCorrection(
        **{
            "kind": EntryKind.MOVE_OUT,
            "placement_id": count.placement_id,
            "district": "420106",
            "moved_on": factories.TODAY,
            "reason": "搬迁",
            "asked_by_id": count.actor_id,
            "asked_at": AT,
        }
        | changes
    )


NEVER: list[Callable[[Session], object]] = [
    overfilled,
    two_open_applications,
    two_signed_agreements,
    offer_for_nothing,
    return_without_reason,
    one_officer_twice,
    lambda session: placement(session, employer_name=None),
    lambda session: placement(session, reversal_cause=Cause.R1),
    lambda session: entry(session, delta=2),
    lambda session: entry(session, kind=EntryKind.REVERSE, delta=-1),
    lambda session: entry(session, kind=EntryKind.MOVE_IN, delta=-1),
    lambda session: entry(session, kind=EntryKind.MOVE_IN),
    lambda session: entry(session, kind=EntryKind.COUNT, cause=Cause.R1),
    lambda session: entry(session, kind="merge"),
    lambda session: entry(session, grade="C"),
    lambda session: entry(session, grade="D"),
    lambda session: entry(session, grade=None),
    lambda session: entry(session, placement_id=None),
    alias_of_oneself,
    lambda session: correction(session, done=True),
    lambda session: correction(session, district=None),
    lambda session: correction(session, kind=EntryKind.COUNT),
    lambda session: correction(session, person_key="one"),
    lambda session: factories.make_period(
        session, id="P9", start_on=date(2026, 1, 2), end_on=date(2026, 1, 1)
    ),
    lambda session: factories.make_application(session, stage=Stage.DRAFT),
]


def write(session: Session, make: Callable[[Session], object]) -> None:
    """Write rows past the services, in a savepoint that a refusal undoes."""
    with session.begin_nested():
        made = make(session)
        session.add_all(made if isinstance(made, list) else [made])
        session.flush()


@pytest.mark.parametrize("make", NEVER, ids=range(len(NEVER)))
def test_what_must_never_be_is_refused(session: Session, make: Callable[[Session], object]) -> None:
    factories.make_period(session)
    with pytest.raises(IntegrityError):
        write(session, make)


def test_a_count_is_cancelled_at_most_once(session: Session) -> None:
    factories.make_period(session)
    second = factories.make_officer(session).user_id
    session.add(entry(session))
    session.flush()
    reverse = {"kind": EntryKind.REVERSE, "delta": -1, "cause": Cause.R1, "second_actor_id": second}
    session.add(entry(session, 2, cancels_seq=1, **reverse))
    session.flush()
    with pytest.raises(IntegrityError):
        write(session, lambda session: entry(session, 3, cancels_seq=1, **reverse))


def test_an_ended_application_does_not_block_a_new_one(session: Session) -> None:
    first = factories.make_application(session, stage=Stage.REJECTED)
    assert factories.make_application(session, first.graduate, first.posting).id != first.id


def test_every_check_of_the_models_is_in_the_database_and_no_other(engine: Engine) -> None:
    """Alembic's comparison looks at no CHECK."""
    kept = inspect(engine)
    for table in Base.metadata.sorted_tables:
        said = {one.name for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {one["name"] for one in kept.get_check_constraints(table.name)} == said, table.name


KEPT = {
    "closed_month": "INSERT INTO closed_month (month, closed_at, seq, hash, totals) "
    "VALUES ('2026-06', '2026-07-01 00:00:00', 0, '', '{}')",
    "published_head": "INSERT INTO published_head (day, seq, hash, published_at) "
    "VALUES ('2026-06-01', 0, '', '2026-07-01 00:00:00')",
}


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("deed", ["UPDATE {0} SET hash = 'x'", "DELETE FROM {0}"])
def test_what_was_sealed_stays(session: Session, table: str, deed: str) -> None:
    session.execute(text(KEPT[table]))
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(deed.format(table)))


@pytest.mark.parametrize(("month", "taken"), [("2026-05", False), ("2026-06", False), ("2026-07", True)])
def test_a_closed_month_takes_no_row_past_the_services(session: Session, month: str, *, taken: bool) -> None:
    factories.make_period(session)
    session.execute(text(KEPT["closed_month"]))
    count = entry(session, posted_month=month)
    if taken:
        write(session, lambda _session: count)
        return
    with pytest.raises(DBAPIError, match="closed month"):
        write(session, lambda _session: count)


def test_the_models_and_the_migrations_agree(session: Session) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []
