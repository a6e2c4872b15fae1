"""Letters: written once, delivered by SMTP where one is set and printed otherwise."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import partial
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog

log = structlog.get_logger()
PATIENCE = 20
"""Seconds a mail server has to answer."""
STOP = "List-Unsubscribe"
"""With its ``-Post`` it lets mail programs end letters by one press (RFC 2369, RFC 8058)."""
LONGEST = 998
"""Characters a line of a letter may have (RFC 5322)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text; ``stop`` is the address at which a POST ends letters of its kind."""

    to: str
    subject: str
    body: str
    stop: str | None = None


class Mailer(Protocol):
    """Whatever delivers letters."""

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Deliver one letter or raise ``OSError``, so that it is tried again under the same name."""


class ConsoleMailer:
    """Prints letters: the default of an installation without mail."""

    def deliver(self, letter: Letter, *, message_id: str) -> None:  # noqa: ARG002 - nobody sorts what is printed
        """Print the letter where the operator sees it."""
        log.info("letter", to=letter.to, subject=letter.subject, body=letter.body)


class WholeAddresses(EmailPolicy):
    """Leaves the address of ``List-Unsubscribe`` whole.

    The library breaks words longer than a line into encoded ones (python/cpython#87659), which mail programs
    do not take for an address.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write a header as it is sent."""
        policy = self.clone(max_line_length=LONGEST) if name == STOP else self
        return EmailPolicy.fold_binary(policy, name, value)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Delivers by ``smtp://user:password@host:port`` (``smtps://`` for TLS from the start)."""

    url: str
    sender: str

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Hand the letter to the mail server."""
        parts = urlsplit(self.url)
        message = EmailMessage(WholeAddresses())
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Message-ID"] = f"<{message_id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        if letter.stop:
            message[STOP], message[f"{STOP}-Post"] = f"<{letter.stop}>", "List-Unsubscribe=One-Click"
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
