"""Opening an account, within a minute."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.auth import blueprint
from webapp.auth.access import public
from webapp.auth.attempt import attempt
from webapp.auth.forms import EmployerForm, GraduateForm, JoinForm
from webapp.auth.login import welcome
from webapp.clock import now
from webapp.domain.employers import EmployerKind
from webapp.extensions import limiter, taken
from webapp.services.accounts import accept_invitation, open_invitation, register_graduate
from webapp.services.employers import register_employer
from webapp.ui.navigation import home
from webapp.unit_of_work import db


@blueprint.route("/register", endpoint="register_graduate", methods=["GET", "POST"])
@public
@limiter.limit("60/minute", methods=["POST"])
@limiter.limit("1000/hour", methods=["POST"], deduct_when=taken)
def register_graduate_account() -> ResponseReturnValue:
    """Register a graduate: name, contact, password, consent."""
    if current_user.is_authenticated:
        return redirect(home())
    form = GraduateForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            graduate = register_graduate(
                db(), name=form.name.data, login=form.login.data, password=form.password.data, at=now()
            )
        if tried.done:
            welcome(graduate.user)
            flash(_("注册好了。接下来放上简历，马上就能看到适合你的岗位。"))
            return redirect(url_for("graduates.resume"))
    return render_template("auth/register_graduate.html", form=form)


@blueprint.route("/register/employer", endpoint="register_employer", methods=["GET", "POST"])
@public
@limiter.limit("60/minute", methods=["POST"])
@limiter.limit("1000/hour", methods=["POST"], deduct_when=taken)
def register_employer_account() -> ResponseReturnValue:
    """Register an organisation and the person who opens its account."""
    if current_user.is_authenticated:
        return redirect(home())
    form = EmployerForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            member = register_employer(
                db(),
                employer_name=form.employer_name.data,
                credit_code=form.credit_code.data,
                kind=EmployerKind(form.kind.data),
                name=form.name.data,
                login=form.login.data,
                password=form.password.data,
                at=now(),
            )
        if tried.done:
            welcome(member.user)
            flash(_("账号开好了。请补充单位资料并上传证照，提交后由工作人员核验。"))
            return redirect(url_for("employers.organisation"))
    return render_template("auth/register_employer.html", form=form)


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@public
@limiter.limit("60/minute", methods=["POST"])
@limiter.limit("1000/hour", methods=["POST"], deduct_when=taken)
def join(token: str) -> ResponseReturnValue:
    """Open the account a colleague's letter invites to."""
    invitation = open_invitation(db(), token=token, at=now())
    form = JoinForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            user = accept_invitation(
                db(), token=token, name=form.name.data, password=form.password.data, at=now()
            )
        if tried.done:
            return welcome(user)
    return render_template("auth/join.html", form=form, invitation=invitation)
