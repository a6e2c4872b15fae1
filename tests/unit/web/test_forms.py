from datetime import date

import pytest
from flask import Flask, render_template_string
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from webapp.domain.errors import PlatformError
from webapp.ui.forms import CheckboxesField, Form, MobileOrEmail, MonthField, refuse


class Sample(Form):
    name = StringField("姓名", [DataRequired("请填写姓名。")])
    login = StringField("手机号或邮箱", [MobileOrEmail()], description="用来登录。")
    password = PasswordField("密码")
    month = MonthField("毕业年月")
    kinds = CheckboxesField("想找哪些", choices=[("job", "全职"), ("internship", "实习")])


class Refused(PlatformError):
    message = "还差 %(count)d 项。"


SAMPLE = {"name": "　张三 ", "login": "13800000000", "password": " 有空格 ", "month": "2026-06"}


def submitted(app: Flask, **changes: str) -> Sample:
    with app.test_request_context("/", method="POST", data=SAMPLE | changes):
        form = Sample()
        form.validate()
        return form


def test_texts_lose_the_blanks_around_them_but_passwords_keep_theirs(app):
    form = submitted(app)
    assert (form.name.data, form.password.data) == ("张三", " 有空格 ")
    assert not form.errors


@pytest.mark.parametrize("login", ["13800000000", "+86 138-0000-0000", "１３８００００００００", "a@b.cn"])
def test_mobile_numbers_and_addresses_log_in(app, login):
    assert not submitted(app, login=login).login.errors


@pytest.mark.parametrize("login", ["12800000000", "1380000000", "a@b", "a b@c.cn", "张三"])
def test_anything_else_is_refused_with_an_example(app, login):
    assert "name@example.com" in submitted(app, login=login).login.errors[0]


@pytest.mark.parametrize("month", ["2026-06", "2026年6月", "2026/6", "2026.06", "2026 年 6 月"])
def test_a_month_is_read_as_people_write_it(app, month):
    form = submitted(app, month=month)
    assert not form.month.errors
    assert form.month.month == date(2026, 6, 1)


@pytest.mark.parametrize("month", ["2026-13", "202606", "六月"])
def test_what_is_no_month_is_refused(app, month):
    assert submitted(app, month=month).month.errors


def test_a_refusal_is_shown_with_everything_typed_still_there(app):
    with app.test_request_context("/", method="POST", data=SAMPLE):
        form = Sample()
        refuse(form, Refused(count=2))
        page = render_template_string(
            "{% from 'macros/forms.html' import error_summary, field %}"
            "{{ error_summary(form) }}{{ field(form.name) }}",
            form=form,
        )
    assert "还差 2 项。" in page
    assert 'value="张三"' in page


def test_a_field_is_tied_to_its_help_and_its_error(app):
    with app.test_request_context("/", method="POST", data=SAMPLE | {"login": "x"}):
        form = Sample()
        form.validate()
        page = render_template_string(
            "{% from 'macros/forms.html' import field %}{{ field(form.login) }}", form=form
        )
    assert 'aria-describedby="login-help login-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="login-error"' in page
