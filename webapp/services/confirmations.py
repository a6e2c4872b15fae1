"""Counts whose evidence grows stronger: quality only, no total moves (I13)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.domain.counted import Counted
from webapp.domain.evidence import Grade
from webapp.models import Confirmation, LiveCount
from webapp.queries.counted import FACTS
from webapp.services.ledger import lock_ledger
from webapp.services.sums import shift


def confirm_counts(
    session: Session, *, placement_ids: Collection[int], at: datetime, by_id: int | None
) -> None:
    """Note that counts now rest on evidence of grade A, each once and with its day."""
    lock_ledger(session)
    raised = session.execute(
        select(LiveCount.placement_id, *FACTS)
        .where(LiveCount.placement_id.in_(placement_ids), LiveCount.grade != Grade.A.value)
        .order_by(LiveCount.placement_id)
    ).all()
    if not raised:
        return
    ids, before = [row[0] for row in raised], [Counted._make(row[1:]) for row in raised]
    session.execute(insert(Confirmation), [{"placement_id": one, "at": at, "by_id": by_id} for one in ids])
    session.execute(update(LiveCount).where(LiveCount.placement_id.in_(ids)).values(grade=Grade.A.value))
    shift(session, gone=before, come=[one._replace(grade=Grade.A.value) for one in before])
