"""Counts that are doubted: disputed and upheld, or taken back by two officers for a coded cause."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.causes import Tenure, check_cause
from webapp.domain.dates import city_date
from webapp.domain.errors import NotAllowed, NotFound, PlatformError
from webapp.domain.evidence import Grade
from webapp.domain.programme import rulesets
from webapp.domain.retention import LABELS, LIVE, Cause, ClaimState, ClaimStepNotAllowed, Event, move
from webapp.domain.roles import Scope
from webapp.domain.words import N_
from webapp.models import Period, Placement, User
from webapp.queries import ledger as ledger_rows
from webapp.services import ledger
from webapp.services.placements import load_placement, tell_claimant, tell_taken_back
from webapp.services.verifications import (
    check_uninvolved,
    officer_of,
    reach_placement,
    set_state,
    stated,
)

JUDGES = frozenset({Scope.CITY, Scope.AUDITOR})
"""Scopes that settle a dispute."""


class ReversalNotAsked(PlatformError):
    """Nobody has asked for this reversal."""

    message = N_("还没有人提出冲销。请先由一名核验人提出并写明原因，再由另一名确认。")


def dispute_count(session: Session, *, by: User, placement_id: int, at: datetime, reason: str) -> Placement:
    """Question a count; it stays in the total, marked, until it is upheld or reversed."""
    placement = reach_placement(session, by, placement_id, also=Scope.AUDITOR)
    target = move(placement.state, Event.DISPUTE)
    said = stated(reason)
    set_state(placement, target, at)
    placement.return_reason = said
    session.flush()
    tell_claimant(
        session,
        placement,
        message=N_("你已计入的去向正在复核：%(reason)s。"),
        to_employer=N_("%(name)s 已计入的去向正在复核：%(reason)s。"),
        at=at,
        reason=said,
    )
    return placement


def uphold_count(session: Session, *, by: User, placement_id: int, at: datetime) -> Placement:
    """Settle a dispute in favour of the count."""
    placement = load_placement(session, placement_id)
    if officer_of(session, by).scope not in JUDGES:
        raise NotAllowed
    check_uninvolved(session, placement, by)
    state = move(placement.state, Event.UPHOLD)
    set_state(placement, move(state, Event.CONFIRM) if placement.grade is Grade.A else state, at)
    placement.return_reason = None
    session.flush()
    tell_claimant(
        session,
        placement,
        message=N_("复核完成，你的去向继续计入。"),
        to_employer=N_("复核完成，%(name)s 的去向继续计入。"),
        at=at,
    )
    return placement


def request_reversal(
    session: Session, *, by: User, placement_id: int, at: datetime, cause: Cause
) -> Placement:
    """Ask that a count be taken back for a coded cause; a second officer decides."""
    placement = reach_placement(session, by, placement_id)
    move(placement.state, Event.REVERSE)
    _check_cause(session, placement, cause, at)
    placement.reversal_cause, placement.reversal_asked_by_id = cause, by.id
    placement.state_since_at = at
    session.flush()
    return placement


def drop_reversal(session: Session, *, by: User, placement_id: int) -> Placement:
    """Take a request for reversal off the table; the count stays."""
    placement = reach_placement(session, by, placement_id)
    if placement.state not in LIVE:
        raise ClaimStepNotAllowed(state=LABELS[placement.state])
    placement.reversal_cause = placement.reversal_asked_by_id = None
    session.flush()
    return placement


def reverse_count(session: Session, *, by: User, placement_id: int, at: datetime) -> Placement:
    """Take a count back: the second officer confirms what the first has asked for."""
    placement = reach_placement(session, by, placement_id)
    move(placement.state, Event.REVERSE)
    cause, first_id = placement.reversal_cause, placement.reversal_asked_by_id
    if cause is None or first_id is None:
        raise ReversalNotAsked
    _check_cause(session, placement, cause, at)
    count = ledger_rows.count_of_placement(session, placement.id)
    if count is None:
        raise NotFound
    ledger.cancel_count(
        session,
        seq=count.seq,
        cause=cause,
        first_id=first_id,
        second_id=by.id,
        at=at,
    )
    placement = load_placement(session, placement_id)
    tell_taken_back(session, placement, cause=cause, at=at)
    return placement


def _check_cause(session: Session, placement: Placement, cause: Cause, at: datetime) -> None:
    """Hold a cause against what is on record of the outcome and of later ones in the city."""
    period = session.get(Period, placement.period_id)
    next_on = session.scalar(
        select(func.min(Placement.started_on)).where(
            Placement.graduate_id == placement.graduate_id,
            Placement.id != placement.id,
            Placement.unit.is_not(None),
            Placement.started_on >= (placement.ended_on or placement.started_on),
            Placement.state != ClaimState.REVERSED,
        )
    )
    tenure = Tenure(
        code=placement.outcome_code,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        next_on=next_on,
    )
    ruleset = rulesets()[period.ruleset_id if period else next(iter(rulesets()))]
    check_cause(cause, tenure, on=city_date(at), ruleset=ruleset)
