"""What waits for an officer, queue by queue, kept to their reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.retention import LIVE, ClaimState
from webapp.domain.roles import DECIDES, Scope
from webapp.models import (
    Employer,
    Graduate,
    LedgerCorrection,
    Placement,
    Posting,
    Reconciliation,
    Verification,
)
from webapp.queries.employers import waiting_employers, waiting_postings
from webapp.queries.officers import Reach, placements_in_reach

MOST_WAITING = 999
"""A longer queue is said to be longer than this: the number changes nothing about the day's work."""
_SINCE: Mapping[str, str] = {
    "employers": "submitted_at",
    "postings": "submitted_at",
    "placements": "state_since_at",
    "degrees": "created_at",
    "reversals": "state_since_at",
    "corrections": "asked_at",
    "disputes": "state_since_at",
    "reconciliations": "opened_at",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue: how many wait, counted no further than ``MOST_WAITING``, and since when the oldest does."""

    key: str
    count: int
    oldest_at: datetime | None

    @property
    def more(self) -> bool:
        """Say whether more wait than were counted."""
        return self.count > MOST_WAITING


def queues(reach: Reach, *, scope: Scope, by_id: int, on: date) -> dict[str, Select[Any]]:
    """Return what waits for an officer of this scope, queue by queue in the order of the work."""
    found: dict[str, Select[Any]] = {}
    if scope in DECIDES:
        found["employers"] = employers_waiting(reach, on)
        found["postings"] = postings_waiting(reach, on)
        found["placements"] = placements_waiting(reach, by_id)
    if scope is not Scope.AUDITOR:
        found["degrees"] = degrees_waiting(reach, on)
    if scope in DECIDES:
        found["reversals"] = reversals_waiting(reach, by_id)
        found["corrections"] = corrections_waiting(reach, by_id)
    if scope in {Scope.CITY, Scope.AUDITOR}:
        found["disputes"] = disputes_waiting(reach)
    if scope in DECIDES:
        found["reconciliations"] = reconciliations_waiting(reach, by_id)
    return found


def waiting(session: Session, listed: Mapping[str, Select[Any]]) -> list[Waiting]:
    """Count queues as far as anybody cares, the one whose oldest item waits longest first."""
    found = []
    for key, rows in listed.items():
        first = rows.limit(MOST_WAITING + 1).subquery()
        count, oldest = session.execute(select(func.count(), func.min(first.c[_SINCE[key]]))).one()
        found.append(Waiting(key, count, oldest))
    return sorted(found, key=lambda one: (one.oldest_at is None, one.oldest_at))


def employers_waiting(reach: Reach, on: date) -> Select[Employer]:
    """Return the employers to verify, anew or again, the one that has waited longest first."""
    return waiting_employers().where(reach.employers(on))


def postings_waiting(reach: Reach, on: date) -> Select[Posting]:
    """Return the postings to review, the one that has waited longest first."""
    return waiting_postings().join(Posting.employer).where(reach.employers(on))


def placements_waiting(reach: Reach, by_id: int) -> Select[Placement]:
    """Return the outcomes this officer can verify now, the one that has waited longest first.

    An officer who has spoken in this round waits for a second one; own claims are left out.
    """
    return placements_in_reach(reach).where(
        Placement.state == ClaimState.EVIDENCED,
        Placement.claimed_by_id != by_id,
        ~_has_approved(by_id),
    )


def reversals_waiting(reach: Reach, by_id: int) -> Select[Placement]:
    """Return the counts whose reversal another officer asked for and this one may confirm."""
    return placements_in_reach(reach).where(
        Placement.state.in_(LIVE),
        Placement.reversal_asked_by_id.is_not(None),
        Placement.reversal_asked_by_id != by_id,
    )


def corrections_waiting(reach: Reach, by_id: int) -> Select[LedgerCorrection]:
    """Return what others want put right in the ledger and this officer may decide: a unit its moves."""
    rows = (
        select(LedgerCorrection)
        .where(LedgerCorrection.done.is_(None), LedgerCorrection.asked_by_id != by_id)
        .order_by(LedgerCorrection.asked_at, LedgerCorrection.id)
    )
    if reach.is_city:
        return rows
    return rows.join(Placement, Placement.id == LedgerCorrection.placement_id).where(
        Placement.unit == reach.unit
    )


def disputes_waiting(reach: Reach) -> Select[Placement]:
    """Return the counts somebody doubts."""
    return placements_in_reach(reach).where(Placement.state == ClaimState.DISPUTED)


def degrees_waiting(reach: Reach, on: date) -> Select[Graduate]:
    """Return the graduates whose degree can be verified: they have graduated and said where.

    A unit verifies those whose claim in it has its evidence and waits for nothing else.
    """
    return (
        select(Graduate)
        .where(
            Graduate.degree_verified_on.is_(None),
            Graduate.restricted_at.is_(None),
            Graduate.institution_code.is_not(None),
            Graduate.graduation_on <= on,
            reach.graduates() if reach.unit is None else Graduate.id.in_(_claimed_in(reach.unit)),
        )
        .order_by(Graduate.created_at, Graduate.id)
    )


def reconciliations_waiting(reach: Reach, by_id: int) -> Select[Reconciliation]:
    """Return what units have reported too low and must explain, or others explained and the city confirms."""
    rows = (
        select(Reconciliation)
        .where(
            Reconciliation.confirmed_by_id.is_(None), Reconciliation.explained_by_id.is_distinct_from(by_id)
        )
        .order_by(Reconciliation.due_on, Reconciliation.id)
    )
    if reach.is_city:
        return rows
    return rows.where(Reconciliation.unit == reach.unit, Reconciliation.explained_by_id.is_(None))


def _claimed_in(unit: str) -> Select[int]:
    return select(Placement.graduate_id).where(
        Placement.state == ClaimState.EVIDENCED, Placement.unit == unit
    )


def _has_approved(by_id: int) -> ColumnElement[bool]:
    """Say in SQL whether an officer has approved a placement in its present round."""
    said, returned = aliased(Verification), aliased(Verification)
    before = (
        select(func.count())
        .where(returned.placement_id == Placement.id, returned.approved.is_(False))
        .correlate(Placement)
        .scalar_subquery()
    )
    return exists().where(
        said.placement_id == Placement.id,
        said.verifier_id == by_id,
        said.approved.is_(True),
        said.round == before + 1,
    )
