"""Who I am and what I am looking for."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import my_graduate
from webapp.clock import now
from webapp.domain.roles import Role
from webapp.graduates import blueprint
from webapp.graduates.profile_forms import ProfileForm
from webapp.services.graduates import set_studies, set_wishes
from webapp.unit_of_work import db


@blueprint.route("/profile", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def profile() -> ResponseReturnValue:
    """Let a graduate say who they are and what they wish for."""
    graduate = my_graduate()
    form = ProfileForm(graduate)
    if form.validate_on_submit():
        with attempt(form) as tried:
            set_studies(db(), graduate=graduate, studies=form.studies(graduate), at=now())
            set_wishes(db(), graduate=graduate, wishes=form.wishes(), at=now())
        if tried.done:
            flash(_("资料已保存，匹配结果随之更新。"))
            return redirect(url_for("graduates.profile"))
    return render_template("graduates/profile.html", form=form, graduate=graduate)
