"""The steps an employer takes in an application: what each is called, asks, does and brings about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.interviews import Mode, Report
from webapp.domain.pipeline import Stage, allowed
from webapp.domain.rejection import RejectReason
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.employers import step_forms as forms
from webapp.queries.pipelines import ApplicationPage
from webapp.services import agreements, applications, employment, interviews, offers
from webapp.unit_of_work import db

Deed = Callable[[Any, ApplicationPage], object]


@dataclass(frozen=True, slots=True)
class EmployerStep:
    """One step: its verb, the stage it leads to, its form, its deed and what follows from it."""

    verb: str
    target: Stage
    form: type[forms.StepForm]
    do: Deed
    consequences: tuple[str, ...] = ()
    final: bool = False


def _screen_in(form: forms.NoteForm, page: ApplicationPage) -> object:
    return applications.screen_in(db(), **_whose(page), note=form.note.data or None)


def _assess(form: forms.AssessmentForm, page: ApplicationPage) -> object:
    return applications.begin_assessment(db(), **_whose(page), note=form.note.data)


def _reject(form: forms.RejectForm, page: ApplicationPage) -> object:
    reason = RejectReason(form.reason.data)
    return applications.reject(db(), **_whose(page), reason=reason, note=form.note.data or None)


def _schedule(form: forms.InterviewForm, page: ApplicationPage) -> object:
    return interviews.schedule_interview(
        db(),
        **_whose(page),
        starts_at=form.instant,
        mode=Mode(form.mode.data),
        place=form.place.data,
        contact=form.contact.data or None,
    )


def _report(form: forms.ReportForm, page: ApplicationPage) -> object:
    latest = page.interviews[-1]
    return interviews.report_interview(
        db(), by=me(), interview_id=latest.id, report=Report(form.report.data), at=now()
    )


def _offer(form: forms.OfferForm, page: ApplicationPage) -> object:
    return offers.make_offer(db(), **_whose(page), terms=form.terms())


def _agree(_form: forms.StepForm, page: ApplicationPage) -> object:
    return agreements.start_agreement(db(), **_whose(page))


def _breach(form: forms.ReasonForm, page: ApplicationPage) -> object:
    return agreements.breach_agreement(db(), **_whose(page), reason=form.reason.data)


def _onboard(form: forms.StartForm, page: ApplicationPage) -> object:
    return employment.onboard(
        db(), **_whose(page), started_on=form.started_on.data, contract_on=form.contract_on.data
    )


def _probation(_form: forms.StepForm, page: ApplicationPage) -> object:
    return employment.start_probation(db(), **_whose(page))


def _confirm(_form: forms.StepForm, page: ApplicationPage) -> object:
    return employment.confirm_employment(db(), **_whose(page))


def _leave(form: forms.LeavingForm, page: ApplicationPage) -> object:
    return employment.record_leaving(db(), **_whose(page), left_on=form.left_on.data, reason=form.reason.data)


def _whose(page: ApplicationPage) -> dict[str, Any]:
    return {"by": me(), "application_id": page.application.id, "at": now()}


STEPS: Mapping[str, EmployerStep] = {
    "screen-in": EmployerStep(
        N_("筛选通过"), Stage.SCREENED_IN, forms.NoteForm, _screen_in, (N_("毕业生会收到通知。"),)
    ),
    "assessment": EmployerStep(
        N_("安排测评"), Stage.ASSESSMENT, forms.AssessmentForm, _assess, (N_("毕业生会收到测评说明。"),)
    ),
    "interview": EmployerStep(
        N_("邀请面试"),
        Stage.INTERVIEW_SCHEDULED,
        forms.InterviewForm,
        _schedule,
        (N_("毕业生会收到时间和地点，并请对方确认。"),),
    ),
    "report": EmployerStep(
        N_("记录面试情况"),
        Stage.INTERVIEWED,
        forms.ReportForm,
        _report,
        (N_("毕业生也会记录；双方不一致时不会自动推进。"),),
    ),
    "offer": EmployerStep(
        N_("发出录用通知"),
        Stage.OFFER_MADE,
        forms.OfferForm,
        _offer,
        (N_("对方可以在期限内接受或谢绝。"), N_("录用条件发出后不能修改，请核对清楚。")),
    ),
    "agreement": EmployerStep(
        N_("发起签约"),
        Stage.AGREEMENT_PENDING,
        forms.StepForm,
        _agree,
        (
            N_("请与毕业生签订就业协议或劳动合同；平台只记录，不代替签约。"),
            N_("签好后由毕业生记录日期和编号。"),
        ),
    ),
    "onboard": EmployerStep(
        N_("确认到岗"),
        Stage.ONBOARDED,
        forms.StartForm,
        _onboard,
        (N_("正式岗位会生成一条就业去向，等待补充材料和核验。"),),
    ),
    "probation": EmployerStep(
        N_("开始试用期"), Stage.PROBATION, forms.StepForm, _probation, (N_("期满后请确认转正。"),)
    ),
    "confirm": EmployerStep(
        N_("确认转正"), Stage.CONFIRMED, forms.StepForm, _confirm, (N_("毕业生会收到转正通知。"),)
    ),
    "reject": EmployerStep(
        N_("婉拒"),
        Stage.REJECTED,
        forms.RejectForm,
        _reject,
        (N_("毕业生会看到您选择的原因。"), N_("这份投递就此结束，不能撤销。")),
        final=True,
    ),
    "breach": EmployerStep(
        N_("取消录用"),
        Stage.BREACHED,
        forms.ReasonForm,
        _breach,
        (N_("名额立即释放，毕业生会看到原因。"), N_("取消录用可能承担违约责任，且不能撤销。")),
        final=True,
    ),
    "leave": EmployerStep(
        N_("记录离职"),
        Stage.LEFT,
        forms.LeavingForm,
        _leave,
        (N_("毕业生会收到通知，可以提出异议。"), N_("记录后不能撤销。")),
        final=True,
    ),
}


def steps_from(page: ApplicationPage) -> dict[str, EmployerStep]:
    """Return the steps an employer may take now, those that go on before those that end it.

    A pending interview may be reported once it has begun, or be appointed anew.
    """
    stage = page.application.stage
    targets = set(allowed(stage, Role.EMPLOYER))
    if not offers.may_follow(page.application):
        targets.discard(Stage.OFFER_MADE)
    if stage is Stage.INTERVIEW_SCHEDULED:
        targets.add(Stage.INTERVIEW_SCHEDULED)
        if page.interview is not None and page.interview.starts_at > now():
            targets.discard(Stage.INTERVIEWED)
    if stage is Stage.ONBOARDED and page.offer is not None:
        targets.discard(Stage.CONFIRMED if page.offer.probation_months else Stage.PROBATION)
    return {slug: step for slug, step in STEPS.items() if step.target in targets}
