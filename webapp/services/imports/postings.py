"""Postings from outside, batch by batch."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.pay import YEAR
from webapp.domain.posting_rules import PostingTerms, is_well_paid
from webapp.domain.postings import MAX_DAYS_LIVE, PostingStatus
from webapp.models import ImportProblem, ImportRun, Posting
from webapp.reading.postings import RawPosting, RowRefused, UnreadableRow, read_posting
from webapp.reading.tables import Row
from webapp.services.changes import posting_changed
from webapp.services.imports.employers import ORIGIN, approve, employer_ids

KIND = "postings"
LIVE_FROM = 2024
"""Postings collected earlier were filled or closed long ago: kept for statistics, never shown."""


def import_batch(session: Session, *, run: ImportRun, rows: Sequence[Row], at: datetime) -> None:
    """Store some rows of a file and move the run's position behind them."""
    postings: dict[str, RawPosting] = {}
    read = 0
    for row in rows:
        try:
            posting = _read(row, run.filename)
        except RowRefused as refusal:
            session.add(ImportProblem(run_id=run.id, row_number=row.number, reason=str(refusal)))
            run.refused += 1
        else:
            postings.setdefault(posting.key, posting)
            read += 1
    known = set(session.scalars(select(Posting.external_key).where(Posting.external_key.in_(postings))))
    fresh = [posting for key, posting in postings.items() if key not in known]
    _store(session, fresh, at)
    run.imported += len(fresh)
    run.merged += read - len(fresh)
    run.position = rows[-1].number
    session.flush()


def _read(row: Row, filename: str) -> RawPosting:
    """Return the posting of a row; a row that could not be read is refused with its problem."""
    if row.fields is None:
        raise UnreadableRow(problem=row.problem)
    return read_posting(row.fields, filename)


def _store(session: Session, postings: Sequence[RawPosting], at: datetime) -> None:
    """Insert new postings with their employers, and tell the matching of the live ones."""
    if not postings:
        return
    employers = employer_ids(session, postings, at)
    approve(session, {employers[one.employer] for one in postings if is_live(one)}, at)
    session.execute(insert(Posting), [_columns(one, employers[one.employer], at) for one in postings])
    live = [one.key for one in postings if is_live(one)]
    for posting_id in session.scalars(
        select(Posting.id).where(Posting.external_key.in_(live)).order_by(Posting.id)
    ):
        posting_changed(session, posting_id, at)


def is_live(posting: RawPosting) -> bool:
    """Say whether a posting is shown: work in Wuhan, collected lately."""
    year = posting.collected_in
    return posting.in_wuhan and (year is None or year >= LIVE_FROM)


def _columns(posting: RawPosting, employer_id: int, at: datetime) -> dict[str, Any]:
    """Return a posting's columns; one outside Wuhan keeps its city as its address."""
    today = city_date(at)
    live = is_live(posting)
    terms = PostingTerms(
        kind=posting.kind,
        title=posting.title,
        duties=posting.duties,
        requirements=posting.requirements,
        skills=posting.skills,
        degree_min=posting.degree_min,
        district=posting.district,
        address=posting.city,
        pay_min=posting.pay.low if posting.pay else None,
        pay_max=posting.pay.high if posting.pay else None,
        months=posting.pay.months if posting.pay else YEAR,
        valid_until_on=today + timedelta(days=MAX_DAYS_LIVE) if live else None,
    )
    return {
        **asdict(terms),
        "skills": list(terms.skills),
        "majors": [],
        "employer_id": employer_id,
        "status": PostingStatus.LIVE if live else PostingStatus.ARCHIVED,
        "well_paid": live and is_well_paid(terms, on=today),
        "pay_text": posting.pay_text,
        "published_at": at if live else None,
        "origin": f"{ORIGIN}:{posting.source}",
        "external_key": posting.key,
        "created_at": at,
    }
