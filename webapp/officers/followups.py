"""Who stayed: rates with their bounds, the curve, why people left, and whom to call."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import SelectField
from wtforms.validators import Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.followup import SAYS, Rates, Result, Source, settings_on
from webapp.domain.programme import rulesets, unit_name, units
from webapp.domain.roles import Role
from webapp.domain.survival import Step
from webapp.models import FollowUp, Period
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_look, whole
from webapp.officers.view import NoPeriod
from webapp.queries import followups as queries
from webapp.queries.breakdowns import masked
from webapp.queries.followups import Cohort
from webapp.queries.periods import period_of, periods
from webapp.services.followups import ASKING, answer_as_officer
from webapp.ui import charts, filters
from webapp.ui.answers import AnswerForm
from webapp.ui.forms import Form, named
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


class CohortForm(Form):
    """Which period and unit; an odd value in the address is the default."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    period = SelectField(_l("时期"), validators=[Optional()])
    unit = SelectField(_l("填报单位"), validators=[Optional()])


@blueprint.get("/follow-ups", endpoint="follow_ups")
@audience(Role.OFFICER)
def overview() -> ResponseReturnValue:
    """Show what is known at each checkpoint, the curve, and the reasons for leaving."""
    form, period, cohort = _asked()
    lines = [
        {"months": months, "name": _("满 %(months)d 个月", months=months), **_line(rates)}
        for months, rates in sorted(queries.rates(db(), cohort, on=today()).items())
    ]
    steps = queries.curve(db(), cohort)
    columns = _columns(_("回访节点"), _months_link(period, cohort))
    results = _results(_("回访节点"))
    return asked_file([*columns, *results[1:]], lines, name=_("留汉跟踪")) or render_template(
        "officers/follow_ups.html",
        form=form,
        period=period,
        threshold=settings_on(today()).knowledge_threshold,
        columns=columns,
        results=results,
        lines=lines,
        chart=_drawn(steps),
        curve=[_step(one) for one in steps],
        curve_columns=_curve_columns(),
        reasons=_reasons(cohort),
        reason_columns=_reason_columns(),
        may_ask=my_officer().scope in ASKING,
        exports=exports(),
    )


@blueprint.get("/follow-ups/by/<by>", endpoint="follow_ups_by")
@audience(Role.OFFICER)
def taken_apart(by: str) -> ResponseReturnValue:
    """Show one checkpoint by unit or by the month in which work began."""
    form, period, cohort = _asked()
    months = request.args.get("months", 0, type=int)
    if by not in queries.BY or months not in rulesets()[period.ruleset_id].checkpoints:
        raise NotFound
    names = {"unit": _("填报单位"), "cohort_month": _("开始工作的月份")}
    parts = queries.rates_by(db(), cohort, months=months, by=by, on=today())
    lines = [{"name": _part(by, key), **_line(rates)} for key, rates in parts.items()]
    title = _("满 %(months)d 个月，按%(by)s", months=months, by=names[by])
    columns, results = _columns(names[by]), _results(names[by])
    return asked_file([*columns, *results[1:]], lines, name=title) or render_template(
        "officers/follow_ups_by.html",
        form=form,
        period=period,
        by=by,
        months=months,
        names=names,
        title=title,
        columns=columns,
        results=results,
        lines=lines,
        exports=exports(),
    )


@blueprint.get("/follow-ups/due", endpoint="follow_ups_due")
@audience(Role.OFFICER, scopes=ASKING)
def due() -> ResponseReturnValue:
    """List whom nobody has heard of yet, those due longest on top."""
    rows = queries.due_listed(my_reach(), on=today())
    columns = _due_columns()
    return asked_file(columns, whole(rows, _due), name=_("待回访名单")) or render_template(
        "officers/list.html",
        title=_("待回访名单"),
        lead=_("到了回访节点、还没有任何答复的人。参保名单比对、本人和单位答复后会自动移出。"),
        back=(_("留汉跟踪"), url_for("officers.follow_ups")),
        filters=None,
        columns=columns,
        page=key_page(db(), rows, by=[FollowUp.closes_on, FollowUp.id], size=50, read=_due),
        exports=exports(),
    )


@blueprint.route("/follow-ups/<int:follow_up_id>", methods=["GET", "POST"], endpoint="follow_up")
@audience(Role.OFFICER, scopes=ASKING)
def answer(follow_up_id: int) -> ResponseReturnValue:
    """Show one person and their contacts, and take down what they said on the phone."""
    found = queries.find(db(), my_reach(), follow_up_id)
    if found is None:
        raise NotFound
    form: Any = AnswerForm(SAYS[Source.OFFICER])
    if form.validate_on_submit():
        with attempt(form) as tried:
            said = {"result": Result(form.result.data), "at": now(), **form.leaving}
            answer_as_officer(db(), by=me(), follow_up_id=found.id, **said)
        if tried.done:
            flash(_("已记下。"))
            return redirect(url_for("officers.follow_ups_due"))
    note_look(found.placement.graduate_id, "follow_up_opened")
    return render_template(
        "officers/follow_up.html",
        form=form,
        found=found,
        answers=queries.answers_of(db(), found.id),
        open=found.opens_on <= today() <= found.closes_on,
    )


