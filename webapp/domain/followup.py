"""Following up who stayed: when to ask, who may say what, what the answers come to (DOMAIN 1.10).

A follow-up never changes a count (invariant I13): nothing here knows the ledger.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from webapp.domain.errors import PlatformError
from webapp.domain.programme import read_table
from webapp.domain.survival import wilson
from webapp.domain.words import N_


class Result(StrEnum):
    """What is known of a person at a checkpoint."""

    RETAINED_A = "retained_a"
    RETAINED_C = "retained_c"
    LEFT = "left"
    STUDY = "study"
    MILITARY = "military"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who said so, the strongest word first."""

    INSURANCE = "insurance"
    GRADUATE = "graduate"
    OFFICER = "officer"
    EMPLOYER = "employer"


LABELS: Mapping[StrEnum, str] = {
    Result.RETAINED_A: N_("在汉（参保记录）"),
    Result.RETAINED_C: N_("在汉（本人或单位答复）"),
    Result.LEFT: N_("已离开武汉"),
    Result.STUDY: N_("升学"),
    Result.MILITARY: N_("应征入伍"),
    Result.UNKNOWN: N_("未取得联系"),
    Source.INSURANCE: N_("参保名单比对"),
    Source.GRADUATE: N_("本人"),
    Source.OFFICER: N_("工作人员回访"),
    Source.EMPLOYER: N_("用人单位"),
}

GONE = frozenset({Result.LEFT, Result.STUDY, Result.MILITARY})
"""Known not to work in the city any more; for the curve only LEFT is an event, the others are censored."""

SAYS: Mapping[Source, tuple[Result, ...]] = {
    Source.INSURANCE: (Result.RETAINED_A,),
    Source.GRADUATE: (Result.RETAINED_C, Result.LEFT, Result.STUDY, Result.MILITARY),
    Source.OFFICER: (Result.RETAINED_C, Result.LEFT, Result.STUDY, Result.MILITARY, Result.UNKNOWN),
    Source.EMPLOYER: (Result.RETAINED_C, Result.UNKNOWN),
}
"""An employer knows that somebody left the firm, not whether they left the city."""

_RANK = {source: rank for rank, source in enumerate(Source)}
_MONTHS = 12


class FollowUpClosed(PlatformError):
    """The window of a checkpoint is not open."""

    message = N_("这次回访的时间是 %(opens)s 到 %(closes)s，现在不能答复。感谢你的关注。")


class AnswerNotTheirs(PlatformError):
    """A source that cannot know what it says."""

    message = N_("这个答复不适用，请从列出的选项中选择一项。")


class ReasonNeeded(PlatformError):
    """Leaving without a coded reason."""

    message = N_("离开武汉的，请选择一个主要原因。")


class LeavingDayNeeded(PlatformError):
    """Not in the city's employment any more, but since when is missing or impossible."""

    message = N_("请填写离开的日期，应在开始工作（%(started)s）与今天之间。")


class Window(NamedTuple):
    """When a checkpoint is due and between which days it is answered."""

    opens_on: date
    due_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people leave, and which lever of the programme could have kept them."""

    code: str
    name: str
    lever: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Dated settings of the follow-up; the threshold is a share of those asked."""

    version: str
    valid_from: date
    valid_to: date | None
    knowledge_threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer; ``left_on`` is the last day of work in the city."""

    source: Source
    result: Result
    at: datetime
    left_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What is known of ``n`` people at a checkpoint: bounds that hold whatever the unknown ones did.

    ``responders`` and its Wilson interval are missing below ``threshold``: a point estimate from too few
    answers would mislead.
    """

    retained_a: int = 0
    retained_c: int = 0
    left: int = 0
    study: int = 0
    military: int = 0
    unknown: int = 0
    threshold: float

    @property
    def n(self) -> int:
        """Return how many were to be asked; answers never change it."""
        return self.known + self.unknown

    @property
    def retained(self) -> int:
        """Return how many are known to have stayed."""
        return self.retained_a + self.retained_c

    @property
    def known(self) -> int:
        """Return of how many anything is known."""
        return self.retained + self.left + self.study + self.military

    @property
    def coverage(self) -> float | None:
        """Return the knowledge rate."""
        return self.known / self.n if self.n else None

    @property
    def lower(self) -> float | None:
        """Return the share that stayed if every unknown person is gone."""
        return self.retained / self.n if self.n else None

    @property
    def upper(self) -> float | None:
        """Return the share that stayed if every unknown person is here."""
        return (self.retained + self.unknown) / self.n if self.n else None

    @property
    def responders(self) -> float | None:
        """Return the share of the known that stayed, nothing below the threshold."""
        return self.retained / self.known if self.enough else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the Wilson interval around :attr:`responders`."""
        return wilson(self.retained, self.known) if self.enough else None

    @property
    def enough(self) -> bool:
        """Say whether enough is known for a point estimate."""
        return self.known > 0 and self.known >= self.threshold * self.n


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month."""
    number = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(number, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def window(started_on: date, months: int, days: int) -> Window:
    """Return when a checkpoint is asked: ``months`` after the start, ``days`` either way."""
    due = add_months(started_on, months)
    return Window(due - timedelta(days=days), due, due + timedelta(days=days))


def months_between(started_on: date, day: date) -> int:
    """Return in which month after the start a day lies; the first one is 1.

    >>> [months_between(date(2026, 7, 1), day) for day in (date(2026, 7, 31), date(2026, 8, 1))]
    [1, 2]
    """
    whole = (day.year - started_on.year) * _MONTHS + day.month - started_on.month
    return whole + (day >= add_months(started_on, whole))


def check_answer(answer: Answer, *, started_on: date, on: date) -> None:
    """Refuse what the source cannot know, and a leaving without its day or its reason."""
    if answer.result not in SAYS[answer.source]:
        raise AnswerNotTheirs
    if answer.result in GONE and not (answer.left_on and started_on <= answer.left_on <= on):
        raise LeavingDayNeeded(started=started_on)
    if answer.result not in GONE and answer.left_on is not None:
        raise AnswerNotTheirs
    if (answer.result is Result.LEFT) != (answer.reason in reasons()):
        raise ReasonNeeded


def settle(answers: Iterable[Answer]) -> Answer | None:
    """Return the answer that stands: the strongest source, its latest word; silence settles nothing."""
    said = [one for one in answers if one.result is not Result.UNKNOWN]
    return min(said, key=lambda one: (_RANK[one.source], -one.at.timestamp()), default=None)


def observed(answer: Answer, *, started_on: date, months: int) -> int:
    """Return up to which month a person was seen in the city: to the checkpoint, or until they left.

    Who left after the checkpoint, but within its window, counts in its last month: later months hold
    leavers only, and a curve over them would fall to nothing.
    """
    return min(months, months_between(started_on, answer.left_on)) if answer.left_on else months


def settings_on(on: date) -> Settings:
    """Return the settings that hold on a day; the file covers every day once."""
    return next(
        one for one in all_settings() if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)
    )


@cache
def all_settings() -> tuple[Settings, ...]:
    """Return the dated settings (data/programme/follow_ups.json)."""
    return tuple(
        Settings(
            version=row["version"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            knowledge_threshold=row["knowledge_threshold"],
        )
        for row in read_table("follow_ups.json")["settings"]
    )


@cache
def reasons() -> Mapping[str | None, Reason]:
    """Return the reasons for leaving by code, in the order people are offered them."""
    rows = read_table("follow_ups.json")["leaving_reasons"]
    return {row["code"]: Reason(row["code"], row["name"], row["lever"]) for row in rows}
