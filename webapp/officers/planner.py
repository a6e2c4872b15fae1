"""What would close the gap: where people stand, what each lever adds, and scenarios of both."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from webapp.auth.access import audience
from webapp.clock import today
from webapp.domain.planner import FORMULAS, Aside, Effect, Lever, Offer, Place, ranked, scenario
from webapp.domain.roles import Role
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports
from webapp.officers.retained import name_of
from webapp.officers.view import asked_view
from webapp.queries.breakdowns import Dimension
from webapp.queries.outlook import Group, Outlook, outlook
from webapp.ui import charts, filters
from webapp.ui.forms import Form
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]
BY: Mapping[str, Dimension] = {
    "unit": Dimension.UNIT,
    "institution": Dimension.INSTITUTION,
    "cluster": Dimension.CLUSTER,
}
ALL = 100
PERCENT = [Optional(), NumberRange(0, ALL, message=_l("请填 0 至 100 之间的整数。"))]
MOST_SHOWN, MOST_LINES = 10, 25
"""Lines of the two tables on the page; the file has them all."""


class ScenarioForm(Form):
    """What share of each lever is pulled, in percent; an odd value asks for nothing."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    verify = IntegerField(_l("核验积压的申报"), PERCENT)
    onboard = IntegerField(_l("跟进已签约待到岗的人"), PERCENT)
    complete = IntegerField(_l("催补不齐的材料"), PERCENT)
    lift = IntegerField(_l("把留汉率提到全市中位数"), PERCENT)
    school = SelectField(_l("其中只提高"), validators=[Optional()])
    keep = IntegerField(_l("减少到岗前后的流失"), PERCENT)
    stay = IntegerField(_l("减少离开武汉的人"), PERCENT)
    reason = SelectField(_l("其中因为"), validators=[Optional()])

    @property
    def shares(self) -> dict[Lever, float]:
        """Return the share of each lever, between 0 and 1."""
        self.validate()
        fields: dict[Lever, Any] = {lever: self[lever.value] for lever in Lever if lever.value in self}
        return {lever: (field.data or 0) / ALL for lever, field in fields.items() if not field.errors}


@blueprint.get("/planner")
@audience(Role.OFFICER)
def planner() -> ResponseReturnValue:
    """Show the gap, the levers by unit, institution or cluster, and what a scenario would change."""
    view = asked_view()
    found = outlook(db(), view.wanted, on=today())
    by = request.args.get("by") if request.args.get("by") in found.groups else next(iter(found.groups), None)
    groups = found.groups.get(by or "", ())
    form = _asked_scenario(found)
    columns = _group_columns(by, groups) if by else []
    lines = [_group(BY[by], one) for one in groups] if by else []
    return asked_file(columns, lines, name=_("缺口分析")) or render_template(
        "officers/planner.html",
        view=view,
        found=found,
        over=view.period.end_on < today(),
        levers=[_lever(one) for one in found.offers],
        lever_columns=_lever_columns(),
        chart=_drawn(found.offers),
        form=form,
        changed=_changed(found, form),
        effect_columns=_effect_columns(),
        by=by,
        bys={name: filters.label(BY[name]) for name in found.groups},
        ranks=_ranks(found, by),
        rank_columns=_rank_columns(by),
        columns=columns,
        lines=lines[:MOST_LINES],
        left_out=max(0, len(lines) - MOST_LINES),
        totals=_totals(lines),
        leaving=[{"name": filters.translated(one.name), "total": one.total} for one in found.leaving],
        leaving_columns=[Column("name", _("离开原因")), Column("total", _("人数"), Shown.NUMBER)],
        exports=exports(),
        link=lambda **changes: url_for("officers.planner", **{**view.arguments, "by": by, **changes}),
    )


def _asked_scenario(found: Outlook) -> ScenarioForm:
    form: Any = ScenarioForm(request.args)
    lifted = [group for group in found.groups.get("institution", ()) if _lift(group)]
    form.school.choices = [("", _("所有低于中位数的学校"))]
    form.school.choices += [(one.key, name_of(Dimension.INSTITUTION, one.key)) for one in lifted]
    form.reason.choices = [("", _("所有原因"))]
    form.reason.choices += [(one.code, filters.translated(one.name)) for one in found.leaving]
    if Lever.LIFT not in {one.lever for one in found.offers}:
        del form.lift
    if not lifted:
        del form.school
    return form


def _lift(group: Group) -> Offer | None:
    return next((one for one in group.offers if one.lever is Lever.LIFT and one.most), None)


