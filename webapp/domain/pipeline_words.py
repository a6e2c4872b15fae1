"""What happens next with an application, said to each side in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.domain.words import N_


class Turn(StrEnum):
    """Who is expected to act."""

    GRADUATE = "graduate"
    EMPLOYER = "employer"
    SCHOOL = "school"
    NOBODY = "nobody"


LABELS: Mapping[Turn, str] = {
    Turn.GRADUATE: N_("等毕业生处理"),
    Turn.EMPLOYER: N_("等用人单位处理"),
    Turn.SCHOOL: N_("等学校处理"),
    Turn.NOBODY: N_("无需处理"),
}


@dataclass(frozen=True, slots=True)
class Next:
    """Whose turn it is, and the sentence that says what comes next."""

    turn: Turn
    sentence: str


_TURNS: Mapping[Stage, Turn] = {
    Stage.DRAFT: Turn.GRADUATE,
    Stage.SUBMITTED: Turn.EMPLOYER,
    Stage.VIEWED: Turn.EMPLOYER,
    Stage.SCREENED_IN: Turn.EMPLOYER,
    Stage.ASSESSMENT: Turn.EMPLOYER,
    Stage.INTERVIEW_SCHEDULED: Turn.GRADUATE,
    Stage.INTERVIEWED: Turn.EMPLOYER,
    Stage.NO_SHOW: Turn.EMPLOYER,
    Stage.OFFER_MADE: Turn.GRADUATE,
    Stage.ACCEPTED: Turn.EMPLOYER,
    Stage.AGREEMENT_PENDING: Turn.GRADUATE,
    Stage.AGREEMENT_SIGNED: Turn.EMPLOYER,
    Stage.ONBOARDED: Turn.EMPLOYER,
    Stage.PROBATION: Turn.EMPLOYER,
}

_TO_GRADUATE: Mapping[Stage, str] = {
    Stage.DRAFT: N_("投递后单位才能看到。"),
    Stage.SUBMITTED: N_("单位通常在 3 个工作日内查看，7 天内答复。"),
    Stage.VIEWED: N_("单位已看过你的简历，正在决定是否约你面试。"),
    Stage.SCREENED_IN: N_("你已通过筛选，单位会安排测评或面试。"),
    Stage.ASSESSMENT: N_("请按单位的说明完成测评，随后等待面试安排。"),
    Stage.INTERVIEW_SCHEDULED: N_("请确认面试时间和地点；面试后请告诉我们是否按时进行。"),
    Stage.INTERVIEWED: N_("单位一般在 10 天内给出结果。"),
    Stage.NO_SHOW: N_("记录显示面试没有进行，单位可以重新约时间。"),
    Stage.OFFER_MADE: N_("请看清薪酬、地点和试用期，在截止日期前答复。"),
    Stage.ACCEPTED: N_("名额已为你保留，接下来签订就业协议或劳动合同。"),
    Stage.AGREEMENT_PENDING: N_("双方签好后，请你在这里记录签约日期和编号。"),
    Stage.AGREEMENT_SIGNED: N_("到岗后请单位或你本人在这里确认。"),
    Stage.ONBOARDED: N_("欢迎留在武汉。请补充证明材料，完成去向核验。"),
    Stage.PROBATION: N_("你在试用期内，期满后由单位确认转正。"),
    Stage.CONFIRMED: N_("你已转正。我们会在 6、12、24 个月时回访。"),
    Stage.WITHDRAWN: N_("你已撤回，单位不能再查看你的简历。还有其他岗位在等你。"),
    Stage.REJECTED: N_("这次没有成，原因写在下面。看看为你推荐的其他岗位吧。"),
    Stage.DECLINED: N_("你已谢绝这份录用。"),
    Stage.EXPIRED: N_("录用通知已过答复期限。如仍有意向，可联系单位重新发出。"),
    Stage.BREACHED: N_("这次签约没有履行，原因写在下面。"),
    Stage.DISSOLVED: N_("协议已解除，你可以继续应聘其他岗位。"),
    Stage.LEFT: N_("你已离开这个岗位，可以继续应聘其他岗位。"),
}

_TO_EMPLOYER: Mapping[Stage, str] = {
    Stage.DRAFT: N_("毕业生尚未投递。"),
    Stage.SUBMITTED: N_("请查看简历，7 天内答复；14 天未答复会显示在单位主页。"),
    Stage.VIEWED: N_("请决定是否通过筛选；不合适请婉拒并说明原因。"),
    Stage.SCREENED_IN: N_("请安排测评或面试。"),
    Stage.ASSESSMENT: N_("测评完成后请安排面试或答复结果。"),
    Stage.INTERVIEW_SCHEDULED: N_("面试后请记录是否按时进行。"),
    Stage.INTERVIEWED: N_("请在 10 天内发出录用通知或婉拒。"),
    Stage.NO_SHOW: N_("可以重新约时间，也可以婉拒。"),
    Stage.OFFER_MADE: N_("等待毕业生答复，截止后自动失效。"),
    Stage.ACCEPTED: N_("名额已锁定，请在 15 天内发起签约。"),
    Stage.AGREEMENT_PENDING: N_("请完成签约，由毕业生记录签约日期和编号。"),
    Stage.AGREEMENT_SIGNED: N_("到岗当天请确认到岗；劳动合同须在用工一个月内签订。"),
    Stage.ONBOARDED: N_("有试用期的请开始试用期，没有的请确认转正。"),
    Stage.PROBATION: N_("试用期满请确认转正。"),
    Stage.CONFIRMED: N_("已转正，无需处理。"),
    Stage.WITHDRAWN: N_("毕业生已撤回，简历不再对您开放。"),
    Stage.REJECTED: N_("已婉拒，毕业生能看到您选择的原因。"),
    Stage.DECLINED: N_("毕业生谢绝了这份录用，名额仍可发给其他人。"),
    Stage.EXPIRED: N_("毕业生未在期限内答复，名额仍可发给其他人。"),
    Stage.BREACHED: N_("签约未履行，名额已释放。"),
    Stage.DISSOLVED: N_("协议已解除，名额已释放。"),
    Stage.LEFT: N_("这位毕业生已离职。"),
}


def next_of(stage: Stage, audience: Role) -> Next:
    """Return whose turn it is and what ``audience`` should read about it."""
    words = _TO_GRADUATE if audience is Role.GRADUATE else _TO_EMPLOYER
    return Next(_TURNS.get(stage, Turn.NOBODY), words[stage])
