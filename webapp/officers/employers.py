"""Employers: who asks to be verified, what they say of themselves, and the licence that must agree."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.employers import EmployerStatus, fits_credit_code
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import Employer, StoredFile
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_deed, whole
from webapp.officers.files import shown
from webapp.officers.forms import EMPLOYER_REASONS, VerdictForm
from webapp.officers.lists import asked_list
from webapp.officers.verdicts import given, go_on
from webapp.queries.officers import employers_listed, find_employer
from webapp.queries.queues import employers_waiting
from webapp.services import employers as deeds
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

READERS = DECIDES | {Scope.AUDITOR}


@blueprint.get("/employers")
@audience(Role.OFFICER, scopes=READERS)
def employers() -> ResponseReturnValue:
    """List employers in reach."""
    wanted = asked_list(EmployerStatus)
    rows = employers_listed(my_reach(), today(), status=wanted.status, text=wanted.text)
    columns = _columns()
    return asked_file(columns, whole(rows), name=_("单位核验")) or render_template(
        "officers/list.html",
        title=_("单位核验"),
        lead=_("核验过的单位才能发布岗位，核验每半年更新一次。"),
        filters=wanted.form,
        columns=columns,
        page=key_page(db(), rows, by=[Employer.id], falling=True),
        exports=exports(),
    )


@blueprint.route("/employers/<int:employer_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=READERS)
def employer(employer_id: int) -> ResponseReturnValue:
    """Show what an employer claims beside its licence, and take the verdict."""
    found = find_employer(db(), my_reach(), employer_id, today())
    form = VerdictForm(EMPLOYER_REASONS, _("请选择"))
    rules = _rules(found)
    meets = all(rule["met"] is not False for rule in rules)
    verdict: dict[str, Any] = {"by": me(), "employer_id": found.id, "at": now()}
    if given(
        form,
        {
            **({"approve": lambda: deeds.approve_employer(db(), **verdict)} if meets else {}),
            "return": lambda: deeds.return_employer(db(), reason=form.words, **verdict),
            "suspend": lambda: deeds.suspend_employer(db(), reason=form.words, **verdict),
        },
    ):
        waiting = employers_waiting(my_reach(), today())
        return go_on(waiting, "officers.employer", "employer_id", _("“%(name)s”已处理。", name=found.name))
    licence = db().get(StoredFile, found.licence_file_id) if found.licence_file_id else None
    return render_template(
        "officers/employer.html", employer=found, licence=licence, form=form, rules=rules, meets=meets
    )


@blueprint.get("/employers/<int:employer_id>/licence")
@audience(Role.OFFICER, scopes=READERS)
def licence(employer_id: int) -> Response:
    """Open an employer's licence; the look is written down."""
    found = find_employer(db(), my_reach(), employer_id, today())
    note_deed("licence_opened", f"employer:{found.id}", employer=found.name)
    return shown(found.licence_file_id)


def _rules(employer: Employer) -> Sequence[dict[str, Any]]:
    missing = deeds.missing_for_verification(employer)
    return [
        {
            "text": _("资料齐全"),
            "met": not missing,
            "note": _("还缺：%(what)s", what="、".join(_(name) for name in missing)) if missing else None,
        },
        {
            "text": _("统一社会信用代码校验位正确，且与单位性质相符"),
            "met": fits_credit_code(employer.kind, employer.credit_code),
        },
        {
            "text": _("证照上的名称、代码与填报一致"),
            "met": None,
            "note": _("请对照右侧证照核对；登记状态请到国家企业信用信息公示系统查询。"),
        },
    ]


def _columns() -> Sequence[Column]:
    return [
        Column("name", _("单位"), link=lambda row: url_for("officers.employer", employer_id=row.id)),
        Column("credit_code", _("统一社会信用代码")),
        Column("kind", _("性质")),
        Column("status", _("状态"), Shown.STATUS),
        Column("submitted_at", _("提交时间"), Shown.MOMENT),
        Column("verified_until_on", _("核验有效期至"), Shown.DATE),
    ]
