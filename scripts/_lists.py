"""What the commands that import lists share: batches, progress, a summary, a second officer."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from scripts.session import engine, settings
from webapp.clock import now
from webapp.database import session_factory, session_scope
from webapp.domain.errors import NotFound
from webapp.domain.lists import LABELS, Finding, ListKind
from webapp.models import ImportProblem, ImportRun, User
from webapp.services.imports.employers import import_login
from webapp.services.imports.files import check_list, digest_of, read_list
from webapp.services.imports.release import release_run
from webapp.services.imports.runs import open_run

SHOWN_PROBLEMS = 20
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


def list_command(kind: ListKind, help_text: str) -> click.Command:
    """Return the command that imports one kind of list."""

    @click.command(help=help_text)
    @click.argument("file", type=EXISTING)
    @click.option(
        "--batch", default=5000, show_default=True, type=click.IntRange(1, 5000), help="Rows a commit."
    )
    @click.option(
        "--maker", help="Login of the officer who hands the list in; the import's own login otherwise."
    )
    @click.option("--checker", help="Login of a second officer, who releases what the list has proved.")
    def command(file: Path, batch: int, maker: str | None, checker: str | None) -> None:
        check_list(kind, file, file.name)
        factory = session_factory(engine())
        run_id = _open(factory, kind, file, maker)
        _import(factory, run_id, kind, file, batch)
        if checker:
            _release(factory, run_id, checker)
        raise SystemExit(_summarise(factory, run_id))

    return command


def _open(factory: sessionmaker[Session], kind: ListKind, file: Path, maker: str | None) -> int:
    with session_scope(factory) as session:
        asked_by = _officer(session, maker) if maker else import_login(session, now())
        run = open_run(
            session,
            kind=kind.value,
            filename=file.name,
            digest=digest_of(file),
            at=now(),
            asked_by_id=asked_by.id,
        )
        if run.finished_at:
            click.echo("这份名单已经导入过，没有新的内容。")
        return run.id


def _import(factory: sessionmaker[Session], run_id: int, kind: ListKind, file: Path, size: int) -> None:
    """Import batch by batch, each in its own transaction, and show how far it is."""
    with _progress() as progress:
        task = progress.add_task(f"导入{LABELS[kind]}", total=None)
        read_list(
            lambda: session_scope(factory),
            run_id=run_id,
            path=file,
            pepper=settings().pepper,
            clock=now,
            size=size,
            told=lambda done, total: progress.update(task, completed=done, total=total),
        )


def _release(factory: sessionmaker[Session], run_id: int, checker: str) -> None:
    with _progress() as progress:
        task, released = progress.add_task("核对并计入", total=None), True
        while released:
            with session_scope(factory) as session:
                by = _officer(session, checker)
                released = bool(handled := release_run(session, run_id=run_id, by=by, at=now()))
            progress.advance(task, handled)


def _summarise(factory: sessionmaker[Session], run_id: int) -> int:
    """Print the counts and the first problems; return the exit code."""
    with session_scope(factory) as session:
        run = session.get_one(ImportRun, run_id)
        click.echo(f"共 {run.done:,} 行，名单中不在平台的 {run.unmatched:,} 行，拒绝 {run.refused:,} 行。")
        for finding, number in sorted((run.findings or {}).items()):
            click.echo(f"  {LABELS[Finding(finding)]}：{number:,}")
        problems = select(ImportProblem).where(ImportProblem.run_id == run_id)
        for problem in session.scalars(problems.order_by(ImportProblem.row_number).limit(SHOWN_PROBLEMS)):
            click.echo(f"  第 {problem.row_number} 行：{problem.reason}")
        if run.problem:
            click.echo(f"文件没有读完：{run.problem}")
        if run.refused > SHOWN_PROBLEMS:
            click.echo(f"  …… 另有 {run.refused - SHOWN_PROBLEMS:,} 行，可在“导入记录”中下载。")
        return 1 if run.refused or run.problem else 0


def _officer(session: Session, login: str) -> User:
    user = session.scalar(select(User).where(User.email == login.lower()))
    if user is None:
        raise NotFound
    return user


def _progress() -> Progress:
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))
