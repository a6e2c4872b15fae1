"""Figures of indicators: one officer writes them down, another lets them stand."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.errors import Conflict, NotAllowed, NotFound, PlatformError
from webapp.domain.figure_rules import SaidFigure, check_figure, check_part
from webapp.domain.figures import FigureKind, FigureStatus, by_year
from webapp.domain.plan import Indicator, indicators
from webapp.domain.roles import DECIDES, Scope
from webapp.domain.words import N_
from webapp.models import Officer, Period, ReportedFigure, User
from webapp.queries.figures import as_figure, standing_figures
from webapp.services.audit import record_deed
from webapp.services.employers import OFFICE


class CorrectionNeedsReason(PlatformError):
    """A second value for what is known already, without a word why."""

    message = N_("%(month)s 已登记为 %(value)s。更正时请写明原因，原来的数会保留。")


class FigureWaits(PlatformError):
    """A correction of what nobody has checked yet."""

    message = N_("%(month)s 的数还在等人复核。请先复核，再登记更正。")


class OwnFigure(PlatformError):
    """Whoever wrote a figure down wants to let it stand."""

    message = N_("这个数由您登记，不能由您复核。请由另一名工作人员核对文件后处理。")


def submit_figure(session: Session, *, by: User, said: SaidFigure, at: datetime) -> ReportedFigure:
    """Write a figure down; it stands once another officer has approved it.

    A later figure for the same month is a restatement: a new revision with its reason, the old one kept.
    """
    _check_reach(session, by, said.unit)
    period = session.get(Period, said.period_id)
    indicator = indicators(said.period_id).get(said.indicator)
    if period is None or indicator is None:
        raise NotFound
    check_figure(said, indicator, first_on=period.start_on, last_on=period.end_on, on=city_date(at))
    _check_subsets(session, indicator, said)
    known = _revisions(session, said)
    if known and known[-1].status == FigureStatus.UNVERIFIED:
        raise FigureWaits(month=said.month)
    if known and not said.reason:
        raise CorrectionNeedsReason(month=said.month, value=f"{known[-1].value.normalize():,f}")
    figure = ReportedFigure(
        period_id=said.period_id,
        indicator=said.indicator,
        unit=said.unit,
        kind=said.kind,
        month=said.month,
        label=said.month,
        value=said.value,
        source=said.document,
        reason=said.reason,
        revision=known[-1].revision + 1 if known else 1,
        status=FigureStatus.UNVERIFIED,
        received_at=at,
        submitted_by_id=by.id,
    )
    session.add(figure)
    session.flush()
    _note(session, by, "submit_figure", figure, at)
    return figure


def decide_figure(
    session: Session, *, by: User, figure_id: int, approved: bool, at: datetime
) -> ReportedFigure:
    """Let a figure stand, or refuse it; whoever wrote it down cannot be the one."""
    figure = session.get(ReportedFigure, figure_id, with_for_update=True, populate_existing=True)
    if figure is None or figure.month is None:
        raise NotFound
    _check_reach(session, by, figure.unit)
    if figure.status != FigureStatus.UNVERIFIED:
        raise Conflict
    if figure.submitted_by_id == by.id:
        raise OwnFigure
    if approved:
        _check_subsets(session, indicators(figure.period_id)[figure.indicator], _said(figure))
        figure.approved_by_id = by.id
    figure.status = FigureStatus.APPROVED if approved else FigureStatus.REFUSED
    figure.decided_at = at
    session.flush()
    _note(session, by, "decide_figure", figure, at)
    return figure


def _check_subsets(session: Session, indicator: Indicator, said: SaidFigure) -> None:
    """Keep parts within their wholes, from both sides (8 ≤ 7, 启航(year) ≤ retained(year))."""
    plan = indicators(said.period_id)
    for part in plan.values():
        if part.subset_of is None or indicator.id not in {part.id, part.subset_of}:
            continue
        other = part.subset_of if part is indicator else part.id
        known = _counterpart(session, other, said)
        if part is indicator:
            check_part(part, said.value, plan[part.subset_of], known)
        elif known is not None:
            check_part(part, known, indicator, said.value)


def _counterpart(session: Session, indicator: str, said: SaidFigure) -> Decimal | None:
    """Return what stands for another indicator in the same stretch of time."""
    kept = standing_figures(session, said.period_id, said.unit).get(indicator, {})
    if said.kind is FigureKind.YEARLY:
        first = min((int(month[:4]) for _kind, month in kept), default=0)
        year = by_year(kept, range(first, int(said.month[:4]) + 1)).get(int(said.month[:4]))
        return year.value if year else None
    same = kept.get((said.kind, said.month))
    return same.value if same else None


def _revisions(session: Session, said: SaidFigure) -> list[ReportedFigure]:
    """Return the revisions of one figure, locked, the latest last."""
    wanted = select(ReportedFigure).where(
        ReportedFigure.period_id == said.period_id,
        ReportedFigure.indicator == said.indicator,
        ReportedFigure.unit == said.unit,
        ReportedFigure.kind == said.kind,
        ReportedFigure.month == said.month,
    )
    return list(session.scalars(wanted.order_by(ReportedFigure.revision).with_for_update()))


def _said(figure: ReportedFigure) -> SaidFigure:
    known = as_figure(figure)
    return SaidFigure(
        period_id=figure.period_id,
        indicator=figure.indicator,
        unit=figure.unit,
        kind=known.kind,
        month=known.month,
        value=known.value,
        document=known.document,
    )


def _check_reach(session: Session, by: User, unit: str) -> None:
    officer = session.scalar(select(Officer).where(Officer.user_id == by.id))
    if officer is None or officer.scope not in DECIDES:
        raise NotAllowed
    if officer.scope is Scope.UNIT and officer.unit != unit:
        raise NotAllowed


def _note(session: Session, by: User, action: str, figure: ReportedFigure, at: datetime) -> None:
    record_deed(
        session,
        by=by,
        action=action,
        subject=f"figure:{figure.id}",
        at=at,
        on_behalf_of=OFFICE,
        indicator=figure.indicator,
        month=figure.month,
        value=str(figure.value),
        status=figure.status,
    )
