"""The form of a graduate's profile."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from webapp.clock import today
from webapp.domain.catalogues import districts, institution_name
from webapp.domain.clusters import clusters
from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind
from webapp.graduates.resume_forms import SHORT, month_end
from webapp.models import Graduate
from webapp.reading.plain import listed
from webapp.services.graduates import Studies, Wishes
from webapp.ui.forms import CheckboxesField, Form, MonthField, PersonName, choices, named

MOST_PAY = 1_000_000


class ProfileForm(Form):
    """Studies and wishes on one page, saved together."""

    name = StringField(
        _l("姓名"),
        [InputRequired(_l("请填写姓名。")), PersonName()],
        render_kw={"autocomplete": "name"},
    )
    institution = StringField(_l("学校"), [SHORT], description=_l("填写全称，例如：武汉理工大学"))
    degree = SelectField(_l("最高学历（含在读）"), validators=[Optional()])
    major = StringField(_l("专业"), [SHORT], description=_l("目录里没有的专业照实填写即可。"))
    graduation_on = MonthField(_l("毕业年月"), [Optional()], description=_l("例如 2026-06"))
    wanted = StringField(
        _l("想做的工作"), [SHORT], description=_l("例如：数据分析师、Java 开发；用顿号隔开。")
    )
    kinds = CheckboxesField(_l("岗位类型"))
    districts = CheckboxesField(_l("想在哪里工作"), description=_l("不选表示全武汉都可以。"))
    clusters = CheckboxesField(_l("感兴趣的产业"), description=_l("不选表示都可以。"))
    pay_min = IntegerField(
        _l("期望月薪不低于（元）"),
        [Optional(), NumberRange(0, MOST_PAY, _l("请填写 0 到 1,000,000 之间的整数。"))],
        description=_l("税前，只用于匹配，单位看不到。"),
        render_kw={"inputmode": "numeric"},
    )
    start_on = DateField(_l("最早可以到岗"), [Optional()])

    def __init__(self, graduate: Graduate) -> None:
        super().__init__(data=_shown(graduate))
        self.degree.choices = choices(Degree, "—")
        self.kinds.choices = choices(Kind)
        self.districts.choices = named(districts().values())
        self.clusters.choices = named(clusters(today()).values())

    def studies(self, graduate: Graduate) -> Studies:
        """Return who the graduate says they are; the day of a month already known stays."""
        return Studies(
            name=self.name.data or "",
            institution=self.institution.data or None,
            major=self.major.data or None,
            degree=Degree(self.degree.data) if self.degree.data else None,
            graduation_on=_same_month(self.graduation_on.month, graduate.graduation_on),
        )

    def wishes(self) -> Wishes:
        """Return what the graduate is looking for."""
        return Wishes(
            wanted=listed(self.wanted.data),
            kinds=tuple(Kind(kind) for kind in self.kinds.data or ()),
            districts=tuple(self.districts.data or ()),
            clusters=tuple(self.clusters.data or ()),
            pay_min=self.pay_min.data,
            start_on=self.start_on.data,
        )


def _shown(graduate: Graduate) -> dict[str, object]:
    return {
        "name": graduate.name,
        "institution": institution_name(graduate.institution_code),
        "degree": graduate.degree.value if graduate.degree else "",
        "major": graduate.major_name,
        "graduation_on": f"{graduate.graduation_on:%Y-%m}" if graduate.graduation_on else "",
        "wanted": "、".join(graduate.wanted),
        "kinds": graduate.kinds,
        "districts": graduate.districts,
        "clusters": graduate.clusters,
        "pay_min": graduate.pay_min,
        "start_on": graduate.start_on,
    }


def _same_month(first: date | None, known: date | None) -> date | None:
    return known if first and known and known.replace(day=1) == first else month_end(first)
