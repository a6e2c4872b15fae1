"""Periods and what each asks for; a target nobody has set says so."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role, Scope
from webapp.models import Period, Target
from webapp.officers import blueprint
from webapp.officers.desk import FigureColumn, asked_file, exports
from webapp.officers.forms import TargetForm
from webapp.queries import periods as queries
from webapp.services.targets import set_target
from webapp.ui.filters import translated
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

SIGNS: Mapping[str, str] = {">=": "≥", "<=": "≤"}


@blueprint.get("/periods", endpoint="periods")
@audience(Role.OFFICER)
def list_periods() -> ResponseReturnValue:
    """Show every period with its targets."""
    listed = queries.periods(db())
    chosen = next((one for one in listed if one.id == request.args.get("period")), None)
    shown = [chosen] if chosen else listed
    lines = [_line(target, period) for period in shown for target in queries.targets(db(), period.id)]
    columns = _columns()
    return asked_file(columns, lines, name=_("时期与目标")) or render_template(
        "officers/periods.html", periods=listed, lines=lines, columns=columns, exports=exports()
    )


@blueprint.route("/targets/<int:target_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY}))
def target(target_id: int) -> ResponseReturnValue:
    """Enter a target with the document that sets it."""
    found = db().get(Target, target_id)
    if found is None:
        raise NotFound
    form: Any = TargetForm(value=found.value, document=found.quote)
    if form.validate_on_submit():
        with attempt(form) as tried:
            set_target(
                db(),
                by=me(),
                target_id=found.id,
                value=form.value.data,
                document=form.document.data,
                at=now(),
            )
        if tried.done:
            flash(_("“%(name)s”的目标已录入。", name=found.name))
            return redirect(url_for("officers.periods"))
    return render_template("officers/target.html", target=found, form=form)


def _line(target: Target, period: Period) -> dict[str, Any]:
    sign = SIGNS.get(target.op, target.op)
    return {
        "settled": period.status == "closed",
        "id": target.id,
        "period": target.period_id,
        "name": translated(target.name),
        "value": _("目标待录入") if target.value is None else f"{sign} {target.value.normalize():,f}",
        "measure": translated(target.measure),
        "basis": {"per_year": _("每年"), "level": _("水平值")}.get(target.basis, _("全期累计")),
        "quote": target.quote,
    }


def _columns() -> Sequence[Column]:
    may_set = my_officer().scope is Scope.CITY

    def link(line: dict[str, Any]) -> str | None:
        open_to_me = may_set and not line["settled"]
        return url_for("officers.target", target_id=line["id"]) if open_to_me else None

    return [
        Column("name", _("指标"), link=link),
        Column("period", _("时期")),
        FigureColumn("value", _("目标"), Shown.NUMBER),
        Column("measure", _("计量单位")),
        Column("basis", _("口径")),
        Column("quote", _("依据")),
    ]
