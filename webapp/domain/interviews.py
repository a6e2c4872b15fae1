"""Interviews: how they are held, who says they took place, and what follows from it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.pipeline import Stage
from webapp.domain.words import N_

SILENCE = timedelta(hours=24)
"""After the slot, how long the silent side may still answer before the other's word stands (DOMAIN 3.2)."""


class Mode(StrEnum):
    """How an interview is held."""

    ONSITE = "onsite"
    VIDEO = "video"
    PHONE = "phone"


class Report(StrEnum):
    """What one side says about an interview."""

    HELD = "held"
    GRADUATE_ABSENT = "graduate_absent"
    EMPLOYER_ABSENT = "employer_absent"


LABELS: Mapping[StrEnum, str] = {
    Mode.ONSITE: N_("现场面试"),
    Mode.VIDEO: N_("视频面试"),
    Mode.PHONE: N_("电话面试"),
    Report.HELD: N_("面试已进行"),
    Report.GRADUATE_ABSENT: N_("毕业生未到"),
    Report.EMPLOYER_ABSENT: N_("单位未到"),
}


def outcome_of(
    employer: Report | None, graduate: Report | None, *, starts_at: datetime, at: datetime
) -> Stage | None:
    """Return the stage both reports lead to, ``None`` while they are open or contradict each other.

    An employer who says it took place is believed at once; an absence needs the other side's word or
    its silence for 24 hours.
    """
    if employer and graduate:
        agreed = employer if employer is graduate else None
    elif employer is Report.HELD or at - starts_at >= SILENCE:
        agreed = employer or graduate
    else:
        agreed = None
    if agreed is None:
        return None
    return Stage.INTERVIEWED if agreed is Report.HELD else Stage.NO_SHOW
