"""The post ledger told again from its entries: as of a past day, and against everything kept beside it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.post_ledger import Cell, Periods
from webapp.domain.postings import PostingStatus
from webapp.domain.words import N_
from webapp.models import Post, PostEntry, Posting, PostOffer, PostTotal
from webapp.queries.post_rule import periods_of

MISFOLDED = N_("合计与逐笔重算不一致")
MISCOUNTED = N_("岗位的人数与它的记录不一致")
MISSTATED = N_("岗位的人数与它的招聘信息不一致")
MISREAD = N_("招聘信息的人数与登记时不一致")
NOT_TAKEN = N_("已发布的招聘信息没有登记")

_CELL = (PostEntry.period_id, PostEntry.unit, PostEntry.kind, PostEntry.month)


def fold(session: Session, until: date | None = None) -> Mapping[Cell, tuple[int, int]]:
    """Return places and well-paid places by cell from the entries themselves, to the end of a day."""
    sums = select(*_CELL, func.sum(PostEntry.delta), func.sum(PostEntry.well_paid_delta)).group_by(*_CELL)
    if until is not None:
        sums = sums.where(PostEntry.created_at < start_of_day(until + timedelta(days=1)))
    rows: Any = session.execute(sums)
    return {Cell(*cell): (int(total), int(paid)) for *cell, total, paid in rows if total or paid}


def differences(session: Session) -> Iterator[str]:
    """Yield where sums, posts and postings differ from the entries, each as a sentence."""
    rows = session.scalars(select(PostTotal).where(or_(PostTotal.total != 0, PostTotal.well_paid != 0)))
    kept = {Cell(one.period_id, one.unit, one.kind, one.month): (one.total, one.well_paid) for one in rows}
    made = fold(session)
    for cell in sorted(kept.keys() | made.keys()):
        if kept.get(cell) != made.get(cell):
            yield f"{MISFOLDED}：{' '.join(cell)} {kept.get(cell)} {made.get(cell)}"
    for message, wanted in (*_CHECKS, (NOT_TAKEN, _not_taken(periods_of(session)))):
        for number in session.scalars(wanted):
            yield f"{message}：{number}"


def _not_taken(periods: Periods) -> Select[int]:
    """Select postings that are shown and were published in some period, but that no post has."""
    within = [
        and_(
            Posting.published_at >= start_of_day(first),
            Posting.published_at < start_of_day(last + timedelta(days=1)),
        )
        for _name, first, last in periods
    ]
    return (
        select(Posting.id)
        .outerjoin(PostOffer, PostOffer.posting_id == Posting.id)
        .where(Posting.status.in_(_published), PostOffer.posting_id.is_(None), or_(false(), *within))
        .order_by(Posting.id)
    )


def _unlike(found: Any, headcount: ColumnElement[int], well_paid: ColumnElement[int]) -> Select[int]:
    return (
        select(Post.id)
        .outerjoin(found, found.c.post_id == Post.id)
        .where(
            or_(Post.headcount != func.coalesce(headcount, 0), Post.well_paid != func.coalesce(well_paid, 0))
        )
        .order_by(Post.id)
    )


_folded = (
    select(
        PostEntry.post_id,
        func.sum(PostEntry.delta).label("headcount"),
        func.sum(PostEntry.well_paid_delta).label("well_paid"),
    )
    .group_by(PostEntry.post_id)
    .subquery()
)
_live = PostOffer.headcount > 0
_stated = (
    select(
        PostOffer.post_id,
        func.max(PostOffer.headcount).label("headcount"),
        case(
            (
                and_(
                    func.sum(case((and_(_live, PostOffer.well_paid.is_(True)), 1), else_=0)) > 0,
                    func.sum(case((and_(_live, PostOffer.well_paid.is_(False)), 1), else_=0)) == 0,
                ),
                func.max(PostOffer.headcount),
            ),
            else_=0,
        ).label("well_paid"),
    )
    .group_by(PostOffer.post_id)
    .subquery()
)
_published = (PostingStatus.LIVE, PostingStatus.PAUSED)
_CHECKS: Sequence[tuple[str, Select[int]]] = (
    (MISCOUNTED, _unlike(_folded, _folded.c.headcount, _folded.c.well_paid)),
    (MISSTATED, _unlike(_stated, _stated.c.headcount, _stated.c.well_paid)),
    (
        MISREAD,
        select(Posting.id)
        .join(PostOffer, PostOffer.posting_id == Posting.id)
        .where(Posting.status.in_(_published), Posting.headcount != PostOffer.headcount)
        .order_by(Posting.id),
    ),
)
