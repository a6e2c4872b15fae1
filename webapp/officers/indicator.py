"""One indicator: the plan's words and readings, what is known, every figure with its restatements."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.auth.access import audience
from webapp.auth.identity import my_officer
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.domain.figures import FigureKind, by_year, standing
from webapp.domain.plan import Basis, Indicator, share_of
from webapp.domain.programme import CITY, units
from webapp.domain.results import Year
from webapp.domain.roles import Role
from webapp.models import Period, ReportedFigure
from webapp.officers import blueprint
from webapp.officers.amounts import amount, line_of, wanted
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.indicators import asked_period, unit_of
from webapp.queries import figures
from webapp.queries.indicators import IndicatorRow, programme_indicators
from webapp.queries.officers import names_of
from webapp.ui import charts, filters
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


@blueprint.get("/indicators/<period_id>/<indicator>")
@audience(Role.OFFICER)
def indicator(period_id: str, indicator: str) -> ResponseReturnValue:
    """Show one indicator: the plan's words, its readings, its figures with every restatement."""
    period = asked_period(period_id)
    rows = programme_indicators(db(), period_id=period.id, on=today())
    row = next((one for one in rows if one.indicator == indicator), None)
    if row is None:
        raise NotFound
    unit = request.args.get("unit", CITY)
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
        whole=_whole(row, rows),
    )


def _offices(period: Period, indicator: str) -> dict[str, str]:
    """Return the city and the units that have reported, this officer's own among them."""
    own = my_officer().unit
    reporting = figures.reporting_units(db(), period.id, indicator) | ({own} if own else set())
    return {CITY: _("全市"), **{code: unit_of(code) for code in units() if code in reporting}}


def _whole(row: IndicatorRow, rows: Sequence[IndicatorRow]) -> Line | None:
    """Return what an indicator is a part of, and its share where both are known for the same time."""
    whole = next((one for one in rows if one.indicator == row.subset_of), None)
    if whole is None:
        return None
    part, all_of, share = row.result, whole.result, None
    alike = row.plan.basis is whole.plan.basis and (part.until, part.proof) == (all_of.until, all_of.proof)
    if alike and part.value is not None and all_of.value is not None:
        share = share_of(row.plan, whole.plan, (float(part.value), float(all_of.value)))
    return {"name": filters.translated(whole.name), "share": share}


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
