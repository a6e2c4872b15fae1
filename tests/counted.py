"""People the services have counted, and how many there are, for tests and for pages that show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, make_employer, make_graduate, make_officer, make_user
from tests.stories import make_file
from webapp.domain import books
from webapp.domain.definitions import Definition, definition, definitions, standard
from webapp.domain.evidence import evidence_type
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Role
from webapp.models import Evidence, Graduate, LedgerEntry, LiveCount, Placement
from webapp.queries import ledger
from webapp.queries.breakdowns import CountFilter, Dimension, breakdown, totals_of
from webapp.queries.publications import counted_at
from webapp.services.verifications import approve_placement

_keys = count(1)


def make_claim(
    session: Session, *, graduate: Graduate | None = None, proof: str = "labour_contract", **changes: object
) -> Placement:
    """A claim with one piece of evidence, ready to be verified."""
    graduate = graduate or make_verified_graduate(session)
    if "employer_id" not in changes:
        changes.setdefault("employer", make_employer(session))
    placement = Placement(
        **{
            "graduate": graduate,
            "outcome_code": "11",
            "state": ClaimState.EVIDENCED,
            "started_on": date(2026, 6, 1),
            "district": "WH-DHGX",
            "unit": "WH-DHGX",
            "pay": 8000,
            "claimed_by_id": graduate.user_id,
            "claimed_by_role": Role.GRADUATE,
            "state_since_at": NOW - timedelta(days=2),
            "created_at": NOW - timedelta(days=2),
        }
        | changes
    )
    session.add(placement)
    session.flush()
    kind = evidence_type(proof)
    session.add(
        Evidence(
            placement_id=placement.id,
            type=kind.key,
            grade=kind.grade,
            issuer=kind.issuer,
            method="upload",
            file_id=make_file(session, graduate.user).id,
            submitted_by_id=graduate.user_id,
            created_at=NOW,
        )
    )
    session.flush()
    return placement


def make_verified_graduate(session: Session, **changes: object) -> Graduate:
    """A graduate whose degree is verified and who has handed in an identity number."""
    verifier = make_officer(session)
    user = make_user(session, name=str(changes.pop("name", "张三丰")))
    return make_graduate(
        session,
        user=user,
        **{
            "person_key": f"key-{next(_keys)}",
            "graduation_on": TODAY,
            "degree_verified_on": TODAY,
            "degree_verified_by_id": verifier.user_id,
        }
        | changes,
    )


def make_counted(session: Session, **changes: object) -> Placement:
    """A claim that an officer has approved and that stands in the ledger."""
    placement = make_claim(session, **changes)
    for _verifier in range(2 if changes.get("proof") in {"employment_certificate", "pay_slips"} else 1):
        approve_placement(session, by=make_officer(session).user, placement_id=placement.id, at=NOW)
    assert placement.state in {ClaimState.COUNTED, ClaimState.CONFIRMED}
    session.refresh(placement, ["graduate", "employer"])
    return placement


@dataclass(frozen=True, slots=True)
class Count:
    """How many people are retained, and how that number divides by each fact."""

    total: int
    by: Mapping[Dimension, Mapping[str, int]]


def retained(
    session: Session, period_id: str, *, definition: Definition | None = None, unit: str | None = None
) -> Count:
    """The count of a period as pages show it, in all its breakdowns."""
    wanted = CountFilter(period_id, definition=definition or standard(), unit=unit)
    rows = {dimension: breakdown(session, wanted, dimension) for dimension in Dimension}
    by = {dimension: {row.key: row.total for row in cells} for dimension, cells in rows.items()}
    return Count(totals_of(rows[Dimension.UNIT]).total, by)


def refolded(session: Session, period_id: str) -> int:
    """The count of a period, added up again from every single entry."""
    return books.fold(ledger.steps(session)).of(period_id).total


def counted_live(session: Session, period_id: str) -> int:
    """How many persons are counted in a period by the guard table."""
    return session.scalar(select(func.count()).where(LiveCount.period_id == period_id)) or 0


def refold_agrees(session: Session, period_id: str) -> bool:
    """Whether three independent sums agree: SQL, the refold of single entries, the live counts."""
    by_sql = session.scalar(
        select(func.coalesce(func.sum(LedgerEntry.delta), 0)).where(LedgerEntry.period_id == period_id)
    )
    return by_sql == refolded(session, period_id) == counted_live(session, period_id)


def as_if_counted(answer: dict[str, Any], people: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """Return the answer to a question about these people, by unit and grade, alike but for grades."""
    grades = {
        key: {
            unit: {grade: cells[grade] for grade in cells.keys() & rule.grades}
            for unit, cells in people.items()
        }
        for key, rule in definitions().items()
    }
    rule = definition(answer["definition"])
    by_grade = {grade: count for grade, count in counted_at(grades, rule, answer["asked"]["unit"]) if count}
    return {**answer, "grades": grades, "by_grade": by_grade, "total": sum(by_grade.values())}
