"""What every kind of test shares: a throw-away PostgreSQL, and how strictly and how long is tried.

REQUIRE_ALL=1, as in CI: nothing is skipped, and properties draw the same examples every time.
"""

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import settings

REQUIRE_ALL, THOROUGH = (os.environ.get(name) == "1" for name in ("REQUIRE_ALL", "THOROUGH"))
ENTRANCES = {"webapp.migrations.env", "webapp.wsgi"}
"""They start what they are for when they are imported."""

if REQUIRE_ALL:
    settings.load_profile("ci")
if THOROUGH:
    settings.register_profile("thorough", max_examples=1000)
    settings.load_profile("thorough")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Load the whole product where draws may not vary: Hypothesis also draws constants of loaded modules."""
    if settings.default.derandomize:
        for top in map(import_module, ("matcher", "scripts", "webapp")):
            for module in walk_packages(top.__path__, f"{top.__name__}."):
                if module.name not in ENTRANCES:
                    import_module(module.name)


def need(condition: object, remedy: str) -> None:
    """Skip where something is missing on this machine; REQUIRE_ALL=1 turns that into a failure."""
    if condition:
        return
    if REQUIRE_ALL:
        pytest.fail(remedy)
    pytest.skip(remedy)


def real_material() -> Path:
    """Return the folder of collected real input, which SHARED_DATA names: without it a test skips."""
    folder = Path(os.environ.get("SHARED_DATA", "missing"))
    if not (folder / "postings.jsonl.gz").is_file():
        pytest.skip("real material is not part of the project; SHARED_DATA may name its folder")
    return folder


def postgres_binary(name: str) -> str | None:
    """Find one of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which(name) or max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), default=None)
    return str(Path(found).resolve()) if found else None


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL on a socket, or the one TEST_DATABASE_URL names."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    initdb, pg_ctl = postgres_binary("initdb"), postgres_binary("pg_ctl")
    need(initdb and pg_ctl, "PostgreSQL is missing: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="pg."))
    calm = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    run = functools.partial(subprocess.run, check=True, capture_output=True, env=calm)
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "nobody")
        run = functools.partial(run, user="nobody", cwd=home)
    try:
        run([initdb, "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "-N", home / "data"])
        options = f"-h '' -k {home} -F -c max_connections=200"
        run([pg_ctl, "-D", home / "data", "-w", "-o", options, "-l", home / "log", "start"])
        yield f"postgresql+psycopg://tests@/postgres?host={home}"
    finally:
        run([pg_ctl, "-D", home / "data", "-m", "immediate", "stop"], check=False)
        shutil.rmtree(home, ignore_errors=True)
