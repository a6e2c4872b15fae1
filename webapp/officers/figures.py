"""Writing down an indicator's figure, and letting it stand as a second officer."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Regexp

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.figure_rules import SaidFigure, kinds_of
from webapp.domain.figures import FigureKind
from webapp.domain.programme import CITY, units
from webapp.domain.roles import DECIDES, Role
from webapp.models import ReportedFigure
from webapp.officers import blueprint
from webapp.officers.amounts import amount, entered_in
from webapp.officers.forms import MOST_TARGET, NEEDED, Verdict
from webapp.officers.indicators import asked_period, asked_plan, unit_of
from webapp.queries.officers import names_of
from webapp.services.figures import decide_figure, submit_figure
from webapp.ui.forms import Form, choices, named
from webapp.unit_of_work import db

MOST_WORDS = 500


class FigureForm(Form):
    """A figure as its document states it, in the unit of the plan."""

    unit = SelectField(_l("填报单位"))
    kind = SelectField(_l("口径"))
    month = StringField(
        _l("截至月份"),
        [NEEDED, Regexp(r"\d{4}-(0[1-9]|1[0-2])$", message=_l("请写成 2025-12 的样子。"))],
        description=_l("写成 2025-12 的样子；全年数填当年 12 月。"),
    )
    value = DecimalField(_l("数值"), [NEEDED, NumberRange(0, MOST_TARGET)], places=None)
    document = StringField(_l("来源文件"), [NEEDED, Length(4, 200)], description=_l("文件名称和文号。"))
    reason = TextAreaField(
        _l("更正原因"),
        [Length(0, MOST_WORDS)],
        description=_l("这个月份已有数值时必填；原来的数会保留，并列出这次更正。"),
        render_kw={"rows": 2},
    )


@blueprint.route("/indicators/<period_id>/<indicator>/new", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def new_figure(period_id: str, indicator: str) -> ResponseReturnValue:
    """Write a figure down with its document; a second officer lets it stand."""
    period = asked_period(period_id)
    plan, own = asked_plan(period, indicator), my_officer().unit
    form: Any = FigureForm()
    form.kind.choices = [(kind.value, text) for kind, text in zip(kinds_of(plan), _kinds(plan), strict=True)]
    offices = named(units().values())
    form.unit.choices = [pair for pair in offices if pair[0] == own] if own else [(CITY, _("全市")), *offices]
    back = url_for("officers.indicator", period_id=period.id, indicator=plan.id)
    if form.validate_on_submit():
        said = SaidFigure(
            period_id=period.id,
            indicator=plan.id,
            unit=form.unit.data,
            kind=FigureKind(form.kind.data),
            month=form.month.data,
            value=Decimal(form.value.data) * plan.step,
            document=form.document.data,
            reason=form.reason.data or None,
        )
        with attempt(form) as tried:
            submit_figure(db(), by=me(), said=said, at=now())
        if tried.done:
            flash(_("已登记，等另一名工作人员复核后生效。"))
            return redirect(back)
    return render_template(
        "officers/new_figure.html", form=form, plan=plan, period=period, measure=entered_in(plan), back=back
    )


@blueprint.route("/figures/<int:figure_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def figure(figure_id: int) -> ResponseReturnValue:
    """Show a figure beside its document and what it replaces; approve or refuse it."""
    found, own = db().get(ReportedFigure, figure_id), my_officer().unit
    if found is None or found.month is None or (own and found.unit != own):
        raise NotFound
    plan = asked_plan(asked_period(found.period_id), found.indicator)
    back = url_for(
        "officers.indicator", period_id=found.period_id, indicator=found.indicator, unit=found.unit
    )
    form = Verdict()
    if form.validate_on_submit():
        approved = form.verdict == "approve"
        with attempt(form) as tried:
            decide_figure(db(), by=me(), figure_id=found.id, approved=approved, at=now())
        if tried.done:
            flash(_("已复核，从现在起按这个数列示。") if approved else _("已退回，不作为依据。"))
            return redirect(back)
    return render_template(
        "officers/figure.html",
        form=form,
        found=found,
        plan=plan,
        value=amount(plan, found.value),
        unit=unit_of(found.unit),
        kind=FigureKind(found.kind or ""),
        by=names_of(db(), [found.submitted_by_id]).get(found.submitted_by_id or 0),
        own=found.submitted_by_id == me().id,
        back=back,
    )


def _kinds(plan: Any) -> list[str]:
    names = dict(choices(FigureKind))
    return [names[kind.value] for kind in kinds_of(plan)]
