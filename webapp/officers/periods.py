"""Periods and what each asks for, of the city, a unit or a year; a target nobody has set says so."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.plan import Basis
from webapp.domain.programme import CITY, unit_name, units
from webapp.domain.roles import Role, Scope
from webapp.models import Period, Target
from webapp.officers import blueprint
from webapp.officers.amounts import SIGNS
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.forms import TargetForm
from webapp.officers.indicators import unit_of
from webapp.queries import periods as queries
from webapp.services.targets import TargetSlot, set_target
from webapp.ui import filters
from webapp.ui.filters import translated
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]
WHOLE = 0
"""The year of a target for the whole period."""


@blueprint.get("/periods", endpoint="periods")
@audience(Role.OFFICER)
def list_periods() -> ResponseReturnValue:
    """Show every period with its targets."""
    listed = queries.periods(db())
    chosen = next((one for one in listed if one.id == request.args.get("period")), None)
    shown = [chosen] if chosen else listed
    lines = [
        _line(target)
        for period in shown
        for target in queries.targets(db(), period.id)
        if (target.unit, target.year) == (CITY, WHOLE)
    ]
    columns = _columns()
    return asked_file(columns, lines, name=_("时期与目标")) or render_template(
        "officers/periods.html", periods=listed, lines=lines, columns=columns, exports=exports()
    )


@blueprint.get("/targets/<period_id>/<indicator>")
@audience(Role.OFFICER)
def targets(period_id: str, indicator: str) -> ResponseReturnValue:
    """Show one indicator's targets for every unit and year; empty cells wait for a document."""
    period, whole = _found(period_id, indicator)
    years = [WHOLE, *range(period.start_on.year, period.end_on.year + 1)]
    rows = [one for one in queries.targets(db(), period.id) if one.indicator == indicator]
    known = {(one.unit, one.year): one for one in rows}
    columns = _slot_columns(period, whole)
    lines = [
        _slot(unit, year, known.get((unit, year)))
        for unit in (CITY, *units())
        for year in years
        if (unit, year) in known or year == WHOLE or unit == CITY
    ]
    return asked_file(columns, lines, name=translated(whole.name)) or render_template(
        "officers/targets.html",
        period=period,
        whole=whole,
        lines=lines,
        columns=columns,
        exports=exports(),
        years=years[1:],
        units=[(code, translated(unit_name(code))) for code in units()],
        apart=_apart(whole, rows),
        may_set=_may_set(period),
    )


@blueprint.route("/targets/<period_id>/<indicator>/<unit>/<int:year>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY}))
def target(period_id: str, indicator: str, unit: str, year: int) -> ResponseReturnValue:
    """Enter a target with the document that sets it."""
    _period, whole = _found(period_id, indicator)
    slot = TargetSlot(period_id, indicator, unit, year)
    known = queries.target(db(), *slot)
    form: Any = TargetForm(value=known and known.value, document=known and known.quote)
    if form.validate_on_submit():
        with attempt(form) as tried:
            set_target(db(), by=me(), slot=slot, value=form.value.data, document=form.document.data, at=now())
        if tried.done:
            flash(_("“%(name)s”的目标已录入。", name=translated(whole.name)))
            return redirect(url_for("officers.targets", period_id=period_id, indicator=indicator))
    return render_template("officers/target.html", target=whole, slot=_slot(unit, year, known), form=form)


def _found(period_id: str, indicator: str) -> tuple[Period, Target]:
    period, whole = db().get(Period, period_id), queries.target(db(), period_id, indicator)
    if period is None or whole is None:
        raise NotFound
    return period, whole


def _may_set(period: Period) -> bool:
    return my_officer().scope is Scope.CITY and period.status != "closed"


def _apart(whole: Target, rows: Sequence[Target]) -> tuple[str, str] | None:
    """Return the sum of the units' targets and how far it is from the city's; nothing is forced to agree."""
    parts = [one.value for one in rows if one.unit != CITY and one.year == WHOLE and one.value is not None]
    if not parts or whole.value is None:
        return None
    added = sum(parts, Decimal(0))
    return f"{added.normalize():,f}", f"{(added - whole.value).normalize():+,f}"


def _said(target: Target | None) -> str:
    if target is None or target.value is None:
        return _("目标待录入")
    return f"{SIGNS.get(target.op, target.op)} {target.value.normalize():,f}"


def _line(target: Target) -> Line:
    return {
        "indicator": target.indicator,
        "period": target.period_id,
        "name": translated(target.name),
        "value": _said(target),
        "measure": translated(target.measure),
        "basis": filters.label(Basis(target.basis)),
        "quote": target.quote,
    }


def _columns() -> Sequence[Column]:
    def link(line: Line) -> str:
        return url_for("officers.targets", period_id=line["period"], indicator=line["indicator"])

    return [
        Column("name", _("指标"), link=link),
        Column("period", _("时期")),
        FigureColumn("value", _("目标"), Shown.NUMBER),
        Column("measure", _("计量单位")),
        Column("basis", _("口径")),
        Column("quote", _("依据")),
    ]


def _slot(unit: str, year: int, target: Target | None) -> Line:
    return {
        "unit": unit,
        "year": year,
        "name": unit_of(unit),
        "when": str(year) if year else _("全期"),
        "value": _said(target),
        "quote": target.quote if target else None,
    }


def _slot_columns(period: Period, whole: Target) -> list[Column]:
    def link(line: Line) -> str | None:
        if not _may_set(period):
            return None
        slot = TargetSlot(period.id, whole.indicator, line["unit"], line["year"])
        return url_for("officers.target", **slot._asdict())

    return [
        Column("name", _("填报单位"), link=link),
        Column("when", _("年份")),
        FigureColumn("value", _("目标"), Shown.NUMBER),
        Column("quote", _("依据文件")),
    ]
