"""Put a backup back."""

from pathlib import Path

import click
from sqlalchemy import make_url

from scripts.session import settings
from webapp.clock import now
from webapp.services.restoring import put_back


@click.command(
    help="Restore the backup in DIR into the database of DATABASE_URL, under the keys of the environment. "
    "Whoever is on the list of erased accounts (ERASURES) is erased again. Stop web and worker first."
)
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what the database holds now.")
def command(folder: Path, *, replace: bool) -> None:
    """Restore."""
    here = settings()
    again = put_back(
        folder,
        make_url(here.database_url),
        file_key=here.file_key,
        pepper=here.pepper,
        erasures=here.erasures,
        snapshots=here.snapshots,
        at=now(),
        replace=replace,
    )
    click.echo(f"已恢复。备份之后注销的 {again} 人已再次删除。索引会在下次启动时重建。")
