"""Snapshots that were kept, orders for more, and what was released of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from webapp.domain.errors import NotFound
from webapp.models import Posting, ReportOrder, ReportRelease, ReportSnapshot


@dataclass(frozen=True, slots=True)
class Released:
    """A report that is public: which one, of which snapshot, since when."""

    snapshot: ReportSnapshot
    name: str
    approved_at: datetime


def snapshots_listed() -> Select[ReportSnapshot]:
    """Return the snapshots, the latest first."""
    return select(ReportSnapshot).order_by(ReportSnapshot.made_at.desc(), ReportSnapshot.id)


def find_snapshot(session: Session, snapshot_id: str) -> ReportSnapshot:
    """Return a snapshot or raise :class:`NotFound`."""
    found = session.get(ReportSnapshot, snapshot_id)
    if found is None:
        raise NotFound
    return found


def orders_open() -> Select[ReportOrder]:
    """Return the orders nothing has come of yet, the oldest first."""
    return select(ReportOrder).where(ReportOrder.finished_at.is_(None)).order_by(ReportOrder.id)


def orders_failed(session: Session, *, most: int = 3) -> Sequence[ReportOrder]:
    """Return the latest orders that came to nothing."""
    wanted = select(ReportOrder).where(ReportOrder.problem.is_not(None)).order_by(ReportOrder.id.desc())
    return session.scalars(wanted.limit(most)).all()


def releases_of(session: Session, snapshot_id: str) -> dict[str, ReportRelease]:
    """Return what is or waits to be released of a snapshot, by the name of the report."""
    wanted = select(ReportRelease).where(ReportRelease.snapshot_id == snapshot_id)
    return {one.name: one for one in session.scalars(wanted)}


def released(session: Session) -> list[Released]:
    """Return every public report, the latest day first."""
    rows = session.execute(
        select(ReportSnapshot, ReportRelease.name, ReportRelease.approved_at)
        .join(ReportRelease, ReportRelease.snapshot_id == ReportSnapshot.id)
        .where(ReportRelease.approved_at.is_not(None))
        .order_by(ReportSnapshot.as_of.desc(), ReportRelease.approved_at.desc(), ReportRelease.name)
    )
    return [Released(snapshot, name, at) for snapshot, name, at in rows if at is not None]


def public_definition(session: Session, period_id: str, as_of: date) -> str | None:
    """Return the definition by which reports of a day are public, if any is."""
    wanted = select(ReportSnapshot.definition_id).join(
        ReportRelease, ReportRelease.snapshot_id == ReportSnapshot.id
    )
    return session.scalar(
        wanted.where(
            ReportRelease.approved_at.is_not(None),
            ReportSnapshot.period_id == period_id,
            ReportSnapshot.as_of == as_of,
        ).limit(1)
    )


def is_released(session: Session, snapshot_id: str, name: str) -> bool:
    """Say whether a report of a snapshot is public."""
    found = session.get(ReportRelease, (snapshot_id, name))
    return found is not None and found.approved_at is not None


def postings_named(session: Session, numbers: str) -> Sequence[Posting]:
    """Return the postings a line of the catalogue names as its evidence, the oldest first."""
    wanted = select(Posting).where(Posting.id.in_([int(one) for one in numbers.split()]))
    return session.scalars(wanted.options(joinedload(Posting.employer)).order_by(Posting.id)).all()
