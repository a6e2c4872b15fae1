"""Everything the reports of a day show, gathered by set queries and single walks, table by table."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from webapp.queries.reports import districts, people, plan, posts, standing
from webapp.queries.reports.asked import Asked, Gathered

STEPS = (standing.tables, people.tables, people.walks, posts.tables, districts.tables, plan.tables)
"""What is gathered, step by step; each reads the database for itself."""


def gather(session: Session, asked: Asked) -> Iterator[dict[str, Gathered]]:
    """Yield the tables of one step after the other."""
    for step in STEPS:
        yield dict(step(session, asked))
