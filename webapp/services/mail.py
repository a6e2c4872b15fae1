"""Letters: written once, delivered by SMTP where one is set and printed otherwise."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

log = structlog.get_logger()
PATIENCE = 20
"""Seconds a mail server has to answer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text."""

    to: str
    subject: str
    body: str


class Mailer(Protocol):
    """Whatever delivers letters."""

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Deliver one letter or raise ``OSError``, so that it is tried again under the same name."""


class ConsoleMailer:
    """Prints letters: the default of an installation without mail."""

    def deliver(self, letter: Letter, *, message_id: str) -> None:  # noqa: ARG002 - nobody sorts what is printed
        """Print the letter where the operator sees it."""
        log.info("letter", to=letter.to, subject=letter.subject, body=letter.body)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Delivers by ``smtp://user:password@host:port`` (``smtps://`` for TLS from the start)."""

    url: str
    sender: str

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Hand the letter to the mail server."""
        parts = urlsplit(self.url)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Message-ID"] = f"<{message_id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        message.set_content(letter.body)
        trusted = ssl.create_default_context()
        door = partial(smtplib.SMTP_SSL, context=trusted) if parts.scheme == "smtps" else smtplib.SMTP
        with door(parts.hostname or "localhost", parts.port or 0, timeout=PATIENCE) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trusted)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def mailer(smtp_url: str | None, sender: str) -> Mailer:
    """Return the mailer the settings ask for."""
    return SmtpMailer(smtp_url, sender) if smtp_url else ConsoleMailer()
