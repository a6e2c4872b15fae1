"""What the deeds of the story share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Posting
from webapp.services.demo.people import People

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
    applications: dict[str, int] = field(default_factory=dict)
    invitations: dict[str, int] = field(default_factory=dict)
    placements: dict[str, int] = field(default_factory=dict)
