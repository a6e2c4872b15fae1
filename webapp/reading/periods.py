"""Dates and periods as resumes write them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_GAP = r"[^\S\n]"
"""A space within a line: the number that begins the next line belongs to no date."""
_DAY = (
    rf"((?:19|20)\d{{2}}){_GAP}?(?:[./年-]{_GAP}?(0?[1-9]|1[0-2])(?!\d){_GAP}?月?)?"
    rf"(?:[./-]{_GAP}?\d{{1,2}}(?!\d)日?|{_GAP}?\d{{1,2}}{_GAP}?日)?年?"
)
_NOW = r"至今|现在|目前|今|now|present|在读|预计"
_PERIOD = re.compile(
    rf"(?<!\d){_DAY}{_GAP}*(?:[-–—―~～至到]{_GAP}*)+(?:(?:预计)?{_GAP}*{_DAY}|(?:{_NOW}))", re.IGNORECASE
)
_GRADUATION = re.compile(
    rf"(?:毕业(?:时间|日期|年月|年份)\s*[:：]?\s*{_DAY}|(?<!\d){_DAY}\s*(?:预计)?(?:毕业|取得学位))"
)
_COHORT = re.compile(r"(?<!\d)(20\d{2}|\d{2})\s?届")
_ANY_DAY = re.compile(_DAY)
LAST_MONTH = 6
"""Chinese institutions graduate at the end of June; used where only the year is written."""


@dataclass(frozen=True)
class Day:
    """The end of a month; ``exact`` is false where the month was supplied by us."""

    on: date
    exact: bool


def find_period(text: str) -> str | None:
    """Return the first period as it is written."""
    match = _PERIOD.search(text)
    return match[0].strip() if match else None


def end_of_period(text: str) -> Day | None:
    """Return the end of the first period, ``None`` for one still running."""
    match = _PERIOD.search(text)
    return _day(match[3], match[4]) if match and match[3] else None


def graduation_day(text: str) -> Day | None:
    """Return the day of graduation that is called so."""
    match = _GRADUATION.search(text)
    return _day(match[1] or match[3], match[2] or match[4]) if match else None


def cohort_day(text: str) -> Day | None:
    """Return the day of graduation of a cohort ("2026届"), its month supplied by us."""
    match = _COHORT.search(text)
    return _day(f"20{match[1][-2:]}", None) if match else None


def without_dates(text: str) -> str:
    """Return text with periods and days taken out."""
    return _ANY_DAY.sub(" ", _PERIOD.sub(" ", text))


def _day(year: str, month: str | None) -> Day:
    """Return the last day of a month, or of June where no month is written."""
    number = int(month) if month else LAST_MONTH
    return Day(date(int(year), number, monthrange(int(year), number)[1]), exact=month is not None)
