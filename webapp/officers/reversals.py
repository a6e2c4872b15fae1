"""Taking a count back: one officer asks and names the cause, another confirms or keeps it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.retention import Cause
from webapp.domain.roles import DECIDES, Role
from webapp.models import Placement
from webapp.officers import blueprint
from webapp.officers.desk import my_reach, note_look
from webapp.officers.forms import CauseForm
from webapp.queries.officers import find_placement, names_of
from webapp.services import reversals as deeds
from webapp.ui.forms import choices
from webapp.unit_of_work import db


@blueprint.route("/placements/<int:placement_id>/reversal", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def reversal(placement_id: int) -> ResponseReturnValue:
    """Ask for a reversal with its cause, or answer what a colleague has asked for."""
    found = find_placement(db(), my_reach(), placement_id)
    form = CauseForm(cause=found.reversal_cause)
    form.cause.choices = choices(Cause, _("请选择"))
    if form.validate_on_submit():
        with attempt(form) as tried:
            sentence = _done(found, form)
        if tried.done:
            flash(sentence)
            return redirect(url_for("officers.placement", placement_id=found.id))
    note_look(found.graduate_id, "placement_opened")
    asked_by = names_of(db(), [found.reversal_asked_by_id]).get(found.reversal_asked_by_id or 0)
    own = found.reversal_asked_by_id == me().id
    return render_template("officers/reversal.html", placement=found, form=form, asked_by=asked_by, own=own)


def _done(placement: Placement, form: CauseForm) -> str:
    verdict = request.form.get("verdict")
    if verdict == "keep":
        deeds.drop_reversal(db(), by=me(), placement_id=placement.id)
        return _("冲销申请已撤下，继续计入。")
    if verdict == "reverse":
        deeds.reverse_count(db(), by=me(), placement_id=placement.id, at=now())
        return _("已冲销，从现在起不再计入。")
    cause = Cause(form.cause.data)
    deeds.request_reversal(db(), by=me(), placement_id=placement.id, cause=cause, at=now())
    return _("已提出冲销，等另一名核验人确认。在此之前仍计入。")
