"""Everything the rule of the count looks at, gathered for one placement."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.catalogues import districts
from webapp.domain.evidence import evidence_types
from webapp.domain.postings import Kind
from webapp.domain.retention import Facts
from webapp.models import Application, Evidence, Period, Placement, Posting, Verification
from webapp.queries import ledger

AGREEMENT = "agreement"


def period_of(session: Session, on: date) -> Period | None:
    """Return the period a day falls in."""
    return session.scalar(select(Period).where(Period.start_on <= on, Period.end_on >= on))


def evidence_of(session: Session, placement_id: int) -> list[Evidence]:
    """Return the evidence of a placement in the order it came in."""
    wanted = select(Evidence).where(Evidence.placement_id == placement_id).order_by(Evidence.id)
    return list(session.scalars(wanted))


def round_of(session: Session, placement_id: int) -> int:
    """Return the round of verification: a returned claim comes back in the next one."""
    returned = select(func.count()).where(
        Verification.placement_id == placement_id, Verification.approved.is_(False)
    )
    return 1 + (session.scalar(returned) or 0)


def approvers(session: Session, placement_id: int) -> list[int]:
    """Return the officers who have approved in this round, first come first."""
    wanted = (
        select(Verification.verifier_id)
        .where(
            Verification.placement_id == placement_id,
            Verification.round == round_of(session, placement_id),
            Verification.approved.is_(True),
        )
        .order_by(Verification.id)
    )
    return list(session.scalars(wanted))


def facts_of(session: Session, placement: Placement, *, on: date, approvals: int) -> Facts:
    """Return the facts of a placement as they are today, with ``approvals`` officers for it."""
    graduate = placement.graduate
    proofs = [
        one
        for one in evidence_of(session, placement.id)
        if placement.outcome_code in evidence_types()[one.type].outcome_codes
    ]
    period = period_of(session, placement.started_on)
    root = ledger.root_of(session, graduate.person_key) if graduate.person_key else None
    return Facts(
        code=placement.outcome_code,
        started_on=placement.started_on,
        on=on,
        graduation_on=graduate.graduation_on,
        degree_verified=graduate.degree_verified_on is not None,
        in_wuhan=placement.district in districts(),
        has_identity=graduate.person_key is not None,
        grades=[one.grade for one in proofs],
        approvals=approvals,
        onboarded=placement.application_id is not None or any(one.type != AGREEMENT for one in proofs),
        pay=placement.pay,
        kind=_kind(session, placement),
        period_status=period.status if period else None,
        counted_here=bool(root and period and ledger.live_count(session, root, period.id)),
        counted_before=(
            ledger.latest_month_elsewhere(session, root, period.id if period else None) if root else None
        ),
    )


def _kind(session: Session, placement: Placement) -> Kind | None:
    return session.scalar(
        select(Posting.kind)
        .join(Application, Application.posting_id == Posting.id)
        .where(Application.id == placement.application_id)
    )
