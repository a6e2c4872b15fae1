"""Letters: written once, delivered by SMTP where one is set and printed otherwise."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import partial
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

log = structlog.get_logger()
PATIENCE = 20
"""Seconds a mail server has to answer."""
STOP = "List-Unsubscribe"
"""With its ``-Post`` it lets mail programs end letters by one press (RFC 2369, RFC 8058)."""
LONGEST = 998
"""Characters a line of a letter may have (RFC 5322)."""
OK, LEAVING, NEVER = 250, 421, 500
"""What a mail server answers: done; that it leaves; and, from there on, not now nor later (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text; ``stop`` is the address at which a POST ends letters of its kind."""

    to: str
    subject: str
    body: str
    stop: str | None = None


class LetterRefused(OSError):
    """The mail server answers but takes no letter for this recipient: never (``final``) or not now."""

    def __init__(self, *, final: bool) -> None:
        super().__init__()
        self.final = final


class Mailer(Protocol):
    """Whatever delivers letters."""

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Deliver one letter or raise ``OSError``, so that it is tried again under the same name.

        :class:`LetterRefused` says that others may still be delivered, and whether another try is any use.
        """


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


class SmtpMailer:
    """Delivers by ``smtp://user:password@host:port`` (``smtps://`` for TLS from the start).

    One connection carries all letters until the mailer is closed, or the server closes it.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender
        self._server: smtplib.SMTP | None = None

    def deliver(self, letter: Letter, *, message_id: str) -> None:
        """Hand the letter to the mail server."""
        try:
            message = self._written(letter, message_id)
        except ValueError:  # nor is a name that breaks a header any better tomorrow
            raise LetterRefused(final=True) from None
        server = self._connected()
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, _words)] = error.recipients.values()
            if code == LEAVING:
                raise
            raise LetterRefused(final=code >= NEVER) from None
        except smtplib.SMTPNotSupportedError:
            raise LetterRefused(final=True) from None
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Leave the server."""
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
            self._server = None

    def _written(self, letter: Letter, message_id: str) -> EmailMessage:
        """Return the message; ``ValueError`` says that the letter has no address of one mailbox."""
        message, to = EmailMessage(WholeAddresses()), Address(addr_spec=letter.to)
        if to.addr_spec != letter.to:
            raise ValueError("more than an address")
        message["From"], message["To"], message["Subject"] = self._sender, to, letter.subject
        message["Message-ID"] = f"<{message_id}@{parseaddr(self._sender)[1].rpartition('@')[2]}>"
        if letter.stop:
            message[STOP], message[f"{STOP}-Post"] = f"<{letter.stop}>", "List-Unsubscribe=One-Click"
        message.set_content(letter.body)
        return message

    def _connected(self) -> smtplib.SMTP:
        """Return the connection, opened anew if the server has left it."""
        if self._server is None or not _answers(self._server):
            self.close()
            self._server = _opened(self._url)
        return self._server


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return server.noop()[0] == OK
    except OSError:
        return False


def _opened(url: SplitResult) -> smtplib.SMTP:
    """Open a connection, sealed where the server can and to none that does not prove who it is."""
    trusted = ssl.create_default_context()
    door = partial(smtplib.SMTP_SSL, context=trusted) if url.scheme == "smtps" else smtplib.SMTP
    server = door(url.hostname or "localhost", url.port or 0, timeout=PATIENCE)
    try:
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=trusted)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except OSError:
        server.close()
        raise
    return server


@contextmanager
def mailer(smtp_url: str | None, sender: str) -> Iterator[Mailer]:
    """Give the mailer the settings ask for; what it opened is closed at the end."""
    if smtp_url is None:
        yield ConsoleMailer()
        return
    with closing(SmtpMailer(smtp_url, sender)) as found:
        yield found
