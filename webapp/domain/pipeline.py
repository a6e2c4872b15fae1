"""The pipeline of an application: the only place that knows which stage may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.errors import PlatformError
from webapp.domain.roles import Role
from webapp.domain.words import N_


class Stage(StrEnum):
    """Stages of an application (DOMAIN 3.2)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VIEWED = "viewed"
    SCREENED_IN = "screened_in"
    ASSESSMENT = "assessment"
    INTERVIEW_SCHEDULED = "interview_scheduled"
    INTERVIEWED = "interviewed"
    NO_SHOW = "no_show"
    OFFER_MADE = "offer_made"
    ACCEPTED = "accepted"
    AGREEMENT_PENDING = "agreement_pending"
    AGREEMENT_SIGNED = "agreement_signed"
    ONBOARDED = "onboarded"
    PROBATION = "probation"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    DECLINED = "declined"
    EXPIRED = "expired"
    BREACHED = "breached"
    DISSOLVED = "dissolved"
    LEFT = "left"


LABELS: Mapping[Stage, str] = {
    Stage.DRAFT: N_("草稿"),
    Stage.SUBMITTED: N_("已投递"),
    Stage.VIEWED: N_("已查看"),
    Stage.SCREENED_IN: N_("筛选通过"),
    Stage.ASSESSMENT: N_("测评中"),
    Stage.INTERVIEW_SCHEDULED: N_("待面试"),
    Stage.INTERVIEWED: N_("已面试"),
    Stage.NO_SHOW: N_("未到面试"),
    Stage.OFFER_MADE: N_("已发录用通知"),
    Stage.ACCEPTED: N_("已接受录用"),
    Stage.AGREEMENT_PENDING: N_("签约中"),
    Stage.AGREEMENT_SIGNED: N_("已签约"),
    Stage.ONBOARDED: N_("已到岗"),
    Stage.PROBATION: N_("试用期"),
    Stage.CONFIRMED: N_("已转正"),
    Stage.WITHDRAWN: N_("已撤回"),
    Stage.REJECTED: N_("未通过"),
    Stage.DECLINED: N_("已谢绝录用"),
    Stage.EXPIRED: N_("录用通知已过期"),
    Stage.BREACHED: N_("已违约"),
    Stage.DISSOLVED: N_("已解约"),
    Stage.LEFT: N_("已离职"),
}

PROMISED = frozenset({Stage.ACCEPTED, Stage.AGREEMENT_PENDING, Stage.AGREEMENT_SIGNED})
"""A place has been promised and nobody has started yet: one such promise of work per graduate."""

EMPLOYED = frozenset({Stage.ONBOARDED, Stage.PROBATION, Stage.CONFIRMED})
"""The graduate is there."""

ANSWERS = frozenset({Stage.SCREENED_IN, Stage.REJECTED})
"""Stages that answer the graduate for the first time; being looked at is no answer."""


