"""Logging in and out."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from webapp.auth import blueprint
from webapp.auth.access import public
from webapp.auth.attempt import attempt
from webapp.auth.forms import LoginForm
from webapp.auth.identity import Identity
from webapp.auth.limits import account, refused
from webapp.clock import now
from webapp.extensions import limiter
from webapp.models import User
from webapp.services.accounts import log_in
from webapp.ui.navigation import home, local_address
from webapp.unit_of_work import db


@blueprint.route("/login", methods=["GET", "POST"])
@public
@limiter.limit("60/minute;600/hour", methods=["POST"], deduct_when=refused)
@limiter.limit("10 per 15 minutes", key_func=account, methods=["POST"], deduct_when=refused)
def login() -> ResponseReturnValue:
    """Let a person in by e-mail address or mobile number."""
    if current_user.is_authenticated:
        return redirect(home())
    form = LoginForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            user = log_in(db(), login=form.login.data, password=form.password.data, at=now())
        if tried.done:
            return welcome(user)
    return render_template("auth/login.html", form=form)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    flash(_("已退出登录。"))
    return redirect(url_for("pages.home"))


def welcome(user: User) -> ResponseReturnValue:
    """Begin a fresh session and lead the person where they wanted to go."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    login_user(Identity(user))
    return redirect(local_address(request.args.get("next")))
