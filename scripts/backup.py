"""Back the database up."""

from pathlib import Path

import click

from scripts.session import engine, settings
from webapp.clock import now
from webapp.services.backup import back_up, keep_keys

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(
    help="Write a sealed backup of the whole database, files included, into a new folder under DIR. It opens "
    "only with the keys: --keys keeps those in a file elsewhere. Nobody has to stop working."
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--keys", type=click.Path(dir_okay=False, path_type=Path), help="A file outside DIR for the keys."
)
def command(folder: Path, keys: Path | None) -> None:
    """Back up; the list of erased accounts is kept with the keys."""
    here = settings()
    if keys is not None:
        kept = {"SECRET_KEY": here.secret_key, "PERSON_PEPPER": here.pepper, "FILE_KEY": here.file_key}
        keep_keys(keys, kept, backups=folder)
    made = back_up(engine(), folder, file_key=here.file_key, at=now())
    click.echo(f"备份已写入 {made}。没有密钥打不开它，请把密钥和注销名单（{here.erasures}）另行保管。")
