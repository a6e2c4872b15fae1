"""The nightly market by the clock: a turn every ten minutes until the lists are there."""

from time import monotonic

import structlog
from huey import crontab

from webapp.clock import now, today
from webapp.database import opened, transactions
from webapp.services.market import due, run_market
from webapp.settings import Settings
from webapp.tasks.queue import queue

log = structlog.get_logger()
MOST_SECONDS = 540
"""After so long the work of hours makes room for other chores: the next turn goes on."""


@queue.periodic_task(crontab(hour="16-22", minute="*/10"), retries=0)
@queue.lock_task("market")
def match_city() -> None:
    """Go on matching everybody, from midnight to seven in Wuhan (the queue's clock is UTC)."""
    settings, started = Settings.from_environment(), monotonic()
    with opened(settings.database_url) as engine:
        transaction = transactions(engine)
        with transaction() as session:
            waits = due(session, on=today())
        for done, blocks in run_market(transaction, settings, clock=now) if waits else ():
            log.info("matching the city", done=done, blocks=blocks)
            if monotonic() - started > MOST_SECONDS:
                break
