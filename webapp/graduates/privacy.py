"""What I allow, what is registered of me, and leaving."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import logout_user
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.consent import Purpose
from webapp.domain.digests import MOST, Frequency
from webapp.domain.errors import NotFound
from webapp.domain.identifiers import DocType
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.extensions import limiter, platform
from webapp.graduates import blueprint
from webapp.queries.digests import wish_of
from webapp.queries.graduates import standing_consents
from webapp.services.erasure import erase
from webapp.services.erasures import list_when_done
from webapp.services.graduates import set_personalised, set_searchable, withdraw_consent
from webapp.services.identities import set_identity
from webapp.ui.forms import Form, choices
from webapp.unit_of_work import db

ENDS: Mapping[Purpose, Sequence[str]] = {
    Purpose.SHARE_WITH_EMPLOYER: (
        N_("这家单位从现在起不能再查看你的简历和联系方式。"),
        N_("投给它的、还没有签约的申请会一并撤回，不能恢复。"),
    ),
    Purpose.BE_FOUND: (N_("你不再出现在任何单位的推荐名单里，也不会再收到邀请。"),),
    Purpose.COUNTING: (
        N_("加密后的证件编号会删除，今后的去向不能再计入留汉统计。"),
        N_("已经计入的数字不变，其中没有你的姓名。"),
    ),
    Purpose.DIGEST: (N_("不再给你发新岗位邮件。需要时可以再打开。"),),
}
"""What ends with each consent; the one to the service ends with the account."""


class IdentityForm(Form):
    """A document's number, asked once and never shown again."""

    doc_type = SelectField(_l("证件类型"), validators=[InputRequired()])
    number = StringField(
        _l("证件号码"),
        [InputRequired(_l("请填写证件号码。")), Length(max=40)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    consent = BooleanField(
        _l("我同意用它核验就业去向并计入留汉统计"), [InputRequired(_l("需要你同意后才能用于统计。"))]
    )

    def __init__(self) -> None:
        super().__init__()
        self.doc_type.choices = choices(DocType)


class EraseForm(Form):
    """The word that says one means it."""

    sure = BooleanField(
        _l("我明白注销后不能恢复"), [InputRequired(_l("请先勾选，确认你明白注销后不能恢复。"))]
    )


@blueprint.route("/privacy", methods=["GET", "POST"])
@audience(Role.GRADUATE)
@limiter.limit("20/hour", methods=["POST"])
def privacy() -> ResponseReturnValue:
    """Show what is allowed and kept; take the identity number for the count."""
    form, graduate = IdentityForm(), my_graduate()
    if form.validate_on_submit():
        with attempt(form) as tried:
            set_identity(
                db(),
                graduate=graduate,
                doc_type=DocType(form.doc_type.data),
                number=form.number.data or "",
                pepper=platform().settings.pepper,
                at=now(),
            )
        if tried.done:
            flash(_("已登记。我们只保存了加密后的编号，号码本身没有保存。"))
            return redirect(url_for("graduates.privacy"))
    return render_template(
        "graduates/privacy.html",
        form=form,
        graduate=graduate,
        standing=standing_consents(db(), me().id),
        frequency=wish_of(db(), graduate.id) or Frequency.OFF,
        frequencies=Frequency,
        most=MOST,
    )


@blueprint.post("/privacy/searchable")
@audience(Role.GRADUATE)
def searchable() -> ResponseReturnValue:
    """Let employers find me, or stop it."""
    wish = request.form.get("on") == "1"
    set_searchable(db(), graduate=my_graduate(), searchable=wish, at=now())
    flash(
        _("用人单位现在可以在推荐名单中看到你，不含姓名和联系方式。") if wish else _("用人单位不再能找到你。")
    )
    return redirect(url_for("graduates.privacy"))


@blueprint.post("/privacy/personalised")
@audience(Role.GRADUATE)
def personalised() -> ResponseReturnValue:
    """Switch personal recommendations on or off."""
    wish = request.form.get("on") == "1"
    set_personalised(db(), graduate=my_graduate(), personalised=wish)
    flash(_("个性化推荐已打开。") if wish else _("个性化推荐已关闭，同样的条件下你看到的和所有人一样。"))
    return redirect(url_for("graduates.privacy"))


@blueprint.route("/privacy/consents/<int:consent_id>/withdraw", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def withdraw_own_consent(consent_id: int) -> ResponseReturnValue:
    """Take one consent back, knowing what ends with it."""
    standing = standing_consents(db(), me().id)
    wanted = next((one for one in standing if one.consent.id == consent_id), None)
    if wanted is None or wanted.consent.purpose not in ENDS:
        raise NotFound
    form = Form()
    if form.validate_on_submit():
        withdraw_consent(db(), graduate=my_graduate(), consent_id=consent_id, at=now())
        flash(_("已撤回这项同意。"))
        return redirect(url_for("graduates.privacy"))
    ends = [_(sentence) for sentence in ENDS[wanted.consent.purpose]]
    return render_template("graduates/withdraw_consent.html", form=form, standing=wanted, ends=ends)


@blueprint.route("/privacy/erase", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def erase_account() -> ResponseReturnValue:
    """Close the account after a second question."""
    form = EraseForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            settings = platform().settings
            erase(db(), graduate=my_graduate(), by=me(), at=now())
            list_when_done(db(), graduate=my_graduate(), file=settings.erasures, pepper=settings.pepper)
        if tried.done:
            logout_user()
            flash(_("账号已注销，你的简历和资料已删除。祝你一切顺利。"))
            return redirect(url_for("pages.home"))
    return render_template("graduates/erase.html", form=form)
