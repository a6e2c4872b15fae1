"""Getting back in when the password is gone."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth import blueprint
from webapp.auth.access import public
from webapp.auth.attempt import attempt
from webapp.auth.forms import ForgotForm, PasswordForm
from webapp.auth.limits import account
from webapp.extensions import limiter, platform, taken
from webapp.services.accounts import find_user, reset_password, reset_token
from webapp.tasks.letters import send_letter
from webapp.unit_of_work import db


@blueprint.route("/password/forgot", methods=["GET", "POST"])
@public
@limiter.limit("300/hour", methods=["POST"], deduct_when=taken)
@limiter.limit("5/hour", key_func=account, methods=["POST"], deduct_when=taken)
def forgot() -> ResponseReturnValue:
    """Mail a link for a new password; the answer is the same whether or not the address is known."""
    form = ForgotForm()
    if form.validate_on_submit():
        user = find_user(db(), login=form.login.data)
        if user is not None and user.email and user.is_active:
            settings = platform().settings
            token = reset_token(user, secret=settings.secret_key)
            send_letter(
                db(),
                user.email,
                _("重新设置学子留汉平台的密码"),
                _(
                    "%(name)s：\n\n请在一小时内打开下面的链接设置新密码：\n%(link)s\n\n如果不是您本人操作，请忽略这封邮件。",
                    name=user.name,
                    link=settings.public_url + url_for("auth.reset", token=token),
                ),
                user_id=user.id,
            )
        flash(
            _("如果这个邮箱注册过，重设密码的链接已经发出，一小时内有效。只用手机号注册的，请联系服务电话。")
        )
        return redirect(url_for("auth.login"))
    return render_template("auth/forgot.html", form=form)


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@public
@limiter.limit("60/minute", methods=["POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by the mailed link."""
    form = PasswordForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            reset_password(
                db(), token=token, password=form.password.data, secret=platform().settings.secret_key
            )
        if tried.done:
            flash(_("新密码已生效，请重新登录。其他设备上的登录都已退出。"))
            return redirect(url_for("auth.login"))
    return render_template("auth/reset.html", form=form)
