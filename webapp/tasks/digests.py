"""Letters about new postings by the clock: in the morning, once the night's lists are there."""

from time import monotonic

import structlog
from huey import crontab
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.database import Transaction, opened, transactions
from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date
from webapp.queries.market import run_finished_on
from webapp.services.digest_letters import compose
from webapp.services.digests import Summary, look_for_news
from webapp.services.letters import AT_ONCE, count_untried
from webapp.settings import Settings
from webapp.tasks.letters import send_letter
from webapp.tasks.queue import queue

log = structlog.get_logger()
PEOPLE_AT_ONCE = 200
MOST_SECONDS = 50
"""After so long a turn ends; the next begins within a minute."""


@queue.periodic_task(crontab(hour="1-3", minute="*"), retries=0)
@queue.lock_task("digests")
def sum_up_postings() -> None:
    """Write about new postings, from nine to noon in Wuhan (the queue's clock is UTC).

    No more letters that were never tried wait at a time than one turn delivers: others' are not kept waiting
    behind them, nor they behind what a mail server refuses.
    """
    settings, started = Settings.from_environment(), monotonic()
    with opened(settings.database_url) as engine:
        transaction = transactions(engine)
        while monotonic() - started < MOST_SECONDS and _write_some(transaction, settings):
            pass


def _write_some(transaction: Transaction, settings: Settings) -> bool:
    """Write to some of those who are due; say whether there may be more to write now."""
    at = now()
    with transaction() as session:
        night, room = run_finished_on(session, city_date(at)), AT_ONCE - count_untried(session)
        if night is None or room <= 0:
            return False
        due = look_for_news(session, run_id=night.id, at=at, most=min(room, PEOPLE_AT_ONCE))
        for letter in due.letters:
            _write(session, letter, settings)
    if due.people:
        log.info("told of new postings", people=due.people, letters=len(due.letters))
    return due.people > 0


def _write(session: Session, summary: Summary, settings: Settings) -> None:
    letter = compose(summary, url=settings.public_url, secret=settings.secret_key)
    send_letter(
        session,
        letter.to,
        letter.subject,
        letter.body,
        user_id=summary.graduate.user_id,
        purpose=Purpose.DIGEST,
        stop=letter.stop,
    )
