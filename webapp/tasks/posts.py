"""The ledgers of posts and outcomes by the clock: nothing published is left out, sums are of last night."""

from huey import crontab

from webapp.clock import now, today
from webapp.database import opened, transaction_on, transactions
from webapp.services import post_ledger
from webapp.services.outcomes import rebuild_outcomes
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(hour="19", minute="10"), retries=2, retry_delay=600)
def take_posts() -> None:
    """Set the month's market pay and take what came past the ledger, at ten past three at night in Wuhan."""
    with opened(Settings.from_environment().database_url) as engine:
        transaction = transactions(engine)
        with transaction() as session:
            post_ledger.set_market(session, on=today(), at=now())
        post_ledger.enter_missing(transaction, at=now(), told=lambda _done: None)


@queue.periodic_task(crontab(hour="19", minute="40"), retries=2, retry_delay=600)
def sum_outcomes() -> None:
    """Sum up where graduates have gone, at twenty to four at night in Wuhan."""
    with transaction_on(Settings.from_environment().database_url) as session:
        rebuild_outcomes(session, at=now())
