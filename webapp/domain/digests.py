"""Letters that sum up the new postings that fit: how often they come, and what is new to a reader."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.domain.words import N_

NEW_FOR = timedelta(days=14)
"""So long after its publication a posting is news: longer than any pause between two letters."""
MOST = 10
"""A letter names no more postings than this; the others wait for the next one."""


class Frequency(StrEnum):
    """How often somebody wishes to be written to; nobody who has not said so is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


LABELS: Mapping[Frequency, str] = {
    Frequency.DAILY: N_("每天最多一封"),
    Frequency.WEEKLY: N_("每周最多一封"),
    Frequency.OFF: N_("不发"),
}
DAYS: Mapping[Frequency, int] = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
"""How many days lie between two looks at what is new."""
LESS: Mapping[Frequency, Sequence[Frequency]] = {
    Frequency.DAILY: (Frequency.OFF, Frequency.WEEKLY),
    Frequency.WEEKLY: (Frequency.OFF,),
    Frequency.OFF: (),
}
"""What the reader of a letter may turn to without signing in."""


def is_new(published_at: datetime, *, since: datetime, at: datetime) -> bool:
    """Say whether a posting is news at a moment for somebody who has asked for letters ``since`` another.

    What a letter has named is remembered for ``NEW_FOR``. Since nothing is named before its publication,
    what is forgotten has ceased to be news: no order of letters, pauses and wishes names it twice.
    """
    return max(since, at - NEW_FOR) < published_at <= at
