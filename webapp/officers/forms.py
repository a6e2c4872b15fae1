"""Forms of officers: verdicts with their reasons, filters, invitations, bases, targets."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DecimalField,
    IntegerField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from webapp.domain.words import N_
from webapp.ui.forms import Form

NEEDED = InputRequired(_l("这一项不能空着。"))
LONGEST = 500
MOST_ID = 2**31 - 1
"""The largest number a row can have."""
MOST_TARGET = 10**11
"""More than any city has of anything; the column holds twelve digits before the point."""

EMPLOYER_REASONS: Sequence[str] = (
    N_("证照不清晰或不完整，请重新上传"),
    N_("单位名称与证照不一致"),
    N_("统一社会信用代码与证照不一致"),
    N_("单位性质选择有误"),
    N_("地址或联系方式核实不到"),
)
POSTING_REASONS: Sequence[str] = (
    N_("工作内容写得不够具体"),
    N_("薪酬与岗位不相符，请说明构成"),
    N_("含有限制性或歧视性条件"),
    N_("含有联系方式、收费或培训贷内容"),
    N_("岗位类型选择有误"),
)
PLACEMENT_REASONS: Sequence[str] = (
    N_("证明材料不清晰或不完整，请重新上传"),
    N_("证明材料与填报内容不一致"),
    N_("起始日期有误"),
    N_("工作地点填写有误或不在武汉"),
    N_("去向类别选择有误"),
    N_("证明材料级别不够，请补充合同或参保记录"),
)


def pressed(name: str) -> int | None:
    """Return the number of the button that was pressed, if it can be one of ours."""
    number = request.form.get(name, type=int)
    return number if number is not None and 0 < number <= MOST_ID else None


class Verdict(Form):
    """A form whose button says which verdict is given."""

    @property
    def words(self) -> str:
        """Return the reason given, nothing where the form asks for none."""
        return ""

    @property
    def verdict(self) -> str:
        """Return the button that was pressed."""
        return request.form.get("verdict", "")


class DegreeForm(Verdict):
    """The day of graduation as the school or 学信网 has it."""

    graduation_on = DateField(
        _l("毕业日期"), [NEEDED], description=_l("与学信网或学校名单不一致时，请改为名单上的日期。")
    )


class VerdictForm(Verdict):
    """A verdict and why."""

    reason = SelectField(_l("原因"), validators=[Optional()])
    note = TextAreaField(
        _l("补充说明"),
        [Length(0, LONGEST)],
        description=_l("退回、暂停或下架时，原因和说明至少填一项，对方会看到。"),
        render_kw={"rows": 3},
    )

    def __init__(self, reasons: Sequence[str], blank: str, **values: Any) -> None:
        super().__init__(**values)
        self.reason.choices = [("", blank), *((reason, _l(reason)) for reason in reasons)]

    @property
    def words(self) -> str:
        """Return the reason as the other side reads it."""
        return "：".join(filter(None, [self.reason.data, self.note.data]))


class ClaimForm(VerdictForm):
    """A verdict on a claim that waits; the number read on the papers is compared and not kept."""

    number = StringField(
        _l("材料上的证件号码"),
        [Optional(), Length(max=40)],
        description=_l("选填。只与本人登记的证件比对，不保存；不一致就不能通过，一致的记入操作日志。"),
        render_kw={"autocomplete": "off"},
    )


class CauseForm(Form):
    """Why a count is to be taken back."""

    cause = SelectField(_l("冲销原因"), [InputRequired(_l("请选择冲销原因。"))])


class ListFilter(Form):
    """Status and words; an odd value in the address asks nothing."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False

    q = SearchField(_l("搜索"))
    status = SelectField(_l("状态"), validators=[Optional()])


class InviteForm(Form):
    """A colleague of narrower scope."""

    email = StringField(
        _l("邮箱"),
        [NEEDED, Email(_l("请填写完整的邮箱地址，例如 name@example.com。"))],
        render_kw={"autocomplete": "off"},
    )
    scope = SelectField(_l("权限范围"))
    unit = SelectField(_l("填报单位"), validators=[Optional()], description=_l("邀请区级工作人员时选择。"))
    school = StringField(_l("学校全称"), description=_l("邀请高校工作站人员时填写。"))


class BaseForm(Form):
    """A 见习 or 实习实训 base."""

    name = StringField(_l("基地名称"), [NEEDED, Length(2, 100)])
    kind = SelectField(_l("类型"))
    district = SelectField(_l("所在区"))
    address = StringField(_l("详细地址"), [Length(0, 200)])
    capacity = IntegerField(_l("可同时接纳人数"), [NEEDED, NumberRange(1, 100_000)])
    approved_on = DateField(_l("认定日期"), [NEEDED])
    valid_to_on = DateField(_l("有效期至"), [Optional()])


class StationForm(Form):
    """A 学子留汉 station on a campus."""

    school = StringField(_l("学校全称"), [NEEDED])
    name = StringField(_l("工作站名称"), [NEEDED, Length(2, 100)])
    opened_on = DateField(_l("建成日期"), [NEEDED])


class TargetForm(Form):
    """The figure a document sets for an indicator."""

    value = DecimalField(_l("目标值"), [NEEDED, NumberRange(0, MOST_TARGET)], places=2)
    document = StringField(
        _l("依据文件"), [NEEDED, Length(4, 200)], description=_l("文件名称和文号，将与目标一起公示。")
    )


class AuditFilter(Form):
    """Whose deeds, which kind, since when."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False

    q = SearchField(_l("姓名、机构或对象"))
    action = SelectField(_l("操作"), validators=[Optional()])
    since = DateField(_l("起始日期"), [Optional()])
    until = DateField(_l("截止日期"), [Optional()])


class ConfirmForm(Form):
    """Nothing but the confirmation."""
