"""Sending letters outside the request."""

from webapp.services.mail import Letter, mailer
from webapp.settings import Settings
from webapp.tasks.queue import queue


@queue.task(retries=5, retry_delay=60)
def send_letter(to: str, subject: str, body: str) -> None:
    """Deliver one letter; a mail server that does not answer is tried again for five minutes."""
    settings = Settings.from_environment()
    mailer(settings.smtp_url, settings.mail_from).deliver(Letter(to, subject, body))
