"""The plan's indicators: targets, what is known and on which papers, each with its figures."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.auth.identity import me, my_officer
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.domain.figures import FigureKind
from webapp.domain.plan import Basis, Group, Indicator, by_measure, indicators
from webapp.domain.programme import CITY, unit_name
from webapp.domain.roles import Role
from webapp.models import Period, ReportedFigure
from webapp.officers import blueprint
from webapp.officers.amounts import amount, line_of
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.view import NoPeriod
from webapp.queries import figures
from webapp.queries.indicators import IndicatorRow, programme_indicators
from webapp.queries.periods import period_of, periods
from webapp.ui import charts, filters
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


@blueprint.get("/indicators", endpoint="indicators")
@audience(Role.OFFICER)
def every_indicator() -> ResponseReturnValue:
    """Show all indicators of a period by the parts of the plan, with what they have reached."""
    period = asked_period(request.args.get("period"))
    rows = programme_indicators(db(), period_id=period.id, on=today())
    columns = _columns(period)
    lines = [line_of(row) for row in rows]
    return asked_file([*columns, *_more_columns()], lines, name=_("规划指标")) or render_template(
        "officers/indicators.html",
        period=period,
        periods=periods(db()),
        groups=[(group, mine, _drawn(mine)) for group in Group if (mine := _of(group, rows))],
        line_of=line_of,
        columns=columns,
        waiting=[
            _waiting(one) for one in db().scalars(figures.waiting_figures(period.id, my_officer().unit))
        ],
        waiting_columns=_waiting_columns(),
        exports=exports(),
    )


def asked_period(period_id: str | None) -> Period:
    """Return the period of the address, or the one today lies in."""
    listed = periods(db())
    found = next((one for one in listed if one.id == period_id), None)
    if found is None and period_id:
        raise NotFound
    found = found or period_of(listed, today())
    if found is None:
        raise NoPeriod
    return found


def asked_plan(period: Period, indicator: str) -> Indicator:
    """Return what a period's plan says of an indicator."""
    plan = indicators(period.id).get(indicator)
    if plan is None:
        raise NotFound
    return plan


def unit_of(code: str) -> str:
    """Say whose figure it is."""
    return _("全市") if code == CITY else filters.translated(unit_name(code))


def _of(group: Group, rows: Sequence[IndicatorRow]) -> list[IndicatorRow]:
    return [row for row in rows if row.plan.group is group]


def _drawn(rows: Sequence[IndicatorRow]) -> list[Markup]:
    """Draw what share of its target each sum has reached; every unit of measurement by itself."""
    reached = {
        row.indicator: {
            "name": filters.translated(row.name),
            "share": round(100 * float(row.result.value) / float(row.target), 1),
        }
        for row in rows
        if row.target and row.result.value and row.plan.basis is Basis.PERIOD_TOTAL
    }
    reached = {name: bar for name, bar in reached.items() if bar["share"]}
    known = [row.plan for row in rows if row.indicator in reached]
    return [
        charts.bars(
            [reached[one.id] for one in listed],
            name="name",
            value="share",
            title=_("达到目标的百分比（单位：%(measure)s）", measure=filters.translated(measure)),
        )
        for measure, listed in by_measure(known).items()
    ]


def _columns(period: Period) -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.indicator", period_id=period.id, indicator=line["id"])

    return [
        Column("name", _("指标"), link=link),
        FigureColumn("target", _("目标"), Shown.NUMBER),
        FigureColumn("value", _("实绩"), Shown.NUMBER),
        Column("proof", _("依据")),
        Column("status", _("结果") if period.end_on < today() else _("进展"), Shown.STATUS),
    ]


def _more_columns() -> list[Column]:
    """Return what only the file shows: beside the target a baseline reads like a direction."""
    return [FigureColumn("baseline", _("上一时期基数"), Shown.NUMBER), Column("basis", _("口径"))]


def _waiting(figure: ReportedFigure) -> Line:
    plan = indicators(figure.period_id)[figure.indicator]
    return {
        "id": figure.id,
        "name": filters.translated(plan.name),
        "unit": unit_of(figure.unit),
        "month": filters.month(figure.month),
        "kind": FigureKind(figure.kind or ""),
        "value": amount(plan, figure.value),
        "document": figure.source,
        "own": figure.submitted_by_id == me().id,
    }


def _waiting_columns() -> list[Column]:
    def link(line: Line) -> str | None:
        return None if line["own"] else url_for("officers.figure", figure_id=line["id"])

    return [
        Column("name", _("指标"), link=link),
        Column("unit", _("填报单位")),
        Column("month", _("截至月份")),
        Column("kind", _("口径")),
        FigureColumn("value", _("数值"), Shown.NUMBER),
        Column("document", _("来源文件")),
    ]
