"""A real server with a real PostgreSQL, and Debian's own chromium to look at it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine, text
from werkzeug.serving import make_server

from tests.conftest import need
from tests.factories import NOW
from webapp.app import create_app
from webapp.database import open_engine
from webapp.migrations import upgrade
from webapp.settings import ROOT, Settings

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1440, "height": 900}
PICTURES = ROOT / "test-artefacts"


class Clock:
    """Stands in for ``datetime`` where the platform reads the clock: one test lives through weeks."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self, zone: tzinfo) -> datetime:
        return self.time.astimezone(zone)

    def forward(self, **long: float) -> None:
        self.time += timedelta(**long)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The platform's clock, which stands still until the test moves it."""
    clock = Clock()
    monkeypatch.setattr("webapp.clock.datetime", clock)
    return clock


@pytest.fixture(scope="module")
def database(postgres_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A PostgreSQL database for the tests of one file."""
    name = f"browser_{request.module.__name__.rpartition('.')[2]}"
    admin = open_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    engine = open_engine(postgres_url.replace("/postgres?", f"/{name}?"))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def settings(database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url=database.url.render_as_string(hide_password=False),
        snapshots=tmp_path_factory.mktemp("snapshots"),
        rate_limits=False,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The platform, served by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium; nothing is downloaded."""
    program = shutil.which("chromium")
    need(program, "chromium is missing: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        # The sandbox needs a user other than root, which a container does not have.
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open pages as different people: every call is a browser of its own."""
    contexts: list[BrowserContext] = []

    def make(size: dict[str, int] = DESKTOP, *, script: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """Keep a screenshot outside git."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
