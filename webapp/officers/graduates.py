"""Degrees: the school's own station, a unit or the city confirms that somebody has graduated."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.catalogues import institution_name
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import Graduate
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_look, whole
from webapp.officers.forms import DegreeForm
from webapp.officers.verdicts import given, go_on
from webapp.queries.breakdowns import masked
from webapp.queries.officers import find_graduate
from webapp.queries.queues import degrees_waiting
from webapp.services.verifications import verify_degree
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

VERIFIERS = DECIDES | {Scope.STATION}


@blueprint.get("/graduates")
@audience(Role.OFFICER, scopes=VERIFIERS)
def graduates() -> ResponseReturnValue:
    """List graduates whose degree waits to be verified, names masked."""
    rows = degrees_waiting(my_reach(), today())
    columns = _columns()
    return asked_file(columns, whole(rows, _line), name=_("待核验学历")) or render_template(
        "officers/list.html",
        title=_("学历核验"),
        lead=_("已到毕业日期、学历还没有核验的毕业生，等得最久的在前。"),
        filters=None,
        columns=columns,
        page=key_page(db(), rows, by=[Graduate.created_at, Graduate.id], read=_line),
        exports=exports(),
    )


@blueprint.route("/graduates/<int:graduate_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=VERIFIERS)
def graduate(graduate_id: int) -> ResponseReturnValue:
    """Show what a graduate says of their studies, and take the verdict."""
    found = find_graduate(db(), my_reach(), graduate_id)
    form = DegreeForm(graduation_on=found.graduation_on)
    verdict: dict[str, Any] = {"by": me(), "graduate_id": found.id, "at": now()}
    if given(
        form,
        {"approve": lambda: verify_degree(db(), graduation_on=form.graduation_on.data, **verdict)},
    ):
        waiting = degrees_waiting(my_reach(), today())
        return go_on(waiting, "officers.graduate", "graduate_id", _("学历已核验通过。"))
    note_look(found.id, "graduate_opened")
    return render_template(
        "officers/graduate.html", graduate=found, form=form, may_claim=my_officer().scope is Scope.STATION
    )


def _line(graduate: Graduate) -> dict[str, Any]:
    return {
        "id": graduate.id,
        "name": masked(graduate.name),
        "school": institution_name(graduate.institution_code),
        "major": graduate.major_name,
        "degree": graduate.degree,
        "graduation_on": graduate.graduation_on,
    }


def _columns() -> Sequence[Column]:
    return [
        Column("name", _("毕业生"), link=lambda line: url_for("officers.graduate", graduate_id=line["id"])),
        Column("school", _("毕业院校")),
        Column("major", _("专业")),
        Column("degree", _("学历")),
        Column("graduation_on", _("毕业日期"), Shown.DATE),
    ]
