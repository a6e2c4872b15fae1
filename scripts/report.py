"""Write one of the plan's reports from a snapshot, the same bytes each time."""

import sys
from pathlib import Path

import click

from scripts.session import open_session
from webapp.queries.reports.kept import find_snapshot
from webapp.reports.document import Edition
from webapp.reports.files import file_name, formats
from webapp.reports.names import TITLES, write
from webapp.reports.snapshot import read

NAMES = "\n\n".join(f"{name}  {title}" for name, title in TITLES.items())


@click.command(help=f"Write a report from a snapshot (see report-snapshot). NAME is one of:\n\n{NAMES}")
@click.argument("name", type=click.Choice(list(TITLES)))
@click.option("--snapshot", "snapshot_id", required=True, help="Number of the snapshot.")
@click.option("--format", "form", type=click.Choice(list(formats())), default="html", show_default=True)
@click.option("--internal", is_flag=True, help="With schools and small cells; not for the public.")
@click.option("--out", type=click.Path(path_type=Path), help="File; '-' for standard output.")
def command(name: str, snapshot_id: str, form: str, *, internal: bool, out: Path | None) -> None:
    """Render and write."""
    with open_session() as session:
        kept = find_snapshot(session, snapshot_id)
        snapshot = read(kept.id, kept.content)
    document = write(name, snapshot, Edition.INTERNAL if internal else Edition.PUBLIC)
    chosen = formats()[form]
    content = chosen.render(document)
    if out == Path("-"):
        sys.stdout.buffer.write(content)
        return
    path = out or Path(file_name(document, chosen))
    path.write_bytes(content)
    click.echo(f"{path}: {len(content):,} bytes")
