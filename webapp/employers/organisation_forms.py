"""Forms of the organisation: what it is, its licence, its people."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import EmailField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import URL, Email, InputRequired, Length, Optional

from webapp.clock import today
from webapp.domain.catalogues import districts
from webapp.domain.clusters import clusters
from webapp.domain.employers import EmployerKind, Organisation
from webapp.models import Employer
from webapp.ui.forms import Form, choices, named
from webapp.ui.papers import PaperField

NEEDED = InputRequired(_l("这一项不能空着。"))
LINE = Length(max=100, message=_l("最多 100 个字。"))


class OrganisationForm(Form):
    """What an organisation says about itself."""

    name = StringField(_l("单位全称"), [NEEDED, Length(2, 100, _l("请填写 2 至 100 个字。"))])
    kind = SelectField(_l("单位性质"), [NEEDED])
    industry = StringField(_l("行业"), [Optional(), LINE], description=_l("例如：软件和信息技术服务业"))
    cluster = SelectField(_l("重点产业"), [Optional()])
    district = SelectField(_l("所在区"), [Optional()])
    address = StringField(_l("详细地址"), [Optional(), LINE])
    intro = TextAreaField(
        _l("单位简介"),
        [Optional(), Length(max=2000, message=_l("最多 2,000 个字。"))],
        description=_l("毕业生会看到。写清楚做什么、有多少人、新人怎么培养。"),
    )
    website = URLField(
        _l("网站"), [Optional(), LINE, URL(message=_l("请填写完整网址，例如 https://www.example.com"))]
    )
    contact_name = StringField(_l("联系人"), [Optional(), LINE], description=_l("只有工作人员能看到。"))
    contact_phone = StringField(
        _l("联系电话"),
        [Optional(), Length(max=30, message=_l("请只填写一个电话号码。"))],
        description=_l("只有工作人员能看到。"),
    )

    def __init__(self, employer: Employer) -> None:
        super().__init__(obj=employer)
        self.kind.choices = choices(EmployerKind)
        self.district.choices = named(districts().values(), "—")
        self.cluster.choices = named(clusters(today()).values(), "—")
        if not self.is_submitted():
            self.kind.data = employer.kind.value

    def organisation(self) -> Organisation:
        """Return what was filled in; an empty field is nothing."""
        return Organisation(
            name=self.name.data,
            kind=EmployerKind(self.kind.data),
            industry=self.industry.data or None,
            cluster=self.cluster.data or None,
            district=self.district.data or None,
            address=self.address.data or None,
            intro=self.intro.data or None,
            website=self.website.data or None,
            contact_name=self.contact_name.data or None,
            contact_phone=self.contact_phone.data or None,
        )


class LicenceForm(Form):
    """A scan or photograph of the licence."""

    licence = PaperField(_l("营业执照或法人证书"), [FileRequired(_l("请先选择文件。"))])


class ColleagueForm(Form):
    """Whom to invite."""

    email = EmailField(_l("同事的邮箱"), [NEEDED, Email(_l("请填写完整的邮箱地址，例如 name@example.com。"))])
