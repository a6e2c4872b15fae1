"""Reported and traceable numbers side by side, and what has to be explained about them."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.dates import month_of
from webapp.domain.errors import NotFound
from webapp.domain.reported import Basis, Line, Table
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import Reconciliation
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_deed
from webapp.officers.forms import LONGEST
from webapp.officers.indicators import unit_of
from webapp.officers.view import ViewForm, asked_view, settle
from webapp.queries.reported import CUMULATIVE, MONTHLY, gathered, reconciliations_listed
from webapp.services import reconciliations as deeds
from webapp.ui import filters
from webapp.ui.forms import Form
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

READERS = frozenset({Scope.CITY, Scope.UNIT, Scope.AUDITOR})


class ReportedForm(ViewForm):
    """Period, unit, month, and whether the month alone or everything until it."""

    month = SelectField(_l("月份"), [Optional()])
    span = SelectField(_l("时间范围"), [Optional()])


class ReasonForm(Form):
    """Why more people are traceable than were reported."""

    reason = TextAreaField(_l("原因和依据"), [Optional(), Length(max=LONGEST)])


@dataclass(frozen=True)
class _Row:
    """One row of the table: a unit, what nobody allocated, or the total."""

    name: str
    value: int
    basis: str
    reported: int | None
    traceable: int | None
    coverage: float | None
    remark: str


@blueprint.get("/reported")
@audience(Role.OFFICER, scopes=READERS)
def reported() -> ResponseReturnValue:
    """Show for every unit the published number, whose it is, and how much of it is traceable."""
    view = asked_view(ReportedForm)
    known = gathered(db(), view.period.id)
    months = known.months() or [min(month_of(today()), month_of(view.period.end_on))]
    form: Any = view.form
    for name in ("definition", "institution"):
        if name in form:
            del form[name]
    form.month.choices = [(month, filters.month(month)) for month in months]
    form.span.choices = [(CUMULATIVE, _("期初至该月累计")), (MONTHLY, _("仅该月"))]
    settle(form, month=months[0], span=CUMULATIVE)
    unit = view.wanted.reach.unit or view.wanted.unit
    table = known.table(form.month.data, cumulative=form.span.data == CUMULATIVE, unit=unit)
    rows, columns, total = _rows(table), _columns(), _total(table)
    file = asked_file(columns, [*rows, total], name=_("上报数与可追溯数"))
    return file or render_template(
        "officers/reported.html",
        view=view,
        month=form.month.data,
        columns=columns,
        rows=rows,
        totals=total,
        shares=[(filters.label(basis), share) for basis, share in table.shares.items()],
        tasks=[_task(row) for row in db().execute(reconciliations_listed(my_reach()).limit(50))],
        task_columns=_task_columns(),
        exports=exports(),
    )


@blueprint.route("/reconciliations/<int:reconciliation_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=READERS)
def reconciliation(reconciliation_id: int) -> ResponseReturnValue:
    """Show both numbers, take the explanation of one officer and the confirmation of another."""
    wanted = reconciliations_listed(my_reach()).where(Reconciliation.id == reconciliation_id)
    row = db().execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    task, figure, explained_by, confirmed_by = row
    form: Any = ReasonForm(reason=task.reason)
    if form.validate_on_submit():
        verdict, known = request.form.get("verdict"), {"by": me(), "reconciliation_id": task.id, "at": now()}
        with attempt(form) as tried:
            if verdict == "confirm":
                deeds.confirm(db(), **known)
            else:
                deeds.explain(db(), **known, reason=form.reason.data or "")
        if tried.done:
            note_deed("reconcile", f"reconciliation:{task.id}", verdict=verdict)
            flash(
                _("已确认，这一项办结。")
                if verdict == "confirm"
                else _("说明已保存，等另一名市级工作人员确认。")
            )
            return redirect(url_for("officers.reported", period=figure.period_id))
    scope = my_officer().scope
    return render_template(
        "officers/reconciliation.html",
        form=form,
        task=task,
        figure=figure,
        where=unit_of(task.unit),
        explained_by=explained_by,
        confirmed_by=confirmed_by,
        late=task.confirmed_by_id is None and task.due_on < today(),
        may_explain=scope in DECIDES and task.confirmed_by_id is None,
        may_confirm=scope is Scope.CITY and task.explained_by_id not in {None, me().id},
    )


def _rows(table: Table) -> list[_Row]:
    rows = [_row(unit_of(line.unit), line) for line in table.lines]
    if table.unallocated is not None:
        remark = _("市级上报总数与各单位之差")
        rows.append(
            _Row(
                _("未分配"),
                table.unallocated,
                filters.label(Basis.REPORTED),
                table.unallocated,
                None,
                None,
                remark,
            )
        )
    return rows


def _row(name: str, line: Line) -> _Row:
    bases = [filters.label(basis) for basis in line.bases] or [filters.label(Basis.PLATFORM)]
    return _Row(
        name=name,
        value=line.value,
        basis=_("、").join(bases),
        reported=line.reported,
        traceable=line.traceable,
        coverage=line.coverage,
        remark=_("可追溯多于上报，待说明") if line.contested else "",
    )


def _total(table: Table) -> _Row:
    shares = [f"{filters.label(basis)} {filters.percent(share)}" for basis, share in table.shares.items()]
    return _Row(_("合计"), table.value, _("、").join(shares), table.city, table.traceable, None, "")


def _columns() -> list[Column]:
    return [
        Column("name", _("填报单位")),
        Column("value", _("公布数"), Shown.NUMBER),
        Column("basis", _("依据")),
        Column("reported", _("上报数"), Shown.NUMBER),
        Column("traceable", _("其中可追溯"), Shown.NUMBER),
        Column("coverage", _("可追溯占上报"), Shown.PERCENT),
        Column("remark", _("备注")),
    ]


def _task(row: Any) -> dict[str, Any]:
    task, figure, explained_by, confirmed_by = row
    state = _("已办结") if confirmed_by else _("待确认") if explained_by else _("待说明")
    late = not confirmed_by and task.due_on < today()
    return {
        "id": task.id,
        "where": f"{unit_of(task.unit)} {figure.label}",
        "reported": task.reported,
        "platform": task.platform,
        "due_on": task.due_on,
        "state": _("%(state)s，已过期限", state=state) if late else state,
    }


def _task_columns() -> list[Column]:
    def link(line: dict[str, Any]) -> str:
        return url_for("officers.reconciliation", reconciliation_id=line["id"])

    return [
        Column("where", _("上报的数字"), link=link),
        Column("reported", _("上报数"), Shown.NUMBER),
        Column("platform", _("可追溯"), Shown.NUMBER),
        Column("due_on", _("期限"), Shown.DATE),
        Column("state", _("状态")),
    ]
