"""A throw-away installation whose parts can be killed: a PostgreSQL cluster, web processes, a worker."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from tests.conftest import postgres_binary
from tests.integration.tasks.test_letters import free_port
from tests.letterbox import Letterbox, open_letterbox
from webapp.database import open_engine
from webapp.migrations import upgrade
from webapp.settings import ROOT

PATIENCE = 120
OPTIONS = "-h '' -k {home} -c max_connections=100"


def until(happens: Callable[[], object], what: str) -> None:
    """Wait for something, or say that it did not happen."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(URLError, ConnectionError, OperationalError, TimeoutError):
            if happens():
                return
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


class Cluster:
    """A PostgreSQL of its own on a socket, with everything on that keeps commits.

    Its programs are the machine's own, or those of a folder; ``settings`` are further options of the server.
    """

    def __init__(self, home: Path, programs: Path | None = None, settings: str = "") -> None:
        self.home, self.data = home, home / "data"
        self._programs, self._settings = programs, settings
        self.url = f"postgresql+psycopg://tests@/postgres?host={home}"
        if os.getuid() == 0:
            shutil.chown(home, "nobody")
        self._run("initdb", "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "-D")
        self.start()

    def start(self) -> None:
        """Start, if need be again until what a killed one left is gone."""
        served = f"{OPTIONS.format(home=self.home)} {self._settings}"
        options = ["-w", "-o", served, "-l", str(self.home / "log"), "start", "-D"]
        for _ in range(20):
            with suppress(subprocess.CalledProcessError):
                return self._run("pg_ctl", *options)
            time.sleep(0.5)
        raise TimeoutError(f"PostgreSQL does not start: see {self.home / 'log'}")

    def kill(self) -> None:
        """Kill the postmaster; its children notice and end."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """End it for good."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-m", "immediate", "stop", "-D")

    def _run(self, program: str, *options: str) -> None:
        calm = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        user = {"user": "nobody"} if os.getuid() == 0 else {}
        found = self._programs / program if self._programs else postgres_binary(program) or program
        subprocess.run(
            [found, *options, self.data], check=True, capture_output=True, env=calm, cwd=self.home, **user
        )


class Installation:
    """Cluster, web and worker, with a mail server that keeps every letter."""

    def __init__(self, home: Path, cluster: Cluster, box: Letterbox) -> None:
        self.home, self.cluster, self.box = home, cluster, box
        self.engine: Engine = open_engine(cluster.url)
        self.web_url = f"http://127.0.0.1:{free_port()}"
        self.settings = {
            "DATABASE_URL": cluster.url,
            "SNAPSHOTS": str(home / "snapshots"),
            "QUEUE_FILE": str(home / "queue.db"),
            "ERASURES": str(home / "erasures.txt"),
            "PROMETHEUS_MULTIPROC_DIR": str(home / "metrics"),
            "SMTP_URL": f"smtp://127.0.0.1:{box.port}",
            "PUBLIC_URL": self.web_url,
            "RATE_LIMITS": "off",
            "OMP_NUM_THREADS": "1",
        }
        upgrade(self.engine)
        self.worker = self._start_worker()
        bind = self.web_url.removeprefix("http://")
        serve = ("--config", "python:webapp.server", "webapp.wsgi:app", "--bind", bind, "--workers", "2")
        self.web = self._program("gunicorn", *serve)

    def kill_web(self) -> None:
        """Kill one serving process; gunicorn starts another."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def kill_worker(self) -> None:
        """Kill the worker and start another, as a supervisor does."""
        self.worker.kill()
        self.worker.wait()
        self.worker = self._start_worker()

    def kill_database(self) -> None:
        """Kill PostgreSQL and start it again on what it left."""
        self.cluster.kill()
        self.cluster.start()

    def wait_ready(self) -> None:
        """Wait until pages are served on a database that is there."""
        until(lambda: urlopen(self.web_url + "/readyz", timeout=5).status, "the web did not become ready")

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the platform's commands beside the others."""
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=os.environ | self.settings, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def stop(self) -> None:
        """End everything."""
        for program, how in ((self.web, signal.SIGTERM), (self.worker, signal.SIGINT)):
            program.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                program.wait(40)
            program.kill()
        self.engine.dispose()

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        return self._program("huey.bin.huey_consumer", "--flush-locks", "webapp.tasks.queue.queue", "-w", "2")

    def _program(self, module: str, *options: str) -> "subprocess.Popen[bytes]":
        log = (self.home / f"{module.rpartition('.')[2]}.log").open("ab")
        command: Sequence[str] = [sys.executable, "-m", module, *options]
        return subprocess.Popen(
            command, cwd=ROOT, env=os.environ | self.settings, stdout=log, stderr=subprocess.STDOUT
        )


@contextmanager
def installed(home: Path) -> Iterator[Installation]:
    """Set an installation up under a folder and take it down again."""
    home.chmod(0o755)
    (home / "cluster").mkdir()
    with ExitStack() as parts:
        cluster = Cluster(home / "cluster")
        parts.callback(cluster.stop)
        installation = Installation(home, cluster, parts.enter_context(open_letterbox()))
        parts.callback(installation.stop)
        yield installation


def scalar(engine: Engine, query: str) -> int:
    """Ask the database for one number."""
    with engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)
