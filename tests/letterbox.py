"""A mail server that keeps what it is given: it speaks just enough SMTP for a letter."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue

PLAIN = {b"HELO": b"250 letterbox", b"QUIT": b"221 bye", b"DATA": b"354 go on", b"STAR": b"220 go ahead"}


@dataclass
class Letterbox:
    """Where the server listens, what it was told and the letters it kept."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    letters: "Queue[EmailMessage]" = field(default_factory=Queue)


@contextmanager
def open_letterbox(certificate: ssl.SSLContext | None = None) -> Iterator[Letterbox]:
    """Listen on a free port; with a certificate the server offers STARTTLS."""
    box = Letterbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say(b"220 letterbox")
            while line := self.rfile.readline().strip():
                box.commands.append(line.decode())
                verb = line[:4].upper()
                offer = b"250-letterbox\r\n250 STARTTLS" if certificate else b"250 letterbox"
                self.say(offer if verb == b"EHLO" else PLAIN.get(verb, b"250 ok"))
                if verb == b"STAR" and certificate:
                    self.seal(certificate)
                elif verb == b"DATA":
                    box.letters.put(message_from_bytes(b"".join(self.body()), policy=policy.default))
                    self.say(b"250 kept")
                elif verb == b"QUIT":
                    return

        def say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

        def body(self) -> Iterator[bytes]:
            while (line := self.rfile.readline()) != b".\r\n":
                yield line

        def seal(self, certificate: ssl.SSLContext) -> None:
            self.connection = certificate.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

        def finish(self) -> None:
            self.connection.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_refused: object) -> None:
            """Say nothing where a client breaks off."""

    with Server(("127.0.0.1", 0), Conversation) as server:
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield box
        server.shutdown()
