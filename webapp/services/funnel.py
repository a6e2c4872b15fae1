"""Keeping the sums of the funnel."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import FunnelTotal
from webapp.queries.funnel import summed
from webapp.queries.periods import periods
from webapp.services.kept import remake


def rebuild_funnel(session: Session, *, at: datetime) -> None:
    """Make the sums anew from every single graduate."""
    remake(session, FunnelTotal, summed(periods(session)), at=at)
