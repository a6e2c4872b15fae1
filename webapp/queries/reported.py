"""What units have reported beside what is traceable here, and where the two have to be explained."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from webapp.domain.counted import UNITS
from webapp.domain.definitions import standard
from webapp.domain.programme import CITY, units
from webapp.domain.reported import Line, Table, of_month, until_month
from webapp.models import Reconciliation, ReportedFigure, RetainedSum, User
from webapp.queries.officers import Reach
from webapp.queries.periods import RETAINED

MONTHLY, CUMULATIVE = "monthly", "cumulative"
Months = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything a table of reported and traceable numbers is made from, by unit and month."""

    traceable: Months
    monthly: Months
    cumulative: Months

    def table(self, month: str, *, cumulative: bool, unit: str | None = None) -> Table:
        """Return the table of one month, or of all months until it; ``unit`` leaves one line of it."""

        def line(code: str) -> Line:
            known = self.traceable.get(code, {}), self.monthly.get(code, {})
            if cumulative:
                return Line(code, until_month(month, *known, self.cumulative.get(code, {})))
            return Line(code, of_month(month, *known))

        figures = (self.cumulative if cumulative else self.monthly).get(CITY, {})
        listed = [unit] if unit else list(units())
        return Table([line(code) for code in listed], None if unit else figures.get(month))

    def months(self) -> list[str]:
        """Return every month something is known of, the latest first."""
        parts = (self.traceable, self.monthly, self.cumulative)
        return sorted({month for part in parts for sums in part.values() for month in sums}, reverse=True)


def gathered(session: Session, period_id: str) -> Gathered:
    """Return traceable counts by the standard definition and the latest approved revision of each figure."""
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(RetainedSum.office, RetainedSum.key, func.sum(RetainedSum.total))
        .where(
            RetainedSum.period_id == period_id,
            RetainedSum.definition_id == standard().id,
            RetainedSum.scope == UNITS,
            RetainedSum.dimension == "attributed_month",
        )
        .group_by(RetainedSum.office, RetainedSum.key)
    )
    for unit, month, total in rows:
        sums[unit][month] = int(total)
    reported: dict[str, dict[str, dict[str, int]]] = {
        MONTHLY: defaultdict(dict),
        CUMULATIVE: defaultdict(dict),
    }
    for figure in standing_figures(session, period_id):
        reported[figure.kind or ""][figure.unit][figure.month or ""] = int(figure.value)
    return Gathered(sums, reported[MONTHLY], reported[CUMULATIVE])


def standing_figures(session: Session, period_id: str) -> Sequence[ReportedFigure]:
    """Return what was reported of months and approved: of each month's revisions the last one."""
    place = (ReportedFigure.unit, ReportedFigure.month, ReportedFigure.kind)
    latest = (
        select(
            ReportedFigure.id,
            func.row_number()
            .over(partition_by=place, order_by=ReportedFigure.revision.desc())
            .label("place"),
        )
        .where(
            ReportedFigure.period_id == period_id,
            ReportedFigure.indicator == RETAINED,
            ReportedFigure.month.is_not(None),
            ReportedFigure.approved_by_id.is_not(None),
        )
        .subquery()
    )
    wanted = select(ReportedFigure).join(latest, latest.c.id == ReportedFigure.id).where(latest.c.place == 1)
    return session.scalars(wanted.order_by(ReportedFigure.id)).all()


def reconciliations_listed(reach: Reach) -> Select[Any]:
    """Select all reconciliations in reach with their figure and who spoke, open ones first."""
    explained, confirmed = aliased(User), aliased(User)
    rows = (
        select(Reconciliation, ReportedFigure, explained.name, confirmed.name)
        .join(ReportedFigure, ReportedFigure.id == Reconciliation.figure_id)
        .outerjoin(explained, explained.id == Reconciliation.explained_by_id)
        .outerjoin(confirmed, confirmed.id == Reconciliation.confirmed_by_id)
        .order_by(Reconciliation.confirmed_by_id.is_not(None), Reconciliation.due_on, Reconciliation.id)
    )
    return cast(
        "Select[Any]", rows if reach.is_city else rows.where(Reconciliation.unit == (reach.unit or ""))
    )
