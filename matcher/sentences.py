"""The sentences in which a match explains itself: simplified Chinese message ids."""

from __future__ import annotations

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the marker Babel knows
    """Mark a message for translation; the edge translates it."""
    return message


SENTENCES: Mapping[str, str] = {
    "skill_covered": N_("具备所需技能：%(skill)s"),
    "skill_missing": N_("未提到所需技能：%(skill)s"),
    "skill_used": N_("具备岗位会用到的技能：%(skill)s"),
    "plus_met": N_("具备加分项：%(skill)s"),
    "plus_other": N_("加分项：%(skill)s"),
    "degree_met": N_("学历符合要求：%(required)s及以上"),
    "degree_short": N_("学历要求%(required)s及以上"),
    "degree_unknown": N_("简历未写学历，要求%(required)s及以上"),
    "major_met": N_("专业对口：%(major)s"),
    "major_other": N_("专业要求：%(majors)s"),
    "major_related": N_("所学%(major)s与岗位方向相关"),
    "wanted": N_("与求职意向“%(wanted)s”一致"),
    "wanted_near": N_("求职意向“%(wanted)s”和“%(title)s”是相近的工作"),
    "kind_met": N_("岗位类型符合意愿"),
    "kind_other": N_("岗位类型不在意愿之内"),
    "district_met": N_("工作地点在意愿区域内"),
    "district_other": N_("工作地点不在意愿区域内"),
    "pay_met": N_("薪资达到期望：每月%(pay)d元"),
    "pay_short": N_("薪资低于期望：期望每月%(wish)d元，最高%(pay)d元"),
    "pay_unknown": N_("未写明薪资"),
    "cluster_met": N_("属于关注的产业"),
    "start_late": N_("到岗时间晚于岗位要求"),
    "similar": N_("经历与岗位内容相近，比如“%(words)s”"),
    "converts": N_("可以转正"),
    "converts_not": N_("没有写明可以转正"),
    "query_term": N_("提到“%(term)s”"),
    "query_term_missing": N_("未提到“%(term)s”"),
}
