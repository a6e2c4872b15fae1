"""The demo story: every event of every application and placement, done by the services themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.domain.errors import PlatformError
from webapp.models import Posting
from webapp.services.demo.applications import application_deeds, invitation_deeds
from webapp.services.demo.cast import Cast, told_later
from webapp.services.demo.people import People
from webapp.services.demo.placements import placement_deeds
from webapp.services.demo.rows import read_rows


@dataclass(frozen=True, slots=True)
class Refused:
    """A deed the rules refused, and why."""

    name: str
    at: datetime
    reason: str


def tell(
    session: Session,
    *,
    folder: Path,
    people: People,
    postings: Mapping[str, Posting],
    file_key: bytes,
    on: date,
) -> tuple[int, list[Refused]]:
    """Do all deeds in the order of time; return how many were done and which were refused."""
    claims = read_rows(folder, "placements.jsonl")
    codes = {row["application"]: row["outcome_code"] for row in claims if row["application"]}
    cast = Cast(session, people, postings, file_key, codes, told_later(on))
    deeds = [
        *(deed for row in read_rows(folder, "invitations.jsonl") for deed in invitation_deeds(cast, row)),
        *(deed for row in read_rows(folder, "applications.jsonl") for deed in application_deeds(cast, row)),
        *(deed for row in claims for deed in placement_deeds(cast, row)),
    ]
    refused = []
    for at, name, do in sorted(deeds, key=lambda deed: deed[0]):
        try:
            with session.begin_nested():
                do()
        except (PlatformError, KeyError) as refusal:
            refused.append(Refused(name, at, str(refusal)))
    return len(deeds) - len(refused), refused
