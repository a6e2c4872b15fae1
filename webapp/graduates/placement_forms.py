"""Claiming an outcome and proving it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.domain.catalogues import districts
from webapp.domain.evidence import EvidenceType
from webapp.domain.retention import Outcome
from webapp.domain.words import N_
from webapp.models import Placement
from webapp.ui.filters import translated
from webapp.ui.forms import Form, named
from webapp.ui.papers import PaperField

PLAIN: Mapping[str, str] = {
    "11": N_("签了劳动合同，已经上班"),
    "10": N_("签了就业协议（三方或网签），已经上班"),
    "12": N_("没有劳动合同或协议，但单位已录用并发工资"),
    "27": N_("做科研助理或管理助理"),
    "50": N_("参加国家基层项目（三支一扶、西部计划、特岗教师等）"),
    "51": N_("参加地方基层项目"),
    "75": N_("自己创业（公司、个体户、网店）"),
    "76": N_("自由职业、灵活就业"),
}
"""The codes that can count, as a graduate would say them, the usual first."""


class OutcomeForm(Form):
    """What I do now, where and since when."""

    code = RadioField(_l("你现在的情况"), [InputRequired(_l("请选择最接近的一项。"))])
    employer_name = StringField(
        _l("用人单位全称"), [Length(max=100)], description=_l("自主创业填店铺或企业名称；自由职业可以不填。")
    )
    started_on = DateField(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))])
    district = SelectField(_l("工作地点"), description=_l("按实际上班的地方选，不是单位注册的地方。"))
    address = StringField(_l("详细地址"), [Length(max=200)])
    pay = IntegerField(
        _l("税前月薪（元）"),
        [Optional(), NumberRange(1, 1_000_000, _l("请填写 1 到 1,000,000 之间的整数。"))],
        description=_l("部分情况需要不低于最低工资才能计入，只有核验人员能看到。"),
        render_kw={"inputmode": "numeric"},
    )

    def __init__(self, placement: Placement | None = None) -> None:
        super().__init__(data=_shown(placement) if placement else None)
        self.code.choices = [(code, _(text)) for code, text in PLAIN.items()]
        places = named(districts().values())
        self.district.choices = [*places, ("", _("不在武汉"))]

    def outcome(self) -> Outcome:
        """Return what is claimed."""
        return Outcome(
            code=self.code.data,
            started_on=cast("date", self.started_on.data),
            district=self.district.data or None,
            address=self.address.data or None,
            pay=self.pay.data,
            employer_name=self.employer_name.data or None,
        )


class EvidenceForm(Form):
    """A paper that proves it."""

    type = SelectField(_l("材料类型"))
    file = PaperField(_l("材料文件"), [FileRequired(_l("请选择要上传的文件。"))])
    issuer = StringField(_l("出具单位"), [Length(max=100)])
    valid_from_on = DateField(_l("生效日期"), [Optional()])
    valid_to_on = DateField(_l("截止日期"), [Optional()])

    def __init__(self, types: Sequence[EvidenceType]) -> None:
        super().__init__()
        self.type.choices = [(one.key, translated(one.name)) for one in types]


def _shown(placement: Placement) -> dict[str, object]:
    names = ("employer_name", "started_on", "address", "pay")
    return {name: getattr(placement, name) for name in names} | {
        "code": placement.outcome_code,
        "district": placement.district or "",
    }
