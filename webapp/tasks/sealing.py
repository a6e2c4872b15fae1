"""Sealing the ledger by the clock: yesterday's head made public, the whole ledger walked each night."""

from huey import crontab

from webapp.clock import now
from webapp.database import opened, reading_scope, transaction_on
from webapp.queries import ledger
from webapp.services import closing
from webapp.services.ledger import verify_chain
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.periodic_task(crontab(minute="15"), retries=2, retry_delay=60)
def publish_heads() -> None:
    """Make yesterday's head public soon after midnight in Wuhan; later hours find it done."""
    with transaction_on(Settings.from_environment().database_url) as session:
        closing.publish_head(session, day=closing.yesterday(now()), at=now())


@queue.periodic_task(crontab(hour="17", minute="30"), retries=0)
def check_nightly() -> None:
    """Walk the whole ledger at half past one at night in Wuhan (the queue's clock is UTC)."""
    check_ledger.call_local()


@queue.task(retries=0)
def check_ledger(asked_by_id: int | None = None) -> None:
    """Walk the whole ledger and keep what was found; nobody waits for it."""
    settings = Settings.from_environment()
    with opened(settings.reading_url) as read, reading_scope(read) as reading:
        head, problems = ledger.head_now(reading), verify_chain(reading)
    with transaction_on(settings.database_url) as session:
        closing.keep_check(session, head=head, problems=problems, at=now(), by_id=asked_by_id)
