"""One outcome with everything that speaks for or against counting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from webapp.domain.programme import rulesets
from webapp.domain.retention import DECIDED, Block, decide
from webapp.models import Evidence, LedgerEntry, Placement, Verification
from webapp.queries import standing


@dataclass(frozen=True, slots=True)
class PlacementPage:
    """A claim, its evidence, what was said about it, and why it cannot count yet, if that is open."""

    placement: Placement
    evidence: Sequence[Evidence]
    verifications: Sequence[Verification]
    entries: Sequence[LedgerEntry]
    blocks: Sequence[Block]


def placement_page(session: Session, placement_id: int, *, on: date) -> PlacementPage | None:
    """Return one placement as its page shows it, judged as an approval on that day would be."""
    with_both = [joinedload(Placement.graduate), joinedload(Placement.employer)]
    placement = session.get(Placement, placement_id, options=with_both)
    if placement is None:
        return None
    return PlacementPage(
        placement=placement,
        evidence=standing.evidence_of(session, placement_id),
        verifications=session.scalars(
            select(Verification).where(Verification.placement_id == placement_id).order_by(Verification.id)
        ).all(),
        entries=session.scalars(
            select(LedgerEntry).where(LedgerEntry.placement_id == placement_id).order_by(LedgerEntry.seq)
        ).all(),
        blocks=() if placement.state in DECIDED else _blocks(session, placement, on),
    )


def _blocks(session: Session, placement: Placement, on: date) -> Sequence[Block]:
    period = standing.period_of(session, placement.started_on)
    ruleset = rulesets()[period.ruleset_id if period else next(iter(rulesets()))]
    return decide(standing.facts_of(session, placement, on=on, approvals=1), ruleset).blocks
