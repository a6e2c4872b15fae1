"""Run a benchmark of ``tests/benchmarks``; each prints figures beside a named baseline of the same run."""

import importlib

import click

from webapp.settings import ROOT

FOLDER = ROOT / "tests" / "benchmarks"
PREFIX = "bench_"


class Benchmarks(click.Group):
    """Finds benchmarks by name and imports only the one that is run."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all benchmarks."""
        return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.py"))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return one benchmark."""
        if name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"tests.benchmarks.{PREFIX}{name}")
        found: click.Command | None = getattr(module, "command", None)
        return found


command = Benchmarks("bench", help="Time a part of the platform on this machine.")
