"""Why an employer says no, as a coded list."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_


class RejectReason(StrEnum):
    """Why an employer says no: a coded list, so that a refusal can be kind and can be counted."""

    SKILLS = "skills"
    EXPERIENCE = "experience"
    MAJOR = "major"
    DEGREE = "degree"
    PLACE_OR_TIME = "place_or_time"
    PAY = "pay"
    ASSESSMENT = "assessment"
    INTERVIEW = "interview"
    NO_SHOW = "no_show"
    FILLED = "filled"
    CLOSED = "closed"


LABELS: Mapping[RejectReason, str] = {
    RejectReason.SKILLS: N_("技能与岗位要求还有差距"),
    RejectReason.EXPERIENCE: N_("项目或实践经历与岗位不够贴近"),
    RejectReason.MAJOR: N_("专业方向与岗位不一致"),
    RejectReason.DEGREE: N_("学历未达到岗位要求"),
    RejectReason.PLACE_OR_TIME: N_("工作地点或到岗时间不合适"),
    RejectReason.PAY: N_("薪酬期望与岗位差距较大"),
    RejectReason.ASSESSMENT: N_("测评结果未达到要求"),
    RejectReason.INTERVIEW: N_("面试后决定录用更匹配的人选"),
    RejectReason.NO_SHOW: N_("未参加约定的面试"),
    RejectReason.FILLED: N_("岗位已经招满"),
    RejectReason.CLOSED: N_("岗位已停止招聘"),
}
