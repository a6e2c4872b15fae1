"""When a count may be taken back for a cause: what is on record must not speak against it (DOMAIN 1.7)."""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.errors import PlatformError
from webapp.domain.programme import Ruleset, outcome_code
from webapp.domain.retention import Cause
from webapp.domain.words import N_


class NotByAgreement(PlatformError):
    """An agreement that ended takes no count back that did not rest on it."""

    message = N_("这笔计数不是按就业协议计入的，不能以协议解除为由冲销。请另选原因。")


class StayedLongEnough(PlatformError):
    """An ordinary change of job is no reversal."""

    message = N_("登记的在岗时间已满 %(days)d 日，正常换工作不冲销。")


class GraceNotOver(PlatformError):
    """There is still time to find other work in the city."""

    message = N_("离开还不到 %(days)d 日，期满仍没有新的在汉去向才能冲销。")


class WorksHereAgain(PlatformError):
    """Other work in the city was found in time."""

    message = N_("离开后 %(days)d 日内已有新的在汉去向，不冲销。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """What is on record of a counted outcome; ``next_on`` is the first later outcome in the city."""

    code: str
    started_on: date
    ended_on: date | None = None
    next_on: date | None = None


def check_cause(cause: Cause, tenure: Tenure, *, on: date, ruleset: Ruleset) -> None:
    """Refuse a cause that the record contradicts; where nothing is on record two officers decide."""
    code = outcome_code(tenure.code)
    if cause is Cause.R3 and not (code and code.on_onboarding):
        raise NotByAgreement
    if cause is not Cause.R4 or tenure.ended_on is None:
        return
    if (tenure.ended_on - tenure.started_on).days >= ruleset.min_tenure_days:
        raise StayedLongEnough(days=ruleset.min_tenure_days)
    grace = tenure.ended_on + timedelta(days=ruleset.grace_days)
    if tenure.next_on is not None and tenure.next_on <= grace:
        raise WorksHereAgain(days=ruleset.grace_days)
    if on < grace:
        raise GraceNotOver(days=ruleset.grace_days)
