"""A mail server that keeps what it is given: it speaks just enough SMTP for a letter."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import OutgoingLetter
from webapp.services.letters import open_letter
from webapp.services.mail import Letter
from webapp.settings import Settings

ANSWERS = {"QUIT": b"221 bye", "DATA": b"354 go on", "STARTTLS": b"220 go ahead"}


class Letterbox(socketserver.ThreadingTCPServer):
    """What the server was told, and the letters it kept; with a certificate it offers STARTTLS.

    ``refused`` holds what it answers to recipients it does not take; after 421 it leaves.
    """

    daemon_threads = True

    def __init__(self, certificate: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.certificate = certificate
        self.port: int = self.server_address[1]
        self.commands: list[str] = []
        self.refused: dict[str, bytes] = {}
        self.letters: Queue[EmailMessage] = Queue()

    def handle_error(self, *_refused: object) -> None:
        """Say nothing where a client breaks off."""


class Conversation(socketserver.StreamRequestHandler):
    """One client's visit."""

    server: Letterbox

    def handle(self) -> None:
        self.say(b"220 letterbox")
        while line := self.rfile.readline().strip():
            self.server.commands.append(line.decode())
            if refusal := self.refusal(line.decode()):
                self.say(refusal)
            else:
                self.answer(line.decode().upper().split()[0])
            if refusal.startswith(b"421"):
                break

    def refusal(self, line: str) -> bytes:
        """Return what is answered to a recipient who is not taken, nothing to any other line."""
        found = re.match(r"RCPT TO:<(.*)>", line, re.IGNORECASE)
        return self.server.refused.get(found[1], b"") if found else b""

    def answer(self, verb: str) -> None:
        certificate = self.server.certificate
        if verb == "EHLO" and certificate:
            self.say(b"250-letterbox\r\n250 STARTTLS")
        else:
            self.say(ANSWERS.get(verb, b"250 ok"))
        if verb == "STARTTLS" and certificate:
            self.connection = certificate.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        elif verb == "DATA":
            self.server.letters.put(message_from_bytes(b"".join(self.body()), policy=policy.default))
            self.say(b"250 kept")

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def body(self) -> Iterator[bytes]:
        while (line := self.rfile.readline()) != b".\r\n":
            yield line

    def finish(self) -> None:
        self.connection.close()


@contextmanager
def open_letterbox(certificate: ssl.SSLContext | None = None) -> Iterator[Letterbox]:
    """Listen on a free port until the test is over."""
    with Letterbox(certificate) as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        yield box
        box.shutdown()


def posted(session: Session) -> list[Letter]:
    """Return the letters that wait to be delivered, in the order they were written."""
    kept = session.scalars(select(OutgoingLetter).order_by(OutgoingLetter.id))
    return [open_letter(one, key=Settings.from_environment().fernet_key) for one in kept]
