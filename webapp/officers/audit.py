"""The log of looks and deeds, for the city and its auditors."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.roles import Role, Scope
from webapp.domain.words import N_
from webapp.models import AuditEntry
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, whole
from webapp.officers.forms import AuditFilter
from webapp.queries.registers import actors_named, audit_listed
from webapp.ui.filters import translated
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

ACTIONS: Mapping[str, str] = {
    "account erased": N_("注销账号"),
    "application_opened": N_("打开投递"),
    "approve_employer": N_("核验通过单位"),
    "approve_posting": N_("审核通过岗位"),
    "approve_release": N_("批准公开报告"),
    "ask_release": N_("提出公开报告"),
    "audit_finding": N_("登记抽查结果"),
    "candidate_listed": N_("列出候选人"),
    "candidate_opened": N_("查看候选人"),
    "close_base": N_("停用基地"),
    "deactivate_officer": N_("停用工作人员"),
    "evidence_opened": N_("打开证明材料"),
    "export": N_("导出表格"),
    "follow_up_opened": N_("打开回访"),
    "freeze_audit": N_("发起抽查"),
    "list handed in": N_("提交名单"),
    "list released": N_("核对名单"),
    "graduate_opened": N_("查看毕业生资料"),
    "invite_officer": N_("邀请工作人员"),
    "invited": N_("邀请投递"),
    "licence_opened": N_("打开证照"),
    "order_snapshot": N_("汇集报告数据"),
    "number_matched": N_("核对证件号码一致"),
    "number_refused": N_("填了证件号码核对，没有通过"),
    "open_station": N_("登记工作站"),
    "placement_opened": N_("打开去向"),
    "posting reported": N_("反映岗位问题"),
    "register_base": N_("登记基地"),
    "remove_posting": N_("下架岗位"),
    "resume_downloaded": N_("下载简历"),
    "return_employer": N_("退回单位"),
    "return_posting": N_("退回岗位"),
    "set_target": N_("录入目标"),
    "submit_figure": N_("登记指标数据"),
    "decide_figure": N_("复核指标数据"),
    "suspend_employer": N_("暂停单位"),
    "verify_ledger": N_("核对账本"),
}


@blueprint.get("/audit")
@audience(Role.OFFICER, scopes=frozenset({Scope.CITY, Scope.AUDITOR}))
def audit() -> ResponseReturnValue:
    """Search the log by who, what and when."""
    form = AuditFilter(request.args)
    form.action.choices = [("", _("全部")), *((key, _(name)) for key, name in ACTIONS.items())]
    form.validate()
    text = (form.q.data or "")[:100].strip()
    rows = audit_listed(
        text=text,
        actors=actors_named(db(), text),
        action=form.action.data if form.action.data in ACTIONS else None,
        since=None if form.since.errors else form.since.data,
        until=None if form.until.errors else form.until.data,
    )
    columns = _columns()
    return asked_file(columns, whole(rows, _line), name=_("审计日志")) or render_template(
        "officers/list.html",
        title=_("审计日志"),
        lead=_("谁在什么时候看了或改了什么。日志只增不改。"),
        filters=form,
        columns=columns,
        page=key_page(db(), rows, by=[AuditEntry.at, AuditEntry.id], falling=True, size=50, read=_line),
        exports=exports(),
    )


def said(action: str) -> str:
    """Say an action; one without a name yet is shown as it is kept."""
    return _(ACTIONS[action]) if action in ACTIONS else action


def _line(entry: AuditEntry) -> dict[str, Any]:
    graduate = f"graduate:{entry.graduate_id}" if entry.graduate_id else None
    return {
        "at": entry.at,
        "actor": entry.actor.name if entry.actor else _("系统"),
        "office": translated(entry.on_behalf_of),
        "action": said(entry.action),
        "subject": entry.subject or graduate,
        "facts": "；".join(f"{name}={value}" for name, value in entry.facts.items() if value),
    }


def _columns() -> Sequence[Column]:
    return [
        Column("at", _("时间"), Shown.MOMENT),
        Column("actor", _("操作人")),
        Column("office", _("代表")),
        Column("action", _("操作")),
        Column("subject", _("对象")),
        Column("facts", _("内容")),
    ]