def _asked() -> tuple[CohortForm, Period, Cohort]:
    listed, reach = periods(db()), my_reach()
    standing = period_of(listed, today())
    if standing is None:
        raise NoPeriod
    form: Any = CohortForm(request.args)
    form.period.choices = [(period.id, filters.translated(period.name)) for period in listed]
    form.unit.choices = named(units().values(), _("全市"))
    if not reach.is_city:
        del form.unit
    for name, default in {"period": standing.id, "unit": ""}.items():
        if name in form and form[name].data not in dict(form[name].choices):
            form[name].data = default
    chosen = next(period for period in listed if period.id == form.period.data)
    return form, chosen, Cohort(chosen.id, reach, form.unit.data or None if form.unit else None)


def _line(rates: Rates) -> Line:
    between = rates.interval
    shown = _("知晓率不足")
    return {
        "n": rates.n,
        **{one.value: getattr(rates, one.value) for one in Result},
        "coverage": rates.coverage,
        "lower": rates.lower,
        "upper": rates.upper,
        "responders": shown if rates.responders is None else filters.percent(rates.responders),
        "interval": _between(*between) if between else shown,
    }


def _between(low: float, high: float) -> str:
    return _("%(low)s 至 %(high)s", low=filters.percent(low), high=filters.percent(high))


def _part(by: str, key: str) -> str:
    return filters.translated(unit_name(key)) if by == "unit" else filters.month(key)


def _months_link(period: Period, cohort: Cohort) -> Any:
    by = "cohort_month" if cohort.only_unit else "unit"
    kept: Line = {"period": period.id, **({"unit": cohort.unit} if cohort.unit else {})}

    def link(line: Line) -> str:
        return url_for("officers.follow_ups_by", by=by, months=line["months"], **kept)

    return link


def _columns(heading: str, link: Any = None) -> list[Column]:
    return [
        Column("name", heading, link=link),
        Column("n", _("应跟踪人数"), Shown.NUMBER),
        Column("coverage", _("知晓率"), Shown.PERCENT),
        Column("lower", _("留汉率下界"), Shown.PERCENT),
        Column("upper", _("留汉率上界"), Shown.PERCENT),
        Column("responders", _("知晓者留汉率")),
        Column("interval", _("95% 置信区间")),
    ]


def _results(heading: str) -> list[Column]:
    return [
        Column("name", heading),
        *(Column(one.value, filters.label(one), Shown.NUMBER) for one in Result),
    ]


def _drawn(steps: Sequence[Step]) -> Markup | None:
    rows: list[Mapping[str, float]] = [{"month": 0, "stays": 1, "low": 1, "high": 1}]
    rows += [_step(one) for one in steps]
    title = _("开始工作后各月仍留在武汉的比例")
    return (
        charts.steps(rows, time="month", value="stays", title=title, band=("low", "high")) if steps else None
    )


def _step(step: Step) -> dict[str, float]:
    names = ("month", "at_risk", "left", "censored", "stays", "low", "high")
    return {name: getattr(step, name) for name in names}


def _curve_columns() -> list[Column]:
    return [
        Column("month", _("开始工作后第几个月")),
        Column("at_risk", _("仍在跟踪"), Shown.NUMBER),
        Column("left", _("当月离开"), Shown.NUMBER),
        Column("censored", _("最后一次得知"), Shown.NUMBER),
        Column("stays", _("仍留汉比例"), Shown.PERCENT),
        Column("low", _("95% 下限"), Shown.PERCENT),
        Column("high", _("95% 上限"), Shown.PERCENT),
    ]


def _reasons(cohort: Cohort) -> list[Line]:
    found = queries.leaving_reasons(db(), cohort)
    whole_number = sum(one.total for one in found)
    return [
        {"name": filters.translated(one.name), "total": one.total, "share": one.total / whole_number}
        for one in found
    ]


def _reason_columns() -> list[Column]:
    return [
        Column("name", _("离开原因")),
        Column("total", _("人数"), Shown.NUMBER),
        Column("share", _("占比"), Shown.PERCENT),
    ]


def _due(found: FollowUp) -> Line:
    placement = found.placement
    return {
        "id": found.id,
        "name": masked(placement.graduate.name),
        "employer": placement.employer.name if placement.employer else placement.employer_name,
        "unit": filters.translated(unit_name(found.unit)),
        "months": found.months,
        "due_on": found.due_on,
        "closes_on": found.closes_on,
        "asked_at": found.asked_at,
    }


def _due_columns() -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.follow_up", follow_up_id=line["id"])

    return [
        Column("name", _("姓名"), link=link),
        Column("employer", _("用人单位")),
        Column("unit", _("填报单位")),
        Column("months", _("节点（月）"), Shown.NUMBER),
        Column("due_on", _("到期"), Shown.DATE),
        Column("closes_on", _("截止"), Shown.DATE),
        Column("asked_at", _("已去信"), Shown.MOMENT),
    ]
