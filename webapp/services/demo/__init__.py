"""The demo programme: invented people and employers, whose story is told by the real deeds."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.models import Employer
from webapp.queries.planner import summed_up
from webapp.services.demo.people import load_people
from webapp.services.demo.postings import load_postings, settle_postings
from webapp.services.demo.story import Refused, tell
from webapp.services.demo.supply import load_supply
from webapp.services.funnel import rebuild_funnel
from webapp.services.outcomes import rebuild_outcomes
from webapp.services.planner import keep_sums

ORIGIN = "demo"
PASSWORD = "demo-liuhan-2026"  # noqa: S105 - printed by ./scripts/run; demo accounts only


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo programme holds after loading, and which deeds the rules refused."""

    graduates: int
    employers: int
    postings: int
    deeds: int
    refused: tuple[Refused, ...]


def is_loaded(session: Session) -> bool:
    """Say whether the demo programme is already there."""
    return session.scalar(select(Employer.id).where(Employer.origin == ORIGIN).limit(1)) is not None


def load_demo(session: Session, *, folder: Path, at: datetime, pepper: str, file_key: bytes) -> DemoSummary:
    """Load people and postings, then replay their story through the services, in the order of time."""
    people = load_people(session, folder=folder, password=PASSWORD, at=at, pepper=pepper, file_key=file_key)
    postings = load_postings(session, folder=folder, employers=people.employers, by=people.city, at=at)
    load_supply(session, folder=folder, employers=people.employers, at=at)
    deeds, refused = tell(
        session, folder=folder, people=people, postings=postings, file_key=file_key, on=city_date(at)
    )
    settle_postings(session, folder=folder, postings=postings, at=at)
    rebuild_funnel(session, at=at)
    rebuild_outcomes(session, at=at)
    keep_sums(session, summed_up(session, on=city_date(at)), at=at)
    return DemoSummary(len(people.graduates), len(people.employers), len(postings), deeds, tuple(refused))
