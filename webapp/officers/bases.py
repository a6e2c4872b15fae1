"""Bases and stations: what stands, and registering another."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.bases import BaseKind, BaseTerms
from webapp.domain.catalogues import districts, institution_by_name, institution_name
from webapp.domain.programme import unit_name
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import TraineeshipBase
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, whole
from webapp.officers.forms import BaseForm, ConfirmForm, StationForm
from webapp.queries.registers import bases_listed, find_base, stations_listed
from webapp.services.bases import close_base, open_station, register_base
from webapp.ui.filters import translated
from webapp.ui.forms import choices, named
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db


@blueprint.get("/bases")
@audience(Role.OFFICER)
def bases() -> ResponseReturnValue:
    """List bases in reach and all stations."""
    rows, columns = bases_listed(my_reach()), _columns()
    return asked_file(columns, whole(rows, _line), name=_("见习及实习实训基地")) or render_template(
        "officers/bases.html",
        columns=columns,
        page=paginate(db(), rows, read=_line),
        exports=exports(),
        stations=[
            {"school": institution_name(one.institution_code), "name": one.name, "opened_on": one.opened_on}
            for one in stations_listed(db())
        ],
        station_columns=[
            Column("school", _("学校")),
            Column("name", _("工作站")),
            Column("opened_on", _("建成日期"), Shown.DATE),
        ],
        may_add=my_officer().scope in DECIDES,
        may_open=my_officer().scope is Scope.CITY,
    )


@blueprint.route("/bases/new", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def new_base() -> ResponseReturnValue:
    """Register a base."""
    form: Any = BaseForm()
    form.kind.choices = choices(BaseKind)
    form.district.choices = named(districts().values())
    if form.validate_on_submit():
        with attempt(form) as tried:
            register_base(db(), by=me(), terms=_terms(form), at=now())
        if tried.done:
            flash(_("基地“%(name)s”已登记。", name=form.name.data))
            return redirect(url_for("officers.bases"))
    return render_template("officers/form.html", form=form, title=_("登记基地"), verb=_("登记"))


@blueprint.route("/bases/<int:base_id>/close", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def end_base(base_id: int) -> ResponseReturnValue:
    """Ask once more, then end a base today; its past stays in the figures."""
    base, form = find_base(db(), my_reach(), base_id), ConfirmForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            close_base(db(), by=me(), base_id=base.id, at=now())
        if tried.done:
            flash(_("基地“%(name)s”从今天起停用。", name=base.name))
            return redirect(url_for("officers.bases"))
    return render_template("officers/end_base.html", base=base, form=form)


@blueprint.route("/stations/new", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY}))
def new_station() -> ResponseReturnValue:
    """Register a station."""
    form: Any = StationForm()
    school = institution_by_name(form.school.data or "")
    if form.validate_on_submit() and school is None:
        form.school.errors = [_("没有找到这所学校。请填写学校全称，例如“武汉理工大学”。")]
    elif form.is_submitted() and not form.errors and school is not None:
        with attempt(form) as tried:
            open_station(
                db(),
                by=me(),
                institution_code=school.code,
                name=form.name.data,
                opened_on=form.opened_on.data,
                at=now(),
            )
        if tried.done:
            flash(_("工作站“%(name)s”已登记。", name=form.name.data))
            return redirect(url_for("officers.bases"))
    return render_template("officers/form.html", form=form, title=_("登记工作站"), verb=_("登记"))


def _terms(form: Any) -> BaseTerms:
    return BaseTerms(
        name=form.name.data,
        kind=BaseKind(form.kind.data),
        district=form.district.data,
        capacity=form.capacity.data,
        approved_on=form.approved_on.data,
        address=form.address.data or None,
        valid_to_on=form.valid_to_on.data,
    )


def _line(base: TraineeshipBase) -> dict[str, Any]:
    ended = base.valid_to_on is not None and base.valid_to_on < today()
    return {
        "id": base.id,
        "name": base.name,
        "kind": BaseKind(base.kind),
        "unit": translated(unit_name(base.unit)),
        "address": base.address,
        "capacity": base.capacity,
        "approved_on": base.approved_on,
        "valid_to_on": base.valid_to_on,
        "state": _("已到期") if ended else _("有效"),
        "verb": None if ended else _("停用"),
    }


def _columns() -> Sequence[Column]:
    def link(line: dict[str, Any]) -> str | None:
        return url_for("officers.end_base", base_id=line["id"]) if line["verb"] else None

    return [
        Column("name", _("基地")),
        Column("kind", _("类型")),
        Column("unit", _("填报单位")),
        Column("address", _("地址")),
        Column("capacity", _("可接纳人数"), Shown.NUMBER),
        Column("approved_on", _("认定日期"), Shown.DATE),
        Column("valid_to_on", _("有效期至"), Shown.DATE),
        Column("state", _("状态")),
        *([Column("verb", _("操作"), link=link)] if my_officer().scope in DECIDES else []),
    ]
