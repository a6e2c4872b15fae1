"""The door: every module beside this one that has a ``command`` is a command."""

import importlib
import pkgutil
import sys

import click
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

import scripts
from matcher.errors import MatcherError
from webapp.domain.errors import NotFound, PlatformError
from webapp.settings import SettingsIncomplete


class NothingThere(NotFound):
    """What a command names is not there; who types has no address that could be wrong."""

    message = "没有找到命令里所指的内容。请核对编号和名称，它也可能已被删除。"


class DatabaseSilent(PlatformError):
    """The database does not answer, or not as one that was set up."""

    message = (
        "数据库没有应答：%(said)s。请核对 DATABASE_URL，确认数据库已启动并运行过 python -m scripts migrate。"
    )


class Commands(click.Group):
    """Finds commands by name and imports only the one that is run."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all commands, ``import_postings`` as ``import-postings``."""
        private = {"session"}
        return sorted(
            name.replace("_", "-")
            for _finder, name, _package in pkgutil.iter_modules(scripts.__path__)
            if not name.startswith("_") and name not in private
        )

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import and return one command."""
        if name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"scripts.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is missing, a file, a row or the whole database, is named with the reason."""
        try:
            return super().invoke(ctx)
        except NotFound as refusal:
            raise NothingThere if type(refusal) is NotFound else refusal from None
        except (OperationalError, ProgrammingError) as refusal:
            if isinstance(refusal, ProgrammingError) and not isinstance(refusal.orig, UndefinedTable):
                raise
            raise DatabaseSilent(said=str(refusal.orig).partition("\n")[0]) from refusal
        except OSError as refusal:
            if refusal.filename is None:
                raise
            raise click.FileError(str(refusal.filename), refusal.strerror) from refusal


@click.command(cls=Commands, help="学子留汉: import, match, count and look after the platform.")
def main() -> None:
    """Run one command."""


if __name__ == "__main__":
    try:
        main(prog_name="python -m scripts")
    except (PlatformError, MatcherError, SettingsIncomplete) as refusal:
        click.echo(f"{refusal}", err=True)
        sys.exit(1)
