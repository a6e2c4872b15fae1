"""Kinds of postings, the life of a posting and what the law demands of one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.words import N_

MAX_DAYS_LIVE = 90
LONG_OVER = timedelta(days=30)
"""Who is over for so long and begins again is new again; who is over for less does not become so by it."""


class Kind(StrEnum):
    """What an employer offers."""

    JOB = "job"
    INTERNSHIP = "internship"
    TRAINEESHIP = "traineeship"
    GRASSROOTS = "grassroots"
    RESEARCH_ASSISTANT = "research_assistant"


class PostingStatus(StrEnum):
    """Where a posting stands on its way to the public and back."""

    DRAFT = "draft"
    REVIEW = "review"
    RETURNED = "returned"
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"
    EXPIRED = "expired"
    REMOVED = "removed"
    ARCHIVED = "archived"


LABELS: Mapping[StrEnum, str] = {
    Kind.JOB: N_("全职"),
    Kind.INTERNSHIP: N_("实习"),
    Kind.TRAINEESHIP: N_("就业见习"),
    Kind.GRASSROOTS: N_("基层项目"),
    Kind.RESEARCH_ASSISTANT: N_("科研助理"),
    PostingStatus.DRAFT: N_("草稿"),
    PostingStatus.REVIEW: N_("审核中"),
    PostingStatus.RETURNED: N_("已退回"),
    PostingStatus.LIVE: N_("招聘中"),
    PostingStatus.PAUSED: N_("已暂停"),
    PostingStatus.CLOSED: N_("已关闭"),
    PostingStatus.EXPIRED: N_("已到期"),
    PostingStatus.REMOVED: N_("已下架"),
    PostingStatus.ARCHIVED: N_("仅存档"),
}

EMPLOYMENT = frozenset({Kind.JOB, Kind.GRASSROOTS, Kind.RESEARCH_ASSISTANT})
"""Kinds whose placement can count; an internship or traineeship never does (MOE 四不准)."""


def is_published_anew(ended_at: datetime, at: datetime) -> bool:
    """Say whether a posting that is opened again after it ended is published anew, with a new date."""
    return at - ended_at >= LONG_OVER
