"""The sums of the funnel by the clock."""

from huey import crontab

from webapp.clock import now
from webapp.database import transaction_on
from webapp.services.funnel import rebuild_funnel
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="18", minute="50"), retries=2, retry_delay=600)
def sum_up_nightly() -> None:
    """Sum up at ten to three at night in Wuhan (the queue's clock is UTC)."""
    with transaction_on(Settings.from_environment().database_url) as session:
        rebuild_funnel(session, at=now())
