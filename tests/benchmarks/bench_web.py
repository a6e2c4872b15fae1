"""The whole platform under load: gunicorn on PostgreSQL, people of all audiences on their real pages.

The baseline is the static page of the same run, which costs the server nothing but the request. Clients
share the machine with the server, and nobody pauses to read: a closed loop at full speed.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from scripts.session import engine, settings
from tests.benchmarks import options
from tests.benchmarks.machine import machine
from tests.benchmarks.visitors import Visitor, visitors
from webapp.models import Graduate, LedgerEntry, Posting, Resume
from webapp.settings import ROOT

STARTING, WARM_UP = 600, 20
BASELINE = "/static/theme.css"


@dataclass
class Page:
    """What was seen of one page."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """Return the figures of the page."""
        taken = np.array(self.seconds or [0.0]) * 1000
        quantiles = {f"p{part}_ms": round(float(np.percentile(taken, part)), 1) for part in (50, 95, 99)}
        return {"requests": len(self.seconds), **quantiles, "errors": len(self.errors)}


@click.command(help="Load gunicorn on the PostgreSQL city of DATABASE_URL with people of all audiences.")
@click.option("--seconds", default=60, show_default=True)
@click.option("--people", default=50, show_default=True)
@click.option("--workers", default=2, show_default=True)
@options.as_json
def command(seconds: int, people: int, workers: int, *, as_json: bool) -> None:
    """Serve, warm up, measure, print."""
    database = engine()
    if database.dialect.name != "postgresql":
        raise click.ClickException("DATABASE_URL must name a PostgreSQL city (python -m scripts make-city)")
    size, walkers = _size(database), visitors(database, settings(), people)
    with served(workers) as port:
        baseline = _loaded([Visitor("baseline", "", ((BASELINE, BASELINE),))] * people, port, 5)
        _loaded(walkers, port, WARM_UP)
        pages = _loaded(walkers, port, seconds)
    told = {
        "machine": machine(),
        "city": size,
        "workers": workers,
        "people": people,
        "requests_per_second": round(sum(len(page.seconds) for page in pages.values()) / seconds, 1),
        "baseline_requests_per_second": round(len(baseline[BASELINE].seconds) / 5, 1),
        "errors": sum(len(page.errors) for page in pages.values()),
        "pages": {name: page.told() for name, page in sorted(pages.items())},
        "first_errors": [error for page in pages.values() for error in page.errors][:5],
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _table(told))


def _size(database: Engine) -> dict[str, int]:
    with Session(database) as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Graduate, Resume, Posting, LedgerEntry)
        }


@contextmanager
def served(workers: int) -> Iterator[int]:
    """Run gunicorn as it is run in production, until every worker has answered a page that matches."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = (
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--threads",
        "8",
        "--timeout",
        "600",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "webapp.wsgi:app", *arguments, "--log-level", "warning"],
        cwd=ROOT,
        env={**os.environ, "RATE_LIMITS": "off", "OMP_NUM_THREADS": "1"},
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _wait(port: int) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        try:
            if _get(http.client.HTTPConnection("127.0.0.1", port, timeout=STARTING), "/", "")[0] == 200:
                return
        except OSError:
            time.sleep(1)
    raise click.ClickException("the server does not answer")


def _loaded(walkers: Sequence[Visitor], port: int, seconds: float) -> dict[str, Page]:
    """Let everybody walk their pages at once and return what each page took."""
    pages: dict[str, Page] = defaultdict(Page)
    guard, until = threading.Lock(), time.monotonic() + seconds

    def walk(number: int, who: Visitor) -> None:
        dice = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.monotonic() < until:
            name, address = dice.choice(who.pages)
            started = time.perf_counter()
            try:
                status, _ = _get(connection, address, who.cookie)
                error = "" if status == 200 else f"{who.audience} {address}: {status}"
            except OSError as broken:
                error = f"{who.audience} {address}: {broken!r}"
                connection.close()
            with guard:
                pages[name].seconds.append(time.perf_counter() - started)
                if error:
                    pages[name].errors.append(error)

    threads = [threading.Thread(target=walk, args=one) for one in enumerate(walkers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pages


def _get(connection: http.client.HTTPConnection, address: str, cookie: str) -> tuple[int, bytes]:
    connection.request("GET", address, headers={"Cookie": cookie, "User-Agent": "bench"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def _table(told: dict) -> str:
    lines = [f"{told['requests_per_second']} requests a second, {told['errors']} errors"]
    lines += [f"{name:44} {page}" for name, page in told["pages"].items()]
    return "\n".join(lines)
