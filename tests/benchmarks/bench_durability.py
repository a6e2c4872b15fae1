"""Kill web processes, the worker and PostgreSQL amid writing; then look for every acknowledged write."""

import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import click
from rich.console import Console
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from tests import factories as make
from tests.benchmarks import options
from tests.benchmarks.installation import Installation, installed, scalar, until
from tests.benchmarks.machine import machine
from webapp.clock import now, today
from webapp.database import session_factory
from webapp.domain.postings import PostingStatus
from webapp.models import MatchChange, Posting, User
from webapp.services.changes import posting_changed
from webapp.services.ledger import verify_chain

PASSWORD = "一句容易记住的话"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ROWS = re.compile(r'platform_index_rows\{collection="postings",pid="\d+"\} (\S+)')
DELIVER = "from webapp.tasks.letters import deliver_now; deliver_now()"
SEASON = timedelta(days=90)
Say = Callable[[str], None]


class Writers:
    """People and programs that write all the time, and what was acknowledged to them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.accounts: set[str] = set()
        self.letters: set[str] = set()
        self.postings: dict[int, PostingStatus] = {}
        self.unanswered = 0
        self._numbers = count(1)
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=work) for work in (self._register, self._register, self._post)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self) -> None:
        """Wait until something of each kind has been acknowledged since now."""
        before = self._acknowledged()
        until(
            lambda: all(more > less for more, less in zip(self._acknowledged(), before, strict=True)),
            "nothing is acknowledged",
        )

    def _acknowledged(self) -> tuple[int, ...]:
        return len(self.accounts), len(self.letters), len(self.postings)

    def _register(self) -> None:
        while not self._stopped.is_set():
            address = f"writer{next(self._numbers)}@example.com"
            person = {"name": "演示同学", "login": address, "password": PASSWORD, "consent": "y"}
            if self._sent("/register", person):
                self.accounts.add(address)
                if self._sent("/password/forgot", {"login": address}):
                    self.letters.add(address)

    def _sent(self, path: str, fields: dict[str, str]) -> bool:
        """Fill a form in as a browser does; only an answer that leads on is an acknowledgement."""
        opener, url = build_opener(HTTPCookieProcessor(CookieJar())), self.installation.web_url + path
        try:
            with opener.open(url, timeout=20) as page:
                token = TOKEN.search(page.read().decode())
            filled = urlencode(fields | {"csrf_token": token.group(1) if token else ""}).encode()
            with opener.open(url, filled, timeout=20) as answer:
                return not str(answer.url).endswith(path)
        except (URLError, HTTPException, OSError, ValueError):
            self.unanswered += 1
            time.sleep(0.2)
            return False

    def _post(self) -> None:
        factory = session_factory(self.installation.engine)
        while not self._stopped.is_set():
            try:
                with factory() as session:
                    posting = make.make_posting(
                        session, title=f"数据分析师{next(self._numbers)}", valid_until_on=today() + SEASON
                    )
                    session.execute(update(MatchChange).where(MatchChange.at == make.NOW).values(at=now()))
                    session.commit()
                    self.postings[posting.id] = PostingStatus.LIVE
                with factory() as session:
                    changed = session.get_one(Posting, random.choice(list(self.postings)))
                    self.postings.pop(changed.id)
                    changed.status = PostingStatus.CLOSED
                    posting_changed(session, changed.id, now())
                    session.commit()
                    self.postings[changed.id] = PostingStatus.CLOSED
            except (DBAPIError, IndexError):
                self.unanswered += 1
                time.sleep(0.2)


@click.command(
    help="Kill -9 parts of a throw-away installation while it is written to, and check what is left."
)
@click.option("--rounds", default=50, show_default=True, help="So many kills, of each part in turn.")
@click.option("--seconds", default=2.0, show_default=True, help="Most seconds of writing before a kill.")
@click.option("--seed", default=1, show_default=True, help="Draws the moments.")
@options.as_json
def command(rounds: int, seconds: float, seed: int, *, as_json: bool) -> None:
    """Kill, check, print; exits with 1 where anything was lost."""
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="durability.", ignore_cleanup_errors=True) as folder,
        installed(Path(folder)) as installation,
    ):
        found = killed(installation, rounds, seconds, random.Random(seed), console.log)
    told = {"machine": machine(), "rounds": rounds, **found}
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_json else str(told))
    if not found["kept"]:
        sys.exit(1)


def killed(
    installation: Installation, rounds: int, seconds: float, moments: random.Random, say: Say
) -> dict[str, object]:
    """Write and kill in turns, then check what everybody was told."""
    victims = (installation.kill_web, installation.kill_worker, installation.kill_database)
    recoveries = defaultdict(list)
    installation.wait_ready()
    with Writers(installation) as writers:
        for number in range(rounds):
            kill = victims[number % len(victims)]
            writers.wait_for_more()
            time.sleep(moments.uniform(0.2, seconds))
            started = time.perf_counter()
            kill()
            installation.wait_ready()
            recoveries[kill.__name__].append(time.perf_counter() - started)
            say(f"{number + 1}/{rounds} {kill.__name__} {recoveries[kill.__name__][-1]:.1f} s")
    return checked(installation, writers) | {
        "kills": {name: len(spent) for name, spent in recoveries.items()},
        "ready_again_s": {name: round(max(spent), 1) for name, spent in recoveries.items()},
        "unanswered": writers.unanswered,
    }


def checked(installation: Installation, writers: Writers) -> dict[str, object]:
    """Hold database, mail and indexes against what was acknowledged."""
    letters = delivered(installation, writers)
    with session_factory(installation.engine)() as session:
        accounts = set(session.scalars(select(User.email)))
        postings = dict(session.execute(select(Posting.id, Posting.status)).tuples().all())
        broken = verify_chain(session)
    lost = {
        "accounts": len(writers.accounts - accounts),
        "postings": sum(postings.get(id) != state for id, state in writers.postings.items()),
        "letters": len(writers.letters - letters.keys()),
    }
    live = sum(state is PostingStatus.LIVE for state in postings.values())
    index = installation.run("-m", "scripts", "index", "verify")
    said = index.stdout.splitlines() or [index.stderr[-500:]]
    twice = sum(len(names) > 1 for names in letters.values())
    cut_off = scalar(installation.engine, "SELECT count(*) FROM task_run WHERE error = 'Interrupted'")
    return {
        "acknowledged": {
            "accounts": len(writers.accounts), "postings": len(writers.postings),
            "letters": len(writers.letters),
        },
        "lost": lost,
        "letters_twice_in_effect": twice,
        "letters_handed_over_again": sum(names.total() - len(names) for names in letters.values()),
        "tasks_cut_off_and_noted": cut_off,
        "index_differences": 0 if index.returncode == 0 else said[:20],
        "web_indexes_agree": agree(installation, live),
        "ledger_problems": len(broken),
        "kept": not any(lost.values()) and not twice and index.returncode == 0 and not broken,
    }  # fmt: skip


def delivered(installation: Installation, writers: Writers) -> dict[str, Counter[str]]:
    """Let the worker deliver what is left, leases taken as over; return each recipient's Message-IDs."""
    found: dict[str, Counter[str]] = defaultdict(Counter)

    def all_there() -> bool:
        with suppress(DBAPIError), installation.engine.begin() as connection:
            connection.execute(text("UPDATE outgoing_letter SET due_at = written_at"))
        installation.run("-c", DELIVER)
        return scalar(installation.engine, "SELECT count(*) FROM outgoing_letter") == 0

    until(all_there, "letters are left")
    while not installation.box.letters.empty():
        letter = installation.box.letters.get()
        found[str(letter["To"])][str(letter["Message-ID"])] += 1
    return found


def agree(installation: Installation, live: int) -> bool:
    """Say whether both serving processes hold every live posting, each by following the feed."""

    def all_live() -> bool:
        with build_opener().open(installation.web_url + "/metrics", timeout=20) as page:
            return [float(rows) for rows in ROWS.findall(page.read().decode())] == [live, live]

    until(all_live, f"not every process holds {live} postings")
    return True
