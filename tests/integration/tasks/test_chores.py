"""What runs by the clock, as the worker runs it: settings from the environment, transactions of its own."""

from datetime import timedelta

from sqlalchemy import Engine, func, select

from tests import factories as make
from webapp.clock import today
from webapp.database import session_factory, session_scope
from webapp.domain.postings import PostingStatus
from webapp.models import Posting
from webapp.tasks import chores

MANY = 201
"""One more than run out in one transaction."""


def test_every_posting_runs_out_on_its_day_however_many(engine: Engine) -> None:
    factory = session_factory(engine)
    with session_scope(factory) as session:
        employer = make.make_employer(session)
        for _ in range(MANY):
            make.make_posting(session, employer=employer, valid_until_on=today() - timedelta(days=1))
        stays = make.make_posting(session, employer=employer, valid_until_on=today()).id
    chores.run_out.call_local()
    with session_scope(factory) as session:
        live = select(Posting.id).where(Posting.status == PostingStatus.LIVE)
        assert session.scalars(live).all() == [stays]
        expired = select(func.count()).where(Posting.status == PostingStatus.EXPIRED)
        assert session.scalar(expired) == MANY