def _changed(found: Outlook, form: Any) -> Line | None:
    """Return what a scenario changes: each lever, the gap, the expected end; nothing where none is asked."""
    offers = list(found.offers)
    school = form.school.data if "school" in form else ""
    if chosen := next((one for one in found.groups.get("institution", ()) if one.key == school), None):
        offers = [_lift(chosen) or one if one.lever is Lever.LIFT else one for one in offers]
    leavers = sum(one.total for one in found.leaving if form.reason.data in {"", None, one.code})
    effects = scenario(offers, form.shares, leavers=leavers)
    if not effects:
        return None
    counted, beyond = (sum(getattr(one, name) for one in effects) for name in ("counted", "beyond"))
    end = found.course.end
    return {
        "lines": [_effect(one) for one in effects],
        "totals": {
            "name": _("合计"),
            "share": None,
            "counted": counted,
            "beyond": beyond,
            "stays": sum(one.stays for one in effects),
        },
        "actual": found.course.pace.actual + counted,
        "gap": None if found.gap is None else max(0.0, found.gap - counted),
        "expected": None if end.point is None else end.point + beyond,
        "low": None if end.low95 is None else end.low95 + beyond,
        "high": None if end.high95 is None else end.high95 + beyond,
    }


def _effect(effect: Effect) -> Line:
    return {
        "name": filters.label(effect.lever),
        "share": effect.share,
        "counted": effect.counted,
        "beyond": effect.beyond,
        "stays": effect.stays,
    }


def _effect_columns() -> list[Column]:
    return [
        Column("name", _("措施")),
        Column("share", _("做到的程度"), Shown.PERCENT),
        Column("counted", _("多计入"), Shown.NUMBER),
        Column("beyond", _("其中预测之外"), Shown.NUMBER),
        Column("stays", _("多留下"), Shown.NUMBER),
    ]


def _lever(one: Offer) -> Line:
    return {
        "name": filters.label(one.lever),
        "most": one.most,
        "beyond": one.beyond,
        "formula": _(FORMULAS[one.lever]),
    }


def _lever_columns() -> list[Column]:
    return [
        Column("name", _("措施")),
        Column("most", _("最多增加（人）"), Shown.NUMBER),
        Column("beyond", _("其中预测之外"), Shown.NUMBER),
        Column("formula", _("怎么算")),
    ]


def _drawn(offers: Sequence[Offer]) -> Markup | None:
    rows = [{"name": filters.label(one.lever), "most": one.most} for one in ranked(offers)]
    title = _("各项措施最多增加的留汉人数")
    return charts.bars(rows, name="name", value="most", title=title) if rows else None


def _ranks(found: Outlook, by: str | None) -> list[Line]:
    """Return the largest levers of all groups, whatever lever they are."""
    groups = found.groups.get(by or "", ())
    best = ranked(one for group in groups for one in group.offers)[:MOST_SHOWN]
    return [
        {"name": name_of(BY[by or ""], one.key), "lever": filters.label(one.lever), "most": one.most}
        for one in best
    ]


def _rank_columns(by: str | None) -> list[Column]:
    return [
        Column("name", filters.label(BY[by]) if by else ""),
        Column("lever", _("措施")),
        Column("most", _("最多增加（人）"), Shown.NUMBER),
    ]


def _group(dimension: Dimension, group: Group) -> Line:
    places = {place.value: group.sums.get(place, 0) for place in (*Place, Aside.FLOW, Aside.BROKEN)}
    return {
        "name": name_of(dimension, group.key),
        **places,
        "rate": group.rate,
        "left": group.left,
        "most": group.most,
    }


def _group_columns(by: str, groups: Sequence[Group]) -> list[Column]:
    places = (Aside.FLOW, Place.WAITING, Place.PROVISIONAL, Place.CLAIMED, Place.UNPLACED, Aside.BROKEN)
    extra = {"rate": (_("往届留汉率"), Shown.PERCENT), "left": (_("已知离开"), Shown.NUMBER)}
    known = [name for name in extra if any(getattr(group, name) is not None for group in groups)]
    return [
        Column("name", filters.label(BY[by])),
        *(Column(place.value, filters.label(place), Shown.NUMBER) for place in places),
        *(Column(name, *extra[name]) for name in known),
        Column("most", _("最多增加（人）"), Shown.NUMBER),
    ]


def _totals(lines: Sequence[Line]) -> Line:
    names = [*Place, Aside.FLOW, Aside.BROKEN, "most"]
    left = sum(line["left"] or 0 for line in lines)
    return {
        "name": _("合计"),
        "rate": None,
        "left": left,
        **{name: sum(line[name] for line in lines) for name in names},
    }
