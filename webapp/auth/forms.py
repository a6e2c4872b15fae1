"""Forms of getting in."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from webapp.domain.employers import EmployerKind
from webapp.ui.forms import Form, MobileOrEmail, PersonName, choices

NEEDED = InputRequired(_l("这一项不能空着。"))
NAME = PersonName()


class LoginForm(Form):
    """Login name and password."""

    login = StringField(_l("手机号或邮箱"), [NEEDED], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("密码"), [NEEDED], render_kw={"autocomplete": "current-password"})


class GraduateForm(Form):
    """The four things a graduate needs to begin."""

    name = StringField(_l("姓名"), [NEEDED, NAME], render_kw={"autocomplete": "name"})
    login = StringField(_l("手机号或邮箱"), [NEEDED, MobileOrEmail()], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("设置密码"),
        [NEEDED],
        description=_l("至少 8 个字符，可以用一句容易记住的话。"),
        render_kw={"autocomplete": "new-password"},
    )
    consent = BooleanField(
        _l("我已阅读并同意《个人信息处理说明》"), [InputRequired(_l("同意后才能为你提供求职服务。"))]
    )


class EmployerForm(GraduateForm):
    """An organisation and the person who opens its account."""

    employer_name = StringField(_l("单位全称"), [NEEDED, Length(2, 100)])
    credit_code = StringField(
        _l("统一社会信用代码"), [NEEDED], description=_l("营业执照或法人证书上的 18 位代码。")
    )
    kind = SelectField(_l("单位性质"), choices=lambda: choices(EmployerKind))
    name = StringField(_l("经办人姓名"), [NEEDED, NAME], render_kw={"autocomplete": "name"})
    consent = BooleanField(
        _l("我已阅读并同意《个人信息处理说明》"), [InputRequired(_l("同意后才能为您提供招聘服务。"))]
    )


class ForgotForm(Form):
    """Where to send the link."""

    login = StringField(_l("注册时的邮箱"), [NEEDED], render_kw={"autocomplete": "username"})


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        _l("新密码"),
        [NEEDED],
        description=_l("至少 8 个字符，可以用一句容易记住的话。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("再输入一遍"),
        [NEEDED, EqualTo("password", _l("两次输入的密码不一样。"))],
        render_kw={"autocomplete": "new-password"},
    )


class JoinForm(PasswordForm):
    """Name and password of somebody who was invited."""

    name = StringField(_l("姓名"), [NEEDED, NAME], render_kw={"autocomplete": "name"})
