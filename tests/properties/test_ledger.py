"""The ledger as arithmetic (invariants I2, I8, I9), and that the order of approvals does not matter (I15)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import refolded, retained
from webapp.database import open_engine
from webapp.domain import chain
from webapp.domain.books import Cell, Totals, cell_of, fold, problems
from webapp.domain.chain import GENESIS, Entry
from webapp.domain.evidence import Grade
from webapp.domain.retention import Cause, ClaimState, EntryKind
from webapp.domain.roles import Role
from webapp.models import Base, Graduate, Placement, User
from webapp.services import verifications

AT = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
UNITS = ["420106", "420111", "WH-DHGX"]
MONTHS = ["2026-06", "2026-07", "2026-08"]


def sealed(rows: list[dict[str, Any]]) -> list[tuple[Entry, str]]:
    """Chain rows into a correct ledger."""
    written: list[tuple[Entry, str]] = []
    for row in rows:
        entry = Entry(seq=len(written) + 1, prev_hash=written[-1][1] if written else GENESIS, **row)
        written.append((entry, entry.digest))
    return written


def line(person: str, unit: str, month: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": person,
        "idempotency_key": person,
        "kind": EntryKind.COUNT,
        "person_key": person,
        "person_root": person,
        "period_id": "P15",
        "unit": unit,
        "district": unit,
        "delta": 1,
        "attributed_month": month,
        "posted_month": max(MONTHS),
        "cancels_seq": None,
        "cause": None,
        "placement_id": 1,
        "actor_id": 1,
        "second_actor_id": None,
        "evidence_ids": (1,),
        "grade": "B",
        "ruleset_id": "RS-2026.1",
        "created_at": AT,
    } | changes


@st.composite
def ledgers(draw: st.DrawFn) -> list[tuple[Entry, str]]:
    """Counts of different persons, some of them reversed later."""
    places = draw(
        st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(MONTHS)), min_size=1, max_size=12)
    )
    rows = [line(f"person{number}", *place) for number, place in enumerate(places)]
    for number in draw(st.lists(st.integers(0, len(rows) - 1), unique=True)):
        rows.append(
            rows[number]
            | {
                "kind": EntryKind.REVERSE,
                "delta": -1,
                "cancels_seq": number + 1,
                "cause": Cause.R1,
                "second_actor_id": 2,
                "posted_month": "2026-09",
            }
        )
    return sealed(rows)


def folded(rows: list[tuple[Entry, str]]) -> Totals:
    return fold((cell_of(entry), entry.delta) for entry, _hash in rows)


@given(ledgers())
def test_a_correct_ledger_has_no_problem(rows: list[tuple[Entry, str]]) -> None:
    assert list(problems(rows)) == []


@given(ledgers())
def test_every_breakdown_adds_up_to_the_total(rows: list[tuple[Entry, str]]) -> None:
    totals = folded(rows)
    for name in Cell._fields:
        assert sum(totals.by(name).values()) == totals.total
    assert all(value > 0 for value in totals.by_unit.values())


@given(ledgers(), st.data())
def test_folding_is_additive_over_any_cut(rows: list[tuple[Entry, str]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(rows)))
    assert folded(rows[:cut]) + folded(rows[cut:]) == folded(rows) == folded(rows) + Totals()


FORGERIES: dict[str, Any] = {
    "person_root": "somebody",
    "unit": "420102",
    "delta": 0,
    "attributed_month": "2026-05",
    "actor_id": 99,
    "grade": "A",
    "created_at": AT + timedelta(microseconds=1),
    "evidence_ids": (),
}


@given(ledgers(), st.data())
def test_any_edit_of_any_row_is_found_and_names_the_row(
    rows: list[tuple[Entry, str]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(sorted(FORGERIES)))
    entry, kept = rows[place]
    rows[place] = (entry._replace(**{name: FORGERIES[name]}), kept)
    if rows[place][0] != entry:
        assert place + 1 in {problem.seq for problem in problems(rows)}


@given(ledgers(), st.data())
def test_a_row_edited_with_its_own_hash_breaks_the_next_link(
    rows: list[tuple[Entry, str]], data: st.DataObject
) -> None:
    if len(rows) == 1:
        return
    place = data.draw(st.integers(0, len(rows) - 2))
    forged = rows[place][0]._replace(actor_id=99)
    rows[place] = (forged, forged.digest)
    assert place + 2 in {problem.seq for problem in problems(rows)}


@given(ledgers(), st.data())
def test_a_lost_row_is_found(rows: list[tuple[Entry, str]], data: st.DataObject) -> None:
    if len(rows) == 1:
        return
    place = data.draw(st.integers(0, len(rows) - 2))
    del rows[place]
    assert chain.GAP in {problem.message for problem in problems(rows)}


def claimed(session: Session, graduate: Graduate, unit: str, grade: Grade) -> Placement:
    """A claim with one piece of evidence of a grade."""
    from webapp.models import Evidence

    types = {
        Grade.A: ("11", "social_insurance"),
        Grade.B: ("11", "labour_contract"),
        Grade.C: ("12", "pay_slips"),
        Grade.D: ("11", "self_report"),
    }
    code, kind = types[grade]
    placement = Placement(
        graduate=graduate,
        employer_name="演示单位",
        outcome_code=code,
        state=ClaimState.EVIDENCED,
        started_on=date(2026, 7, 1),
        district=unit,
        unit=unit,
        pay=8000,
        claimed_by_id=graduate.user_id,
        claimed_by_role=Role.GRADUATE,
        state_since_at=AT,
        created_at=AT,
    )
    said = {"type": kind, "grade": grade, "method": "upload", "submitted_by_id": graduate.user_id}
    session.add(Evidence(placement=placement, created_at=AT, **said))
    session.flush()
    return placement


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(5)))
def test_totals_do_not_depend_on_the_order_of_approvals(order: list[int]) -> None:
    """Invariant I15."""
    counted = [total_after(sorted(order)), total_after(order)]
    assert counted[0] == counted[1]


def total_after(order: list[int]) -> tuple[int, dict[str, dict[str, int]]]:
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        factories.make_period(session)
        by: User = factories.make_officer(session).user
        verified = {"degree_verified_on": date(2026, 7, 1), "degree_verified_by_id": by.id}
        people = [factories.make_graduate(session, person_key=str(n), **verified) for n in range(5)]
        claims = [claimed(session, person, UNITS[n % 3], Grade.B) for n, person in enumerate(people)]
        for number in order:
            verifications.approve_placement(session, by=by, placement_id=claims[number].id, at=AT)
        counted = retained(session, "P15")
        assert refolded(session, "P15") == counted.total
        return counted.total, {name: dict(parts) for name, parts in counted.by.items()}
