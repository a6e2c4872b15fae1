"""Rows as the matcher reads them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher.documents import PostingDocument, ResumeDocument
from matcher.steps import step
from webapp.domain.dates import city_date
from webapp.domain.employers import EmployerStatus
from webapp.domain.postings import PostingStatus
from webapp.models import Application, Employer, Graduate, Posting, Resume

_READ: tuple[InstrumentedAttribute[Any], ...] = (
    *(Posting.id, Posting.employer_id, Posting.status, Posting.title, Posting.duties),
    *(Posting.requirements, Posting.skills, Posting.majors, Posting.kind, Posting.degree_min),
    *(Posting.district, Posting.cluster, Posting.pay_min, Posting.pay_max, Posting.published_at),
    *(Posting.valid_until_on, Posting.start_on, Posting.headcount, Posting.filled, Posting.converts),
)
_READ_OF_GRADUATES: tuple[InstrumentedAttribute[Any], ...] = (
    *(Graduate.id, Graduate.wanted, Graduate.major_name, Graduate.degree, Graduate.graduation_on),
    *(Graduate.kinds, Graduate.districts, Graduate.clusters, Graduate.pay_min, Graduate.start_on),
)


@step("load rows")
def posting_documents(session: Session, ids: Sequence[int]) -> list[PostingDocument]:
    """Return the documents of those of ``ids`` that the public may see now.

    Hundreds are read for every list, so no mapped objects are made of them, and only their keys are
    asked for: with the status in the condition, SQLite walks the index of everything live.
    """
    employer = (Employer.name, Employer.kind, Employer.status)
    rows = session.execute(
        select(*_READ, *(column.label(f"employer_{column.key}") for column in employer))
        .join(Posting.employer)
        .where(Posting.id.in_(ids))
    )
    shown = [
        row
        for row in rows
        if row.status is PostingStatus.LIVE and row.employer_status is EmployerStatus.APPROVED
    ]
    rates = response_rates(session, {row.employer_id for row in shown})
    return [_document(row, row.employer_name, row.employer_kind, rates.get(row.employer_id)) for row in shown]


def posting_document(posting: Posting, response_rate: float | None = None) -> PostingDocument:
    """Return one posting as the matcher reads it."""
    return _document(posting, posting.employer.name, posting.employer.kind, response_rate)


def _document(
    posting: Posting | Row[Any], employer: str, employer_kind: str, response_rate: float | None
) -> PostingDocument:
    return PostingDocument(
        id=posting.id,
        title=posting.title,
        duties=posting.duties,
        requirements=posting.requirements,
        skills=tuple(posting.skills),
        majors=tuple(posting.majors),
        kind=posting.kind,
        degree_min=posting.degree_min.level if posting.degree_min else 0,
        district=posting.district or "",
        pay_min=posting.pay_min,
        pay_max=posting.pay_max,
        employer=employer,
        employer_kind=employer_kind,
        cluster=posting.cluster or "",
        published_on=city_date(posting.published_at) if posting.published_at else None,
        valid_until=posting.valid_until_on,
        start_on=posting.start_on,
        openings=posting.headcount - posting.filled,
        response_rate=response_rate,
        converts=posting.converts,
    )


@step("load rows")
def resume_documents(session: Session, graduate_ids: Sequence[int]) -> list[ResumeDocument]:
    """Return the documents of those graduates who let employers find them."""
    rows = session.execute(
        select(*_READ_OF_GRADUATES, Resume.skills, Resume.redacted_text)
        .join(Resume, Resume.graduate_id == Graduate.id)
        .where(
            Graduate.id.in_(graduate_ids),
            Graduate.searchable,
            Graduate.restricted_at.is_(None),
            Resume.is_current,
        )
    )
    return [_resume(row, row.skills, row.redacted_text) for row in rows]


def resume_document(graduate: Graduate, resume: Resume | None) -> ResumeDocument:
    """Return a graduate with a resume as the matcher reads them: no name, no contact, no school."""
    return _resume(graduate, resume.skills if resume else (), resume.redacted_text if resume else "")


def _resume(graduate: Graduate | Row[*tuple[Any, ...]], skills: Iterable[str], text: str) -> ResumeDocument:
    return ResumeDocument(
        id=graduate.id,
        wanted=tuple(graduate.wanted),
        major=graduate.major_name or "",
        degree=graduate.degree.level if graduate.degree else 0,
        graduation_year=graduate.graduation_on.year if graduate.graduation_on else None,
        skills=tuple(skills),
        text=text,
        kinds=frozenset(graduate.kinds),
        districts=frozenset(graduate.districts),
        pay_min=graduate.pay_min,
        clusters=frozenset(graduate.clusters),
        start_on=graduate.start_on,
    )


def current_resume(session: Session, graduate_id: int) -> Resume | None:
    """Return the version of a graduate's resume that is matched."""
    return session.scalar(select(Resume).where(Resume.graduate_id == graduate_id, Resume.is_current))


def response_rates(session: Session, employer_ids: Iterable[int]) -> Mapping[int, float]:
    """Return how much of what was sent to each employer it has answered, from five applications on."""
    answered = func.sum(case((Application.answered_at.is_not(None), 1), else_=0))
    rows = session.execute(
        select(Posting.employer_id, answered * 1.0 / func.count())
        .join(Application, Application.posting_id == Posting.id)
        .where(Posting.employer_id.in_(list(employer_ids)))
        .group_by(Posting.employer_id)
        .having(func.count() >= LEAST_APPLICATIONS)
    )
    return {employer_id: float(rate) for employer_id, rate in rows}


LEAST_APPLICATIONS = 5


def still_valid(posting: Posting, on: date) -> bool:
    """Say whether a live posting has not run out on a day."""
    return posting.valid_until_on is None or posting.valid_until_on >= on
