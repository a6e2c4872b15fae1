"""Are they still with us? What an employer is asked about the people counted with it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.followup import SAYS, Result, Source
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.models import FollowUp
from webapp.queries.followups import due_of_employer, of_employer
from webapp.services.followups import answer_as_employer
from webapp.ui.answers import AnswerForm
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db


@blueprint.get("/follow-ups", endpoint="follow_ups")
@audience(Role.EMPLOYER)
def listed() -> ResponseReturnValue:
    """List whom the employer may still answer for."""
    return render_template(
        "employers/follow_ups.html",
        columns=_columns(),
        page=paginate(db(), due_of_employer(me().id, on=today()), read=_line),
    )


@blueprint.route("/follow-ups/<int:follow_up_id>", methods=["GET", "POST"], endpoint="follow_up")
@audience(Role.EMPLOYER)
def answer(follow_up_id: int) -> ResponseReturnValue:
    """Ask whether one person still works here, in the city."""
    found = db().scalar(of_employer(me().id).where(FollowUp.id == follow_up_id))
    if found is None:
        raise NotFound
    form: Any = AnswerForm(SAYS[Source.EMPLOYER])
    form.result.choices = [
        (Result.RETAINED_C.value, _("还在本单位，工作地点在武汉")),
        (Result.UNKNOWN.value, _("已经离开本单位，或调往外地")),
    ]
    if form.validate_on_submit():
        with attempt(form) as tried:
            result = Result(form.result.data)
            answer_as_employer(db(), by=me(), follow_up_id=found.id, result=result, at=now())
        if tried.done:
            flash(_("已记下，谢谢。"))
            return redirect(url_for("employers.follow_ups"))
    return render_template("employers/follow_up.html", form=form, found=found)


def _line(found: FollowUp) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.placement.graduate.name,
        "started_on": found.placement.started_on,
        "months": _("满 %(months)d 个月", months=found.months),
        "closes_on": found.closes_on,
    }


def _columns() -> list[Column]:
    def link(line: dict[str, Any]) -> str:
        return url_for("employers.follow_up", follow_up_id=line["id"])

    return [
        Column("name", _("姓名"), link=link),
        Column("started_on", _("到岗"), Shown.DATE),
        Column("months", _("回访节点")),
        Column("closes_on", _("请在此之前答复"), Shown.DATE),
    ]