class Guard(StrEnum):
    """What must hold besides the stage; the services check it against the rows."""

    CONSENT = "consent"
    POSTING_LIVE = "posting_live"
    CONVERSION = "conversion"
    SLOT_PASSED = "slot_passed"
    TERMS_LAWFUL = "terms_lawful"
    PLACE_FREE = "place_free"
    ONE_PROMISE = "one_promise"
    BEFORE_DEADLINE = "before_deadline"
    DEADLINE_PASSED = "deadline_passed"
    SCHOOL_AGREES = "school_agrees"
    NO_PROBATION = "no_probation"


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted step: who may take it, what must hold, how soon it is expected.

    ``None`` among the actors is the platform itself. ``due_days`` counts from the day the source stage
    was reached (DOMAIN 3.2, default SLA).
    """

    source: Stage
    target: Stage
    actors: frozenset[Role | None]
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    due_days: int | None = None


_GRADUATE: frozenset[Role | None] = frozenset({Role.GRADUATE})
_EMPLOYER: frozenset[Role | None] = frozenset({Role.EMPLOYER})
_EITHER = _GRADUATE | _EMPLOYER
_PLATFORM: frozenset[Role | None] = frozenset({None})

# A rejection before the interview (screened in, being tested, not come) is not in the printed table; without
# it an applicant who failed a test could never be answered.
_REJECTABLE = (
    Stage.SUBMITTED,
    Stage.VIEWED,
    Stage.SCREENED_IN,
    Stage.ASSESSMENT,
    Stage.INTERVIEW_SCHEDULED,
    Stage.INTERVIEWED,
    Stage.NO_SHOW,
)
_WITHDRAWABLE = (*_REJECTABLE, Stage.OFFER_MADE, Stage.ACCEPTED, Stage.AGREEMENT_PENDING)
_SCREENING_DAYS = 7

_STEPS = (
    Step(Stage.DRAFT, Stage.SUBMITTED, _GRADUATE, (Guard.CONSENT, Guard.POSTING_LIVE)),
    *(Step(source, Stage.WITHDRAWN, _GRADUATE) for source in _WITHDRAWABLE),
    Step(Stage.SUBMITTED, Stage.VIEWED, _EMPLOYER, due_days=3),
    Step(Stage.SUBMITTED, Stage.SCREENED_IN, _EMPLOYER, due_days=_SCREENING_DAYS),
    Step(Stage.VIEWED, Stage.SCREENED_IN, _EMPLOYER, due_days=_SCREENING_DAYS),
    *(Step(source, Stage.REJECTED, _EMPLOYER, needs_reason=True) for source in _REJECTABLE),
    Step(Stage.SCREENED_IN, Stage.ASSESSMENT, _EMPLOYER, due_days=_SCREENING_DAYS),
    Step(Stage.SCREENED_IN, Stage.INTERVIEW_SCHEDULED, _EMPLOYER, due_days=_SCREENING_DAYS),
    Step(Stage.SCREENED_IN, Stage.OFFER_MADE, _EMPLOYER, (Guard.CONVERSION, Guard.TERMS_LAWFUL)),
    Step(Stage.ASSESSMENT, Stage.INTERVIEW_SCHEDULED, _EMPLOYER, due_days=_SCREENING_DAYS),
    Step(Stage.NO_SHOW, Stage.INTERVIEW_SCHEDULED, _EMPLOYER),
    Step(Stage.INTERVIEW_SCHEDULED, Stage.INTERVIEWED, _EITHER | _PLATFORM, (Guard.SLOT_PASSED,), due_days=1),
    Step(Stage.INTERVIEW_SCHEDULED, Stage.NO_SHOW, _EITHER | _PLATFORM, (Guard.SLOT_PASSED,), due_days=1),
    Step(Stage.INTERVIEWED, Stage.OFFER_MADE, _EMPLOYER, (Guard.TERMS_LAWFUL,), due_days=10),
    Step(
        Stage.OFFER_MADE,
        Stage.ACCEPTED,
        _GRADUATE,
        (Guard.BEFORE_DEADLINE, Guard.ONE_PROMISE, Guard.PLACE_FREE),
    ),
    Step(Stage.OFFER_MADE, Stage.DECLINED, _GRADUATE),
    Step(Stage.OFFER_MADE, Stage.EXPIRED, _PLATFORM, (Guard.DEADLINE_PASSED,)),
    Step(Stage.ACCEPTED, Stage.AGREEMENT_PENDING, _EITHER, due_days=15),
    Step(
        Stage.AGREEMENT_PENDING,
        Stage.AGREEMENT_SIGNED,
        frozenset({Role.GRADUATE, Role.OFFICER}),
        due_days=15,
    ),
    Step(Stage.ACCEPTED, Stage.BREACHED, _EMPLOYER, needs_reason=True),
    Step(Stage.AGREEMENT_PENDING, Stage.BREACHED, _EMPLOYER, needs_reason=True),
    Step(Stage.AGREEMENT_SIGNED, Stage.BREACHED, _EITHER, needs_reason=True),
    Step(
        Stage.AGREEMENT_SIGNED,
        Stage.DISSOLVED,
        frozenset({Role.OFFICER}),
        (Guard.SCHOOL_AGREES,),
        needs_reason=True,
    ),
    Step(Stage.AGREEMENT_SIGNED, Stage.ONBOARDED, _EITHER),
    Step(Stage.ONBOARDED, Stage.PROBATION, _EMPLOYER),
    Step(Stage.ONBOARDED, Stage.CONFIRMED, _EMPLOYER, (Guard.NO_PROBATION,)),
    Step(Stage.PROBATION, Stage.CONFIRMED, _EMPLOYER),
    *(
        Step(source, Stage.LEFT, _EITHER, needs_reason=True)
        for source in (Stage.ONBOARDED, Stage.PROBATION, Stage.CONFIRMED)
    ),
)

STEPS: Mapping[tuple[Stage, Stage], Step] = {(step.source, step.target): step for step in _STEPS}
FINAL = frozenset(Stage) - {step.source for step in _STEPS}
OPEN = frozenset(Stage) - FINAL - {Stage.DRAFT}


class StageNotAllowed(PlatformError):
    """A step that is not in the table; the sentence names both ends."""

    message = N_("这份申请现在是“%(source)s”，不能直接变为“%(target)s”。请刷新页面，看看它的最新进展。")


class NotYourStep(PlatformError):
    """The step exists, but the other side takes it."""

    message = N_("从“%(source)s”到“%(target)s”这一步由对方来完成，请等待对方操作。")


class ReasonNeeded(PlatformError):
    """A step that must be explained to the other side."""

    message = N_("变为“%(target)s”需要说明原因，对方会看到。请补上原因再试一次。")


def allowed(source: Stage, role: Role | None) -> tuple[Stage, ...]:
    """Return the stages that ``role`` may move an application to, in the table's order."""
    return tuple(step.target for step in _STEPS if step.source is source and role in step.actors)


def check_step(source: Stage, target: Stage, *, role: Role | None, reason: str | None = None) -> Step:
    """Return the step from ``source`` to ``target``.

    Raises :class:`StageNotAllowed` for a step not in the table, :class:`NotYourStep` for the wrong actor
    and :class:`ReasonNeeded` where the other side must be told why.
    """
    step = STEPS.get((source, target))
    if step is None:
        raise StageNotAllowed(source=LABELS[source], target=LABELS[target])
    if role not in step.actors:
        raise NotYourStep(source=LABELS[source], target=LABELS[target])
    if step.needs_reason and not (reason or "").strip():
        raise ReasonNeeded(target=LABELS[target])
    return step
