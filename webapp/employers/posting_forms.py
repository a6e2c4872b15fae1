"""The one-page form of a posting."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.clock import today
from webapp.domain.catalogues import districts
from webapp.domain.clusters import clusters
from webapp.domain.degrees import Degree
from webapp.domain.pay import YEAR
from webapp.domain.posting_rules import MOST_HEADCOUNT, PostingTerms, Problem
from webapp.domain.postings import Kind
from webapp.models import Posting
from webapp.services.postings import terms_of
from webapp.ui.filters import spoken
from webapp.ui.forms import Form, choices, named

MOST_PAY = 1_000_000
SEPARATORS = re.compile(r"[、,，;；\n/]+")
LINE = Length(max=100, message=_l("最多 100 个字。"))
LONG = Length(max=5000, message=_l("最多 5,000 个字。"))
AMOUNT = NumberRange(1, MOST_PAY, _l("请填写 1 到 1,000,000 之间的整数。"))
DIGITS = {"inputmode": "numeric"}


class PostingForm(Form):
    """Everything the law wants a posting to say; a draft needs only its kind and title."""

    kind = SelectField(_l("类型"), [InputRequired(_l("请选择类型。"))])
    title = StringField(
        _l("岗位名称"),
        [InputRequired(_l("请填写岗位名称。")), Length(2, 60, _l("请填写 2 至 60 个字。"))],
        description=_l("用毕业生熟悉的叫法，例如：Java 开发工程师"),
    )
    headcount = IntegerField(
        _l("招聘人数"),
        [Optional(), NumberRange(1, MOST_HEADCOUNT, _l("请填写 1 到 5,000 之间的整数。"))],
        render_kw=DIGITS,
    )
    duties = TextAreaField(
        _l("工作内容"),
        [Optional(), LONG],
        description=_l("每天做什么、和谁一起、用什么工具。80 个字以上更容易匹配到合适的人。"),
        render_kw={"rows": 7},
    )
    requirements = TextAreaField(
        _l("任职要求"),
        [Optional(), LONG],
        description=_l("只写与工作有关的要求，不写性别、年龄、户籍、婚育、院校层次。"),
        render_kw={"rows": 5},
    )
    degree_min = SelectField(_l("最低学历"), [Optional()])
    majors = StringField(
        _l("专业"), [Optional(), Length(max=300)], description=_l("用顿号隔开；不限专业就留空。")
    )
    skills = StringField(
        _l("技能"), [Optional(), Length(max=300)], description=_l("用顿号隔开，例如：Python、SQL、数据分析")
    )
    district = SelectField(_l("工作地点"), [Optional()])
    address = StringField(_l("详细地址"), [Optional(), LINE])
    pay_min = IntegerField(
        _l("月薪下限（元，税前）"),
        [Optional(), AMOUNT],
        description=_l("基本劳动报酬，必须写明，不能写面议。"),
        render_kw=DIGITS,
    )
    pay_max = IntegerField(_l("月薪上限（元，税前）"), [Optional(), AMOUNT], render_kw=DIGITS)
    months = IntegerField(
        _l("每年发薪月数"),
        [Optional(), NumberRange(12, 24, _l("每年发薪月数应在 12 到 24 之间。"))],
        default=YEAR,
        render_kw=DIGITS,
    )
    cluster = SelectField(_l("重点产业"), [Optional()])
    start_on = DateField(_l("希望到岗日期"), [Optional()])
    valid_until_on = DateField(_l("有效期至"), [Optional()], description=_l("最长 90 天，到期自动停止展示。"))
    converts = BooleanField(
        _l("表现合格可以转为正式员工"), description=_l("只用于实习和见习，写了就要做到。")
    )

    def __init__(self, posting: Posting | None = None) -> None:
        super().__init__(data=_shown(posting) if posting else None)
        self.kind.choices = choices(Kind)
        self.degree_min.choices = choices(Degree, _("不限"))
        self.district.choices = named(districts().values(), _("请选择"))
        self.cluster.choices = named(clusters(today()).values(), "—")

    def terms(self) -> PostingTerms:
        """Return what was filled in."""
        return PostingTerms(
            kind=Kind(self.kind.data),
            title=self.title.data,
            duties=self.duties.data or "",
            requirements=self.requirements.data or "",
            skills=_listed(self.skills.data),
            majors=_listed(self.majors.data),
            degree_min=Degree(self.degree_min.data) if self.degree_min.data else None,
            headcount=self.headcount.data,
            district=self.district.data or None,
            address=self.address.data or None,
            pay_min=self.pay_min.data,
            pay_max=self.pay_max.data,
            months=self.months.data or YEAR,
            cluster=self.cluster.data or None,
            start_on=self.start_on.data,
            converts=self.converts.data,
            valid_until_on=self.valid_until_on.data,
        )

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field: what is wrong, by which clause, and what to write instead."""
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, say(problem)]


def say(problem: Problem) -> str:
    """Say a problem in the reader's language, with its clause and the neutral text."""
    said = [spoken(problem.message, problem.facts)]
    if problem.clause and problem.neutral:
        said += [_(problem.clause), _("可以改成：“%(text)s”", text=_(problem.neutral))]
    return " ".join(said)


def _shown(posting: Posting) -> dict[str, object]:
    terms = terms_of(posting)
    shown = {name: getattr(terms, name) for name in PostingTerms.__dataclass_fields__}
    return {**shown, "skills": _joined(terms.skills), "majors": _joined(terms.majors)}


def _joined(words: Sequence[str]) -> str:
    return "、".join(words)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in SEPARATORS.split(text or "") if part.strip()))
