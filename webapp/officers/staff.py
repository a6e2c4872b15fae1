"""Officers: who they are, inviting colleagues of narrower scope, closing accounts."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.catalogues import institution_by_name
from webapp.domain.programme import units
from webapp.domain.roles import Role, Scope, may_invite
from webapp.extensions import platform
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, note_deed, office_of, whole
from webapp.officers.forms import ConfirmForm, InviteForm
from webapp.queries.registers import find_officer, officers_listed
from webapp.services.accounts import invite_officer
from webapp.services.staff import deactivate_officer
from webapp.tasks.letters import send_letter
from webapp.ui.forms import choices, named
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

INVITERS = frozenset({Scope.CITY, Scope.UNIT})


@blueprint.route("/officers", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=INVITERS)
def officers() -> ResponseReturnValue:
    """List officers and invite one of narrower scope by a mailed link."""
    form = _invite_form()
    if form.validate_on_submit() and _complete(form):
        with attempt(form) as tried:
            email, token = _invited(form)
        if tried.done:
            _send(email, token)
            flash(_("邀请已发到 %(email)s，链接七天内有效。", email=form.email.data))
            return redirect(url_for("officers.officers"))
    rows, columns = officers_listed(my_officer()), _columns()
    return asked_file(columns, whole(rows, _line), name=_("工作人员名册")) or render_template(
        "officers/officers.html",
        form=form,
        columns=columns,
        page=paginate(db(), rows, size=50, read=_line),
        exports=exports(),
    )


@blueprint.route("/officers/<int:officer_id>/deactivate", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=INVITERS)
def deactivate(officer_id: int) -> ResponseReturnValue:
    """Ask once more, then close an officer's account."""
    found = find_officer(db(), my_officer(), officer_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            deactivate_officer(db(), by=me(), officer_id=found.id, at=now())
        if tried.done:
            flash(_("%(name)s 的账号已停用。", name=found.user.name))
            return redirect(url_for("officers.officers"))
    return render_template("officers/deactivate.html", officer=found, form=form)


def _invite_form() -> Any:
    form: Any = InviteForm()
    mine = my_officer().scope
    form.scope.choices = choices(scope for scope in Scope if may_invite(mine, scope))
    form.unit.choices = named(units().values(), _("请选择"))
    return form


def _complete(form: Any) -> bool:
    """Ask for the unit of a unit's officer and the school of a station's."""
    if form.scope.data == Scope.UNIT and not form.unit.data:
        form.unit.errors = [_("请选择这位工作人员所在的填报单位。")]
    if form.scope.data == Scope.STATION and institution_by_name(form.school.data or "") is None:
        form.school.errors = [_("请填写学校全称，例如“武汉理工大学”。")]
    return not form.errors


def _invited(form: Any) -> tuple[str, str]:
    scope = Scope(form.scope.data)
    school = institution_by_name(form.school.data or "") if scope is Scope.STATION else None
    invitation, token = invite_officer(
        db(),
        by=my_officer(),
        email=form.email.data,
        scope=scope,
        at=now(),
        unit=form.unit.data if scope is Scope.UNIT else None,
        institution_code=school.code if school else None,
    )
    note_deed("invite_officer", f"invitation:{invitation.id}", email=invitation.email, scope=scope.value)
    return invitation.email, token


def _send(email: str, token: str) -> None:
    link = platform().settings.public_url + url_for("auth.join", token=token)
    send_letter(
        db(),
        email,
        _("邀请您加入学子留汉平台"),
        _(
            "您好：\n\n%(name)s邀请您成为学子留汉平台的工作人员。请在七天内打开下面的链接设置姓名和密码：\n%(link)s\n\n"
            "如果您不认识邀请人，请忽略这封邮件。",
            name=me().name,
            link=link,
        ),
    )


def _line(officer: Any) -> dict[str, Any]:
    return {
        "id": officer.id,
        "name": officer.user.name,
        "scope": officer.scope,
        "office": office_of(officer),
        "login": officer.user.email or officer.user.mobile,
        "last_login_at": officer.user.last_login_at,
        "state": _("使用中") if officer.user.is_active else _("已停用"),
        "verb": _("停用") if officer.user.is_active and officer.user_id != me().id else None,
    }


def _columns() -> Sequence[Column]:
    def link(line: dict[str, Any]) -> str | None:
        return url_for("officers.deactivate", officer_id=line["id"]) if line["verb"] else None

    return [
        Column("name", _("姓名")),
        Column("scope", _("范围")),
        Column("office", _("机构")),
        Column("login", _("账号")),
        Column("last_login_at", _("最近登录"), Shown.MOMENT),
        Column("state", _("状态")),
        Column("verb", _("操作"), link=link),
    ]
