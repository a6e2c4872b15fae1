"""Random audits: order one, see who was drawn, write down what was found, read the error rate."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.programme import unit_name, units
from webapp.domain.retention import Cause
from webapp.domain.roles import Role, Scope
from webapp.domain.sampling import LEAST, MOST, AuditFinding, commitment
from webapp.models import AuditSample
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, note_look, whole
from webapp.officers.forms import LONGEST, NEEDED
from webapp.officers.ledger import READERS
from webapp.queries import sampling as queries
from webapp.queries.breakdowns import masked
from webapp.queries.periods import periods
from webapp.services import sampling as deeds
from webapp.ui import filters
from webapp.ui.forms import Form, choices, named
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

AUDITOR = frozenset({Scope.AUDITOR})
Line = dict[str, Any]


class OrderForm(Form):
    """What is to be audited, and how many people."""

    period = SelectField(_l("时期"), [NEEDED])
    unit = SelectField(_l("填报单位"), [Optional()])
    size = IntegerField(
        _l("抽样人数"),
        [NEEDED, NumberRange(LEAST, MOST)],
        description=_l("计入的人不足这个数时全部抽查。抽 300 人，误差率的区间大约在正负三个百分点以内。"),
    )


class FindingForm(Form):
    """What the auditor found about one person."""

    finding = RadioField(_l("抽查结果"), [InputRequired(_l("请选择一项。"))])
    cause = SelectField(_l("不应计入的原因"), [Optional()], description=_l("只在“不应计入”时选择。"))
    note = TextAreaField(
        _l("依据"),
        [Length(max=LONGEST)],
        description=_l("怎样核实的；认为不应计入的必须写明，填报人会看到。"),
    )


@blueprint.get("/audits", endpoint="audits")
@audience(Role.OFFICER, scopes=READERS)
def listed() -> ResponseReturnValue:
    """List every audit ever ordered, finished or not, with its error rate."""
    rows, columns = queries.samples_listed(), _columns()
    return asked_file(columns, whole(rows, _line), name=_("随机抽查")) or render_template(
        "officers/audits.html",
        columns=columns,
        page=paginate(db(), rows, read=_line),
        may_order=my_officer().scope in AUDITOR,
        exports=exports(),
    )


@blueprint.route("/audits/new", methods=["GET", "POST"], endpoint="new_audit")
@audience(Role.OFFICER, scopes=AUDITOR)
def order() -> ResponseReturnValue:
    """Freeze what is counted now; who is drawn is settled after midnight."""
    form: Any = OrderForm(size=300)
    form.period.choices = [(one.id, filters.translated(one.name)) for one in periods(db())]
    form.unit.choices = named(units().values(), _("全市"))
    if form.validate_on_submit():
        with attempt(form) as tried:
            sample = deeds.freeze(
                db(),
                by=me(),
                period_id=form.period.data,
                unit=form.unit.data or None,
                size=form.size.data,
                at=now(),
            )
        if tried.done:
            note_deed("freeze_audit", f"audit:{sample.id}", commitment=commitment(sample.secret))
            flash(_("数据已冻结。次日公布当天的账本哈希后自动抽取，任何人都无法提前知道抽到谁。"))
            return redirect(url_for("officers.audit_sample", sample_id=sample.id))
    return render_template("officers/new_audit.html", form=form)


@blueprint.get("/audits/<int:sample_id>", endpoint="audit_sample")
@audience(Role.OFFICER, scopes=READERS)
def shown(sample_id: int) -> ResponseReturnValue:
    """Show how a sample came about, its people, and what was found."""
    sample = db().get(AuditSample, sample_id)
    if sample is None:
        raise NotFound
    rows, columns = queries.items_listed(sample_id), _item_columns()
    name = _("随机抽查 %(number)d", number=sample_id)
    return asked_file(columns, whole(rows, _item), name=name) or render_template(
        "officers/audit_sample.html",
        title=name,
        sample=sample,
        where=_where(sample),
        commitment=commitment(sample.secret),
        rate=queries.error_rate(db(), sample),
        columns=columns,
        page=paginate(db(), rows, size=50, read=_item),
        exports=exports(),
    )


@blueprint.route("/audits/items/<int:item_id>", methods=["GET", "POST"], endpoint="audit_item")
@audience(Role.OFFICER, scopes=AUDITOR)
def judge(item_id: int) -> ResponseReturnValue:
    """Show one drawn person's count and take the finding."""
    item = queries.find_item(db(), item_id)
    if item is None:
        raise NotFound
    form: Any = FindingForm()
    form.finding.choices = choices(AuditFinding)
    form.cause.choices = choices(Cause, _("请选择"))
    if form.validate_on_submit():
        finding = AuditFinding(form.finding.data)
        with attempt(form) as tried:
            deeds.record_finding(
                db(),
                by=me(),
                item_id=item_id,
                finding=finding,
                at=now(),
                cause=Cause(form.cause.data) if form.cause.data else None,
                note=form.note.data or "",
            )
        if tried.done:
            note_deed("audit_finding", f"audit_item:{item_id}", finding=finding.value)
            flash(_("结果已登记。认为不应计入的已转入复核，冲销仍须两名核验人。"))
            return redirect(url_for("officers.audit_sample", sample_id=item.sample_id))
    note_look(item.placement.graduate_id, "placement_opened")
    return render_template("officers/audit_item.html", form=form, item=item)


def _where(sample: AuditSample) -> str:
    return filters.translated(unit_name(sample.unit)) if sample.unit else _("全市")


def _line(sample: AuditSample) -> Line:
    rate = queries.error_rate(db(), sample)
    state = _("待抽取") if sample.seed is None else _("已完成") if rate.finished else _("核查中")
    return {
        "id": sample.id,
        "period": sample.period_id,
        "where": _where(sample),
        "frozen_at": sample.frozen_at,
        "population": sample.population,
        "size": sample.size,
        "state": state,
        "rate": rate.rate,
        "interval": said_interval(rate.interval),
    }


def said_interval(interval: tuple[float, float] | None) -> str | None:
    """Say an error interval as two percentages."""
    if interval is None:
        return None
    low, high = (filters.percent(bound, 2) for bound in interval)
    return _("%(low)s 至 %(high)s", low=low, high=high)


def _item(row: Any) -> Line:
    item, name, employer = row
    return {
        "id": item.id,
        "position": item.position,
        "name": masked(name),
        "employer": employer,
        "seq": item.seq,
        "finding": item.finding,
        "cause": item.cause,
        "found_at": item.found_at,
    }


def _columns() -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.audit_sample", sample_id=line["id"])

    return [
        Column("id", _("编号"), link=link),
        Column("period", _("时期")),
        Column("where", _("范围")),
        Column("frozen_at", _("冻结时间"), Shown.MOMENT),
        Column("population", _("冻结时计入人数"), Shown.NUMBER),
        Column("size", _("抽样人数"), Shown.NUMBER),
        Column("state", _("状态")),
        Column("rate", _("误差率"), Shown.PERCENT),
        Column("interval", _("95% 置信区间")),
    ]


def _item_columns() -> list[Column]:
    may_judge = my_officer().scope in AUDITOR

    def link(line: Line) -> str | None:
        judged = line["finding"] is not None or not may_judge
        return None if judged else url_for("officers.audit_item", item_id=line["id"])

    return [
        Column("position", _("次序"), link=link),
        Column("name", _("姓名")),
        Column("employer", _("用人单位")),
        Column("seq", _("账本行")),
        Column("finding", _("结果")),
        Column("cause", _("原因")),
        Column("found_at", _("登记时间"), Shown.MOMENT),
    ]
