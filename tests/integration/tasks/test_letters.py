"""A letter's way: from the request over the queue to the worker and the mail server."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest
import yaml
from sqlalchemy import Engine

from tests.conftest import need
from tests.factories import NOW
from tests.letterbox import Letterbox, open_letterbox
from webapp.database import session_factory, session_scope
from webapp.services.accounts import register_graduate
from webapp.settings import ROOT
from webapp.tasks.queue import queue

LOGIN, FORGOTTEN, NEW = "forgetful@example.com", "一句会被忘记的话", "一句不会再忘的话"


def test_whoever_opens_the_queue_knows_every_task() -> None:
    files = {path.stem for path in (ROOT / "webapp" / "tasks").glob("*.py")} - {"__init__", "queue"}
    known = {task.rpartition(".")[0].rpartition(".")[2] for task in queue._registry._registry}
    assert known == files


@pytest.mark.slow
def test_a_forgotten_password_is_replaced_by_the_letter_the_worker_sends(
    installation: "Installation",
) -> None:
    browser = installation.browser()
    browser("/password/forgot", login=LOGIN)
    letter = installation.box.letters.get(timeout=30)
    assert letter["To"] == LOGIN
    link = re.search(r"http://\S+", letter.get_content())
    assert link is not None
    assert link.group().startswith(installation.url)
    browser(link.group().removeprefix(installation.url), password=NEW, again=NEW)
    assert "/login" in browser("/login", login=LOGIN, password=FORGOTTEN)
    assert "/graduate" in browser("/login", login=LOGIN, password=NEW)


class Installation:
    """A web process, a worker, Redis and a mail server, as the compose file joins them."""

    def __init__(self, url: str, box: Letterbox) -> None:
        self.url, self.box = url, box

    def browser(self) -> Callable[..., str]:
        """Return how one person fills in a form; it answers with the address they end on."""
        opener = build_opener(HTTPCookieProcessor(CookieJar()))

        def fill(path: str, **fields: str) -> str:
            with opener.open(self.url + path) as page:
                token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
            assert token is not None
            filled = urlencode({**fields, "csrf_token": token.group(1)}).encode()
            with opener.open(self.url + path, filled) as answer:
                return str(answer.url)

        return fill


@pytest.fixture
def installation(engine: Engine, tmp_path: Path) -> Iterator[Installation]:
    redis = shutil.which("redis-server")
    need(redis, "Redis is missing: apt-get install redis-server")
    with session_scope(session_factory(engine)) as session:
        register_graduate(session, name="演示同学", login=LOGIN, password=FORGOTTEN, at=NOW)
    worker = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["worker"]["command"]
    web, queue_port = free_port(), free_port()
    url = f"http://127.0.0.1:{web}"
    with open_letterbox() as box:
        settings = {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "REDIS_URL": f"redis://127.0.0.1:{queue_port}/0",
            "SMTP_URL": f"smtp://127.0.0.1:{box.port}",
            "PUBLIC_URL": url,
            "SNAPSHOTS": str(tmp_path / "snapshots"),
        }
        server = [sys.executable, "-m", "gunicorn", "webapp.wsgi:app", "--bind", f"127.0.0.1:{web}"]
        with (
            running([redis, "--port", str(queue_port), "--save", ""], {}, tmp_path),
            running(server, settings, ROOT),
            running([sys.executable, *worker.split()[1:]], settings, ROOT),
        ):
            wait_for(url)
            yield Installation(url, box)


@contextmanager
def running(command: list[str], settings: dict[str, str], folder: Path) -> Iterator[None]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **settings}
    program = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(20)


def wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            urlopen(url + "/healthz").close()
        except URLError:
            assert time.monotonic() < end, "the web process did not start"
            time.sleep(0.2)
        else:
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
