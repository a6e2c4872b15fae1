"""Colleagues: who acts for the organisation, and inviting one more."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import my_member
from webapp.clock import now
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.employers.organisation_forms import ColleagueForm
from webapp.extensions import limiter, platform, taken
from webapp.services.accounts import invite_member
from webapp.tasks.letters import send_letter
from webapp.unit_of_work import db


@blueprint.route("/members/invite", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
@limiter.limit("20/hour", methods=["POST"], deduct_when=taken)
def invite_colleague() -> ResponseReturnValue:
    """Mail a colleague a link that opens an account for the same organisation."""
    form = ColleagueForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            invitation, token = invite_member(db(), by=my_member(), email=form.email.data, at=now())
            _send(invitation.email, token)
        if tried.done:
            flash(_("邀请已发到 %(email)s，7 天内有效。", email=form.email.data))
            return redirect(url_for("employers.organisation"))
    return render_template("employers/invite_colleague.html", form=form)


def _send(email: str, token: str) -> None:
    member = my_member()
    send_letter(
        db(),
        email,
        _("邀请您加入%(employer)s的招聘账号", employer=member.employer.name),
        _(
            "您好：\n\n%(name)s 邀请您一起管理%(employer)s在学子留汉平台的招聘。"
            "请在 7 天内打开链接，设置自己的密码：\n%(link)s",
            name=member.user.name,
            employer=member.employer.name,
            link=platform().settings.public_url + url_for("auth.join", token=token),
        ),
    )
