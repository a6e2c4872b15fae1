"""The demo employers' postings, as they were published and as they stand today."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.domain.dates import city_date, start_of_day
from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind, PostingStatus
from webapp.domain.well_paid import is_well_paid
from webapp.models import Employer, Posting, User
from webapp.services.changes import posting_changed
from webapp.services.demo.people import BEGIN
from webapp.services.demo.rows import Row, day, read_rows
from webapp.services.post_ledger import enter_postings
from webapp.services.postings import terms_of

UNPUBLISHED = frozenset({PostingStatus.DRAFT, PostingStatus.REVIEW, PostingStatus.RETURNED})


def load_postings(
    session: Session, *, folder: Path, employers: Mapping[str, Employer], by: User, at: datetime
) -> dict[str, Posting]:
    """Write all postings; the published ones are live while the story is told."""
    return {
        row["key"]: _posting(session, row, employers[row["employer"]], by, at)
        for row in read_rows(folder, "postings.jsonl")
    }


def settle_postings(session: Session, *, folder: Path, postings: Mapping[str, Posting], at: datetime) -> None:
    """Bring every posting to the status it has today and count its post; what was filled stays filled."""
    for row in read_rows(folder, "postings.jsonl"):
        posting = postings[row["key"]]
        posting.status = PostingStatus(row["status"])
        posting_changed(session, posting.id, at)
    enter_postings(session, [posting.id for posting in postings.values()], at=at)


def _posting(session: Session, row: Row, employer: Employer, by: User, at: datetime) -> Posting:
    published_on = day(row["published_on"])
    status = PostingStatus(row["status"])
    waiting = status in UNPUBLISHED
    posting = Posting(
        employer=employer,
        kind=Kind(row["kind"]),
        status=status if waiting else PostingStatus.LIVE,
        degree_min=Degree(row["degree_min"]) if row["degree_min"] else None,
        start_on=day(row["start_on"]),
        **{name: row[name] for name in ("title", "duties", "requirements", "skills", "majors", "headcount")},
        **{name: row[name] for name in ("district", "address", "pay_min", "pay_max", "months", "cluster")},
        **{name: row[name] for name in ("converts", "return_reason")},
        valid_until_on=city_date(at) + timedelta(days=row["valid_days"]),
        submitted_at=at if status is PostingStatus.REVIEW else None,
        published_at=None if waiting or published_on is None else start_of_day(published_on),
        reviewed_by_id=None if waiting else by.id,
        origin="demo",
        created_at=start_of_day(published_on) if published_on else BEGIN,
    )
    session.add(posting)
    session.flush()
    posting.well_paid = not waiting and is_well_paid(terms_of(posting), on=city_date(at))
    return posting
