"""What the deeds of the story share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from webapp.models import Posting
from webapp.services.demo.people import People

AS_OF = date(2026, 11, 20)
"""The day on which the story was written down: what lies ahead then lies ahead whenever it is told."""
WEEK = 7

Deed = tuple[datetime, str, Callable[[], object]]
"""When, a name to report it by, and the call of the service."""


@dataclass(slots=True)
class Cast:
    """The session, everybody, and the numbers that the keys of the files were given."""

    session: Session
    people: People
    postings: Mapping[str, Posting]
    file_key: bytes
    outcome_codes: Mapping[str, str]
    later: timedelta
    applications: dict[str, int] = field(default_factory=dict)
    invitations: dict[str, int] = field(default_factory=dict)
    placements: dict[str, int] = field(default_factory=dict)


def told_later(on: date) -> timedelta:
    """Return how much later than written the story is told: whole weeks, so that no weekday changes."""
    return timedelta(weeks=max(0, -((AS_OF - on).days // WEEK)))
