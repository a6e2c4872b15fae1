"""Postings from outside, batch by batch."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.pay import YEAR
from webapp.domain.posting_rules import PostingTerms
from webapp.domain.postings import MAX_DAYS_LIVE, PostingStatus
from webapp.domain.well_paid import Market, is_well_paid
from webapp.models import ImportProblem, ImportRun, Posting
from webapp.queries.market_pay import market_on
from webapp.reading.postings import RawPosting, RowRefused, UnreadableRow, read_posting
from webapp.reading.tables import Row
from webapp.services.changes import posting_changed
from webapp.services.imports.employers import ORIGIN, approve, employer_ids
from webapp.services.post_ledger import enter_postings

KIND = "postings"
LIVE_FROM = 2024
"""Postings collected earlier were filled or closed long ago: kept for statistics, never shown."""


def import_batch(session: Session, *, run: ImportRun, rows: Sequence[Row], at: datetime) -> None:
    """Store some rows of a file and move the run's position behind them.

    A row is known by its digest, so that reading it again stores nothing. Which rows are one post only
    the post ledger says: ``merged`` are those that brought no post the ledger did not have.
    """
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
    new = len(fresh) - _store(session, fresh, at)
    run.imported += new
    run.merged += read - new
    run.position = rows[-1].number
    session.flush()


def _read(row: Row, filename: str) -> RawPosting:
    """Return the posting of a row; a row that could not be read is refused with its problem."""
    if row.fields is None:
        raise UnreadableRow(problem=row.problem)
    return read_posting(row.fields, filename)


def _store(session: Session, postings: Sequence[RawPosting], at: datetime) -> int:
    """Insert new postings with their employers, tell the matching of the live ones and count their posts.

    Returns how many of them are posts that another posting has brought already.
    """
    if not postings:
        return 0
    employers = employer_ids(session, postings, at)
    approve(session, {employers[one.employer] for one in postings if is_live(one)}, at)
    market = market_on(session, city_date(at))
    session.execute(insert(Posting), [_columns(one, employers[one.employer], at, market) for one in postings])
    live = [one.key for one in postings if is_live(one)]
    numbers = session.scalars(
        select(Posting.id).where(Posting.external_key.in_(live)).order_by(Posting.id)
    ).all()
    for posting_id in numbers:
        posting_changed(session, posting_id, at)
    return enter_postings(session, numbers, at=at)


def is_live(posting: RawPosting) -> bool:
    """Say whether a posting is shown: work in Wuhan, collected lately."""
    year = posting.collected_in
    return posting.in_wuhan and (year is None or year >= LIVE_FROM)


def _columns(posting: RawPosting, employer_id: int, at: datetime, market: Market) -> dict[str, Any]:
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
        "well_paid": live and is_well_paid(terms, on=today, market=market),
        "pay_text": posting.pay_text,
        "published_at": at if live else None,
        "origin": f"{ORIGIN}:{posting.source}",
        "external_key": posting.key,
        "created_at": at,
    }
