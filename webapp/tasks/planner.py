"""What the planner starts from, summed up at night."""

from functools import partial

from huey import crontab

from webapp.clock import now
from webapp.database import opened, reading_scope, transactions
from webapp.services.planner import sum_up
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="19", minute="10"), retries=2, retry_delay=600)
def plan_nightly() -> None:
    """Say anew where everybody stands, at ten past three at night in Wuhan (the queue's clock is UTC)."""
    with opened(Settings.from_environment().database_url) as engine:
        sum_up(partial(reading_scope, engine), transactions(engine), at=now())
