"""What runs by the clock: offers and postings run out, interviews settle, the index is kept ready."""

from time import monotonic

import structlog
from huey import crontab

from webapp.clock import now, today
from webapp.database import opened, transaction_on, transactions
from webapp.services import upkeep
from webapp.services.employers import lapse_verifications
from webapp.services.interviews import settle_interviews
from webapp.services.offers import expire_offers
from webapp.services.postings import expire_postings
from webapp.services.readers import Readers
from webapp.settings import Settings
from webapp.tasks.queue import queue

log = structlog.get_logger()
MOST_SECONDS = 200
"""After so long a step of many hours makes room: the next turn goes on."""


@queue.periodic_task(crontab(minute="*/10"), retries=2, retry_delay=60)
def run_out() -> None:
    """Let offers, postings and verifications run out on their day, interviews settle a day later."""
    settings = Settings.from_environment()
    with transaction_on(settings.database_url) as session:
        expire_offers(session, at=now())
        settle_interviews(session, at=now())
        lapse_verifications(session, on=today(), at=now())
    while _expire_some(settings):
        pass


def _expire_some(settings: Settings) -> int:
    """End some postings in a transaction of their own: fewer than the index looks back for latecomers."""
    with transaction_on(settings.database_url) as session:
        return expire_postings(session, on=today(), at=now())


@queue.periodic_task(crontab(minute="*/5"), retries=0)
@queue.lock_task("index")
def keep_index() -> None:
    """Make missing vectors and a snapshot for the next process, or another encoder ready, bit by bit."""
    settings, started = Settings.from_environment(), monotonic()
    with opened(settings.database_url) as engine:
        transaction = transactions(engine)
        kept = upkeep.keep_index(
            transaction,
            encoder=settings.encoder,
            folder=settings.snapshots,
            milvus=settings.milvus,
            readers=Readers.of(settings),
        )
        for waiting in kept:
            log.info("making another encoder ready", encoder=settings.encoder, waiting=waiting)
            if monotonic() - started > MOST_SECONDS:
                break
        upkeep.shorten_feed(transaction, folder=settings.snapshots, at=now())
