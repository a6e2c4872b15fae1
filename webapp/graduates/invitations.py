"""Employers who ask me to apply."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role
from webapp.graduates import blueprint
from webapp.models import Invitation
from webapp.queries.graduates import invitations_of, own_invitation
from webapp.services.invitations import accept_invitation, decline_invitation
from webapp.ui.forms import Form
from webapp.unit_of_work import db


class AcceptForm(Form):
    """Agreeing that the employer learns who I am."""

    consent = BooleanField(
        _l("我同意把简历和联系方式提供给这家单位"), [InputRequired(_l("接受邀请需要你同意单位查看简历。"))]
    )
    note = TextAreaField(_l("给单位的留言"), [Length(max=500)], render_kw={"rows": 3, "maxlength": 500})


@blueprint.get("/invitations")
@audience(Role.GRADUATE)
def invitations() -> ResponseReturnValue:
    """List invitations, those that wait for me first."""
    rows = invitations_of(db(), my_graduate().id)
    return render_template("graduates/invitations.html", invitations=rows)


@blueprint.route("/invitations/<int:invitation_id>/accept", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def accept_own_invitation(invitation_id: int) -> ResponseReturnValue:
    """Accept: the employer learns my name and contact, and the application is submitted."""
    invitation, form = _own(invitation_id), AcceptForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            application = accept_invitation(
                db(), by=me(), invitation_id=invitation_id, at=now(), note=form.note.data
            )
        if tried.done:
            flash(_("已接受邀请并投递，单位会尽快与你联系。"))
            return redirect(url_for("graduates.application", application_id=application.id))
    return render_template("graduates/accept_invitation.html", form=form, invitation=invitation)


@blueprint.post("/invitations/<int:invitation_id>/decline")
@audience(Role.GRADUATE)
def decline_own_invitation(invitation_id: int) -> ResponseReturnValue:
    """Decline: the employer learns nothing more."""
    decline_invitation(db(), by=me(), invitation_id=invitation_id, at=now())
    flash(_("已婉拒，单位不会看到你的姓名和联系方式。"))
    return redirect(url_for("graduates.invitations"))


def _own(invitation_id: int) -> Invitation:
    invitation = own_invitation(db(), graduate_id=my_graduate().id, invitation_id=invitation_id)
    if invitation is None:
        raise NotFound
    return invitation
