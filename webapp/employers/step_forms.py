"""What each step of the pipeline asks of an employer."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.clock import today
from webapp.domain.catalogues import districts
from webapp.domain.dates import CITY
from webapp.domain.interviews import Mode, Report
from webapp.domain.offers import CONTRACTS, MIN_ANSWER_DAYS, ContractType, OfferTerms
from webapp.domain.pay import YEAR
from webapp.domain.rejection import RejectReason
from webapp.models import Application
from webapp.ui.forms import Form, choices, named

NEEDED = InputRequired(_l("这一项不能空着。"))
WORDS = Length(max=500, message=_l("最多 500 个字。"))
DIGITS = {"inputmode": "numeric"}
USUAL_ANSWER_DAYS = 7


class StepForm(Form):
    """A step that asks nothing; the others add what they need."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        if not self.is_submitted():
            self.suggest(application)
        self.offer_choices(application)

    def suggest(self, application: Application) -> None:
        """Fill in what is usual."""

    def offer_choices(self, application: Application) -> None:
        """Fill in what can be chosen."""


class NoteForm(StepForm):
    """A few words the graduate will read."""

    note = TextAreaField(
        _l("想说的话"), [Optional(), WORDS], description=_l("毕业生会看到。"), render_kw={"rows": 3}
    )


class AssessmentForm(StepForm):
    """What the test is and by when."""

    note = TextAreaField(
        _l("测评说明"),
        [NEEDED, WORDS],
        description=_l("写明内容、方式和截止时间。测评不能收费。"),
        render_kw={"rows": 4},
    )


class RejectForm(StepForm):
    """Why not, from a list, and a kind word."""

    reason = RadioField(_l("原因"), [InputRequired(_l("请选择一个原因，毕业生会看到。"))])
    note = TextAreaField(
        _l("补充一句"),
        [Optional(), WORDS],
        description=_l("例如：您的基础不错，欢迎补充项目经历后再来。"),
        render_kw={"rows": 3},
    )

    def offer_choices(self, application: Application) -> None:  # noqa: ARG002 - the same list for everybody
        """List the reasons."""
        self.reason.choices = choices(RejectReason)


class InterviewForm(StepForm):
    """When, how and where."""

    starts_at = DateTimeLocalField(_l("时间"), [NEEDED], description=_l("武汉时间。"))
    mode = RadioField(_l("方式"), [NEEDED])
    place = StringField(
        _l("地点或会议链接"),
        [NEEDED, Length(max=200)],
        description=_l("面试不收取任何费用；请在工作时间、办公场所进行。"),
    )
    contact = StringField(
        _l("联系人和电话"), [Optional(), Length(max=100)], description=_l("当天找谁。只有这位毕业生能看到。")
    )

    def suggest(self, application: Application) -> None:
        """Offer an interview at the place of work."""
        self.mode.data = Mode.ONSITE.value
        self.place.data = application.posting.address

    def offer_choices(self, application: Application) -> None:  # noqa: ARG002 - the same list for everybody
        """List the modes."""
        self.mode.choices = choices(Mode)

    @property
    def instant(self) -> datetime:
        """Return the time as an instant: what was typed is Wuhan's time."""
        typed: datetime = self.starts_at.data
        return typed.replace(tzinfo=CITY)


class ReportForm(StepForm):
    """Whether the interview took place."""

    report = RadioField(_l("面试情况"), [NEEDED])

    def offer_choices(self, application: Application) -> None:  # noqa: ARG002 - the same list for everybody
        """List what may be said."""
        self.report.choices = choices(Report)


class OfferForm(StepForm):
    """Pay, place, start, contract and the day by which to answer."""

    pay = IntegerField(_l("月薪（元，税前）"), [NEEDED, NumberRange(1, 1_000_000)], render_kw=DIGITS)
    months = IntegerField(_l("每年发薪月数"), [NEEDED, NumberRange(12, 24)], render_kw=DIGITS)
    district = SelectField(_l("工作区"), [NEEDED])
    address = StringField(_l("工作地址"), [NEEDED, Length(max=100)])
    start_on = DateField(_l("到岗日期"), [NEEDED])
    contract_type = RadioField(_l("签订"), [NEEDED])
    contract_months = IntegerField(
        _l("期限（月）"),
        [Optional(), NumberRange(1, 120)],
        description=_l("固定期限合同必填，例如三年填 36；无固定期限留空。"),
        render_kw=DIGITS,
    )
    probation_months = IntegerField(
        _l("试用期（月）"),
        [Optional(), NumberRange(0, 6)],
        description=_l(
            "不满三个月的合同没有试用期；一年以内最多 1 个月，三年以内最多 2 个月，其余最多 6 个月。"
        ),
        render_kw=DIGITS,
    )
    probation_pay = IntegerField(
        _l("试用期月薪（元）"),
        [Optional(), NumberRange(1, 1_000_000)],
        description=_l("不低于约定月薪的 80%，也不低于最低工资。"),
        render_kw=DIGITS,
    )
    deadline_on = DateField(_l("请对方在哪天之前答复"), [NEEDED], description=_l("至少留 3 天。"))

    def suggest(self, application: Application) -> None:
        """Offer what the posting promised."""
        posting = application.posting
        self.pay.data, self.months.data = posting.pay_min, posting.months or YEAR
        self.district.data, self.address.data = posting.district, posting.address
        self.contract_type.data = CONTRACTS[posting.kind][0].value
        self.deadline_on.data = today() + timedelta(days=max(USUAL_ANSWER_DAYS, MIN_ANSWER_DAYS))
        self.probation_months.data = 0

    def offer_choices(self, application: Application) -> None:
        """List the places and the contracts this kind of posting may have."""
        self.district.choices = named(districts().values())
        self.contract_type.choices = choices(CONTRACTS[application.posting.kind])

    def terms(self) -> OfferTerms:
        """Return what is offered."""
        return OfferTerms(
            pay=self.pay.data,
            months=self.months.data,
            district=self.district.data,
            address=self.address.data,
            start_on=self.start_on.data,
            contract_type=ContractType(self.contract_type.data),
            contract_months=self.contract_months.data,
            probation_months=self.probation_months.data or 0,
            probation_pay=self.probation_pay.data,
            deadline_on=self.deadline_on.data,
        )


class StartForm(StepForm):
    """The first day at work."""

    started_on = DateField(_l("到岗日期"), [NEEDED])
    contract_on = DateField(
        _l("劳动合同签订日期"),
        [Optional()],
        description=_l("须在用工之日起一个月内签订（《劳动合同法》第十条）。还没签可以留空。"),
    )

    def suggest(self, application: Application) -> None:  # noqa: ARG002 - today, whoever it is
        """Offer today."""
        self.started_on.data = today()


class ReasonForm(StepForm):
    """Why, in words the graduate will read."""

    reason = TextAreaField(
        _l("原因"), [InputRequired(_l("请说明原因，对方会看到。")), WORDS], render_kw={"rows": 3}
    )


class LeavingForm(ReasonForm):
    """The last day at work, and why."""

    left_on = DateField(_l("离职日期"), [NEEDED])
