"""Sending letters outside the request."""

from functools import partial

import structlog
from huey import crontab
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.database import opened, transactions, when_committed
from webapp.domain.consent import Purpose
from webapp.services.letters import deliver_due, post_letter
from webapp.services.mail import Letter, mailer
from webapp.settings import Settings
from webapp.tasks.queue import queue

log = structlog.get_logger()
WAKES = "wakes the worker"


def send_letter(
    session: Session,
    to: str,
    subject: str,
    body: str,
    *,
    user_id: int | None = None,
    purpose: Purpose | None = None,
    stop: str | None = None,
) -> None:
    """Keep a letter in the transaction that has a reason for it, and wake the worker once that stands."""
    key = Settings.from_environment().fernet_key
    letter = Letter(to, subject, body, stop)
    post_letter(session, letter, key=key, at=now(), user_id=user_id, purpose=purpose)
    if not session.info.get(WAKES):
        session.info[WAKES] = True
        when_committed(session, partial(_wake, session))


@queue.task(retries=0)
def deliver_now() -> None:
    """Deliver what has just been written."""
    deliver.call_local()


@queue.periodic_task(crontab(minute="*"), retries=0)
def deliver() -> None:
    """Deliver what is due: also what a lost queue or a silent mail server has left behind."""
    settings = Settings.from_environment()
    if settings.production and settings.smtp_url is None:
        return
    with opened(settings.database_url) as engine, mailer(settings.smtp_url, settings.mail_from) as door:
        failures = deliver_due(transactions(engine), door, key=settings.fernet_key, clock=now)
    if failures:
        raise failures[0]


def _wake(session: Session) -> None:
    """Tell the worker; it looks by itself every minute should the queue not answer."""
    session.info.pop(WAKES, None)
    try:
        deliver_now()
    except Exception as error:  # noqa: BLE001 - Redis and SQLite fail in ways of their own
        log.warning("the queue does not answer", kind=type(error).__name__)
