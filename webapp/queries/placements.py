"""One outcome with everything that speaks for or against counting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.programme import rulesets
from webapp.domain.retention import Block, decide
from webapp.models import Evidence, LedgerEntry, Placement, Verification
from webapp.queries import standing


@dataclass(frozen=True, slots=True)
class PlacementPage:
    """A claim, its evidence, what was said about it, and why it cannot count yet."""

    placement: Placement
    evidence: Sequence[Evidence]
    verifications: Sequence[Verification]
    entries: Sequence[LedgerEntry]
    blocks: Sequence[Block]


def placement_page(session: Session, placement_id: int, *, on: date) -> PlacementPage | None:
    """Return one placement as its page shows it, judged as an approval on that day would be."""
    placement = session.get(Placement, placement_id)
    if placement is None:
        return None
    period = standing.period_of(session, placement.started_on)
    ruleset = rulesets()[period.ruleset_id if period else next(iter(rulesets()))]
    facts = standing.facts_of(session, placement, on=on, approvals=1)
    return PlacementPage(
        placement=placement,
        evidence=standing.evidence_of(session, placement_id),
        verifications=session.scalars(
            select(Verification).where(Verification.placement_id == placement_id).order_by(Verification.id)
        ).all(),
        entries=session.scalars(
            select(LedgerEntry).where(LedgerEntry.placement_id == placement_id).order_by(LedgerEntry.seq)
        ).all(),
        blocks=decide(facts, ruleset).blocks,
    )
