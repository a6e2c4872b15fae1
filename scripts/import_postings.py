"""Import postings from a JSON Lines, CSV or XLSX file; run it again after any interruption."""

import hashlib
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from scripts.session import engine
from webapp.clock import now
from webapp.database import session_factory, session_scope
from webapp.models import ImportProblem, ImportRun
from webapp.reading.tables import read_rows
from webapp.services.imports.postings import KIND, import_batch
from webapp.services.imports.runs import batches_after, close_run, open_run

SHOWN_PROBLEMS = 20


@click.command(help="Import postings from a JSON Lines (also gzip), CSV or XLSX file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 5000), help="Rows a commit.")
def command(file: Path, batch: int) -> None:
    """Import a file; exit with 1 if rows were refused."""
    factory = session_factory(engine())
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    with session_scope(factory) as session:
        run_id = open_run(session, kind=KIND, filename=file.name, digest=digest, at=now()).id
    _import(factory, run_id, file, batch)
    raise SystemExit(_summarise(factory, run_id))


def _import(factory: sessionmaker[Session], run_id: int, file: Path, size: int) -> None:
    """Import batch by batch, each in its own transaction, and show how far it is."""
    total = sum(1 for _ in read_rows(file))
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("导入岗位", total=total)
        with session_scope(factory) as session:
            position = session.get_one(ImportRun, run_id).position
        for rows in batches_after(position, read_rows(file), size=size):
            with session_scope(factory) as session:
                run = session.get_one(ImportRun, run_id)
                import_batch(session, run=run, rows=rows, at=now())
                progress.update(task, completed=run.imported + run.merged + run.refused)
        progress.update(task, completed=total)
    with session_scope(factory) as session:
        close_run(session, run=session.get_one(ImportRun, run_id), at=now())


def _summarise(factory: sessionmaker[Session], run_id: int) -> int:
    """Print the counts and the first problems; return the exit code."""
    with session_scope(factory) as session:
        run = session.get_one(ImportRun, run_id)
        click.echo(f"新增 {run.imported:,} 条，合并 {run.merged:,} 条，拒绝 {run.refused:,} 条。")
        problems = select(ImportProblem).where(ImportProblem.run_id == run_id)
        for problem in session.scalars(problems.order_by(ImportProblem.row_number).limit(SHOWN_PROBLEMS)):
            click.echo(f"  第 {problem.row_number} 行：{problem.reason}")
        if run.refused > SHOWN_PROBLEMS:
            click.echo(f"  …… 另有 {run.refused - SHOWN_PROBLEMS:,} 条，全部记录在 import_problem 表中。")
        return 1 if run.refused else 0
