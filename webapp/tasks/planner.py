"""What the planner starts from, summed up at night."""

from huey import crontab

from webapp.clock import now
from webapp.database import opened, reading_scope, session_factory, session_scope
from webapp.domain.dates import city_date
from webapp.queries.planner import summed_up
from webapp.services.planner import keep_sums
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="19", minute="10"), retries=2, retry_delay=600)
def plan_nightly() -> None:
    """Say anew where everybody stands, at ten past three at night in Wuhan (the queue's clock is UTC)."""
    at = now()
    with opened(Settings.from_environment().database_url) as engine:
        with reading_scope(engine) as session:
            fresh = summed_up(session, on=city_date(at))
        with session_scope(session_factory(engine)) as session:
            keep_sums(session, fresh, at=at)
