"""The plan's indicators: targets, what is known and on which papers, each with its figures."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.auth.identity import me, my_officer
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.domain.figures import FigureKind, by_year, standing
from webapp.domain.plan import Basis, Group, Indicator, by_measure, indicators
from webapp.domain.programme import unit_name, units
from webapp.domain.results import Year
from webapp.domain.roles import Role
from webapp.models import Period, ReportedFigure
from webapp.officers import blueprint
from webapp.officers.amounts import amount, line_of, wanted
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.view import NoPeriod
from webapp.queries import figures
from webapp.queries.indicators import IndicatorRow, programme_indicators
from webapp.queries.officers import names_of
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


@blueprint.get("/indicators/<period_id>/<indicator>")
@audience(Role.OFFICER)
def indicator(period_id: str, indicator: str) -> ResponseReturnValue:
    """Show one indicator: the plan's words, its readings, its figures with every restatement."""
    period = asked_period(period_id)
    rows = programme_indicators(db(), period_id=period.id, on=today())
    row = next((one for one in rows if one.indicator == indicator), None)
    if row is None:
        raise NotFound
    unit = request.args.get("unit", figures.CITY)
    revisions = figures.revisions(db(), period_id=period.id, indicator=indicator, unit=unit)
    names = names_of(db(), [by for one in revisions for by in (one.submitted_by_id, one.approved_by_id)])
    columns, lines = _revision_columns(), [_revision(row.plan, one, names) for one in revisions]
    return asked_file(columns, lines, name=filters.translated(row.name)) or render_template(
        "officers/indicator.html",
        period=period,
        row=row,
        line=line_of(row),
        amount=partial(amount, row.plan),
        target=wanted(row.plan, row.target),
        years=[_year(row.plan, one) for one in row.years],
        year_columns=_year_columns(),
        chart=_course(row.plan, revisions),
        columns=columns,
        lines=lines,
        exports=exports(),
        levels=row.plan.basis is Basis.LEVEL,
        by_total=Basis.PERIOD_TOTAL in row.plan.readings,
        unit=unit,
        offices=_offices(period, indicator),
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


def _offices(period: Period, indicator: str) -> dict[str, str]:
    """Return the city and the units that have reported, this officer's own among them."""
    own = my_officer().unit
    reporting = figures.reporting_units(db(), period.id, indicator) | ({own} if own else set())
    return {figures.CITY: _("全市"), **{code: unit_of(code) for code in units() if code in reporting}}


def unit_of(code: str) -> str:
    """Say whose figure it is."""
    return _("全市") if code == figures.CITY else filters.translated(unit_name(code))


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


def _year(plan: Indicator, year: Year) -> Line:
    return {
        "year": str(year.year),
        "value": amount(plan, year.value),
        "target": wanted(plan, year.target),
        "proof": year.proof,
        "status": year.status,
    }


def _year_columns() -> list[Column]:
    return [
        Column("year", _("年份")),
        FigureColumn("value", _("实绩"), Shown.NUMBER),
        FigureColumn("target", _("当年目标"), Shown.NUMBER),
        Column("proof", _("依据")),
        Column("status", _("结果"), Shown.STATUS),
    ]


def _course(plan: Indicator, revisions: Sequence[ReportedFigure]) -> Markup | None:
    """Draw what stands: a rate month by month, a sum year by year."""
    kept = standing(figures.as_figure(one) for one in revisions)
    if plan.basis is Basis.LEVEL:
        rows: list[Mapping[str, Any]] = [
            {"time": month, "value": float(one.value)} for (_kind, month), one in sorted(kept.items())
        ]
    else:
        first = min((int(month[:4]) for _kind, month in kept), default=0)
        last = max((int(month[:4]) for _kind, month in kept), default=-1)
        years = by_year(kept, range(first, last + 1))
        rows = [{"time": str(year), "value": float(one.value)} for year, one in years.items()]
    if len(rows) < 2:  # noqa: PLR2004 - one point makes no line
        return None
    return charts.pace(rows, time="time", value="value", title=filters.translated(plan.name))


def _revision(plan: Indicator, figure: ReportedFigure, names: Mapping[int, str]) -> Line:
    return {
        "month": filters.month(figure.month),
        "kind": FigureKind(figure.kind or ""),
        "revision": figure.revision,
        "value": amount(plan, figure.value),
        "status": figures.as_figure(figure).status,
        "document": figure.source,
        "reason": figure.reason,
        "by": names.get(figure.submitted_by_id or 0),
        "approved_by": names.get(figure.approved_by_id or 0),
        "decided_at": figure.decided_at,
    }


def _revision_columns() -> list[Column]:
    return [
        Column("month", _("截至月份")),
        Column("kind", _("口径")),
        FigureColumn("value", _("数值"), Shown.NUMBER),
        Column("revision", _("版次"), Shown.NUMBER),
        Column("status", _("状态"), Shown.STATUS),
        Column("document", _("来源文件")),
        Column("reason", _("更正原因")),
        Column("by", _("登记人")),
        Column("approved_by", _("复核人")),
        Column("decided_at", _("复核时间"), Shown.MOMENT),
    ]
