"""What a graduate may do with an application: each deed with its words, its form and its service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from webapp.domain.pipeline import Stage, allowed
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.models import User
from webapp.services.agreements import (
    breach_agreement,
    request_dissolution,
    sign_agreement,
    start_agreement,
)
from webapp.services.applications import withdraw
from webapp.services.employment import onboard, record_leaving
from webapp.services.offers import accept_offer, decline_offer
from webapp.ui.forms import Form

DAY = InputRequired(_l("请填写日期。"))


class SureForm(Form):
    """Nothing more to say than yes."""


class ReasonForm(Form):
    """A reason one may leave out."""

    reason = TextAreaField(_l("原因"), [Length(max=500)], render_kw={"rows": 3})


class NeededReasonForm(Form):
    """A reason the other side will read."""

    reason = TextAreaField(
        _l("原因（对方会看到）"),
        [InputRequired(_l("请写明原因。")), Length(max=500)],
        render_kw={"rows": 3},
    )


class SignForm(Form):
    """When it was signed, and its number."""

    signed_on = DateField(_l("签约日期"), [DAY])
    number = StringField(
        _l("网签编号或协议书编号"), [Length(max=64)], description=_l("签的是劳动合同、没有编号的可以不填。")
    )


class StartForm(Form):
    """The first day at work."""

    started_on = DateField(_l("到岗日期"), [DAY])
    contract_on = DateField(
        _l("劳动合同签订日期"), [Optional()], description=_l("还没有签的先不填；应在到岗一个月内签订。")
    )


class LeaveForm(NeededReasonForm):
    """The last day at work."""

    left_on = DateField(_l("离岗日期"), [DAY])


def _ask_dissolution(session: Session, *, at: datetime, **asked: Any) -> object:  # noqa: ARG001 - as every deed
    return request_dissolution(session, **asked)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a graduate may do: what it is called, what follows, what it asks, what does it."""

    target: Stage | None
    verb: str
    title: str
    consequences: Sequence[str]
    act: Callable[..., object]
    form: type[Form] = SureForm
    danger: bool = False
    done: str = N_("已记录，对方会收到通知。")
    sources: frozenset[Stage] = field(default_factory=frozenset)

    def open_at(self, stage: Stage) -> bool:
        """Say whether the pipeline allows it at a stage."""
        if self.target is None:
            return stage in self.sources
        return self.target in allowed(stage, Role.GRADUATE)

    def do(self, session: Session, *, by: User, application_id: int, at: datetime, form: Form) -> None:
        """Do it with what the form says."""
        said: dict[str, Any] = {
            one.short_name: one.data for one in form if one.type not in ("CSRFTokenField", "HiddenField")
        }
        self.act(session, by=by, application_id=application_id, at=at, **said)


DEEDS: Mapping[str, Deed] = {
    "accept": Deed(
        Stage.ACCEPTED,
        N_("接受录用"),
        N_("接受这份录用"),
        (
            N_("名额为你保留，单位不能再给别人。"),
            N_("同一时间只能接受一份录用；其他录用请先谢绝。"),
            N_("接下来双方签订就业协议或劳动合同。"),
        ),
        accept_offer,
        done=N_("恭喜！你已接受录用，单位会与你联系签约。"),
    ),
    "decline": Deed(
        Stage.DECLINED,
        N_("谢绝录用"),
        N_("谢绝这份录用"),
        (N_("单位会收到通知，名额留给其他人。"), N_("谢绝后不能反悔，需要单位重新发出录用。")),
        decline_offer,
        ReasonForm,
        danger=True,
    ),
    "start-agreement": Deed(
        Stage.AGREEMENT_PENDING,
        N_("开始签约"),
        N_("开始签约"),
        (N_("单位会收到通知。"), N_("就业协议在教育部网签平台或线下签订，签好后回到这里记录日期和编号。")),
        start_agreement,
    ),
    "sign": Deed(
        Stage.AGREEMENT_SIGNED,
        N_("记录签约"),
        N_("记录签约日期和编号"),
        (N_("单位和学校会看到签约已完成。"), N_("同一时间只能有一份已签的就业协议。")),
        sign_agreement,
        SignForm,
        done=N_("签约已记录。到岗当天记得回来确认。"),
    ),
    "onboard": Deed(
        Stage.ONBOARDED,
        N_("确认到岗"),
        N_("确认已经到岗"),
        (N_("单位会收到通知。"), N_("全职岗位会同时登记就业去向，核验后计入留汉统计。")),
        onboard,
        StartForm,
        done=N_("欢迎留在武汉！请到“我的去向”补充证明材料。"),
    ),
    "dissolve": Deed(
        None,
        N_("申请解约"),
        N_("申请解除就业协议"),
        (N_("学校会看到你的申请和原因，由学校决定是否同意。"), N_("学校同意后协议解除，名额释放。")),
        _ask_dissolution,
        NeededReasonForm,
        danger=True,
        sources=frozenset({Stage.AGREEMENT_SIGNED}),
    ),
    "breach": Deed(
        Stage.BREACHED,
        N_("不再履行签约"),
        N_("不再履行这次签约"),
        (N_("单位会看到你写的原因，名额释放。"), N_("协议约定了违约责任的，可能需要你承担。")),
        breach_agreement,
        NeededReasonForm,
        danger=True,
    ),
    "leave": Deed(
        Stage.LEFT,
        N_("记录离岗"),
        N_("记录离岗"),
        (N_("单位会收到通知。"), N_("已核验的就业去向会记下结束日期。")),
        record_leaving,
        LeaveForm,
        danger=True,
    ),
    "withdraw": Deed(
        Stage.WITHDRAWN,
        N_("撤回投递"),
        N_("撤回这次投递"),
        (N_("单位从现在起不能再查看你的简历和联系方式。"), N_("撤回后不能恢复，可以重新投递。")),
        withdraw,
        ReasonForm,
        danger=True,
        done=N_("已撤回，单位不能再查看你的简历。"),
    ),
}
"""In the order the buttons are offered: forward first, the way out last."""


def open_deeds(stage: Stage) -> dict[str, Deed]:
    """Return what a graduate may do at a stage, by name."""
    return {name: deed for name, deed in DEEDS.items() if deed.open_at(stage)}
