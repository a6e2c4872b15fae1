"""Graduates as employers may see them before anything is agreed: no name, no contact, no school."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from matcher.documents import Reason
from webapp.domain.consent import Purpose
from webapp.domain.degrees import Degree
from webapp.domain.errors import NotFound
from webapp.domain.pipeline import FINAL
from webapp.models import Application, Consent, Graduate, Invitation, Resume
from webapp.models.invitation import InvitationStatus

SECRET = frozenset({"pay_met", "pay_short", "pay_unknown"})
"""Reasons for the graduate alone: by changing its pay a posting could find out the wished-for one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One anonymous graduate, and what is already between them and a posting.

    The pay wished for is the graduate's own business and is not read.
    """

    graduate_id: int
    major: str | None
    degree: Degree | None
    graduation_on: date | None
    wanted: Sequence[str]
    skills: Sequence[str]
    districts: Sequence[str]
    start_on: date | None
    invited: InvitationStatus | None = None
    application_id: int | None = None


def candidates(session: Session, *, posting_id: int, graduate_ids: Collection[int]) -> list[Candidate]:
    """Return these graduates in this order as far as they let themselves be found; three queries."""
    people = {row.graduate_id: row for row in session.execute(_found().where(Graduate.id.in_(graduate_ids)))}
    invited = dict(
        session.execute(
            select(Invitation.graduate_id, Invitation.status).where(
                Invitation.posting_id == posting_id, Invitation.graduate_id.in_(graduate_ids)
            )
        )
        .tuples()
        .all()
    )
    applied = dict(
        session.execute(
            select(Application.graduate_id, Application.id).where(
                Application.posting_id == posting_id,
                Application.graduate_id.in_(graduate_ids),
                Application.stage.not_in(FINAL),
            )
        )
        .tuples()
        .all()
    )
    return [
        Candidate(**people[id]._asdict(), invited=invited.get(id), application_id=applied.get(id))
        for id in graduate_ids
        if id in people
    ]


def discreet(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Leave out what only the graduate may know."""
    return tuple(reason for reason in reasons if reason.code not in SECRET)


def findable(session: Session, graduate_id: int) -> tuple[Graduate, Resume]:
    """Return a graduate who lets employers find them, with the resume that is matched."""
    row = session.execute(
        select(Graduate, Resume)
        .join(Resume, Resume.graduate_id == Graduate.id)
        .where(Graduate.id == graduate_id, *_FINDABLE)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


_FINDABLE = (Graduate.searchable, Graduate.restricted_at.is_(None), Resume.is_current)


def _found() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Graduate.id.label("graduate_id"),
            Graduate.major_name.label("major"),
            Graduate.degree,
            Graduate.graduation_on,
            Graduate.wanted,
            Resume.skills,
            Graduate.districts,
            Graduate.start_on,
        )
        .join(Resume, Resume.graduate_id == Graduate.id)
        .where(*_FINDABLE)
    )


def sharing(session: Session, *, employer_id: int, graduate_ids: Collection[int]) -> frozenset[int]:
    """Return which of some graduates let this employer see their name, contact and resume now."""
    return frozenset(
        session.scalars(
            select(Graduate.id)
            .join(Consent, Consent.user_id == Graduate.user_id)
            .where(
                Graduate.id.in_(graduate_ids),
                Graduate.restricted_at.is_(None),
                Consent.purpose == Purpose.SHARE_WITH_EMPLOYER,
                Consent.employer_id == employer_id,
                Consent.withdrawn_at.is_(None),
            )
        )
    )
