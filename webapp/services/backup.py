"""Backups: the whole database sealed in one file, with a manifest; the keys are never beside it."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self, cast

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import URL

from webapp.database import reading_scope
from webapp.domain.errors import PlatformError
from webapp.domain.words import N_
from webapp.migrations import revision_of
from webapp.models import Graduate, Posting, StoredFile, User
from webapp.queries.ledger import head_now
from webapp.services.sealed_stream import key_for_backups, seal

DATABASE, MANIFEST = "database.sealed", "manifest.json"
KILLED_AFTER = timedelta(days=1)
"""No backup takes so long."""
COUNTED = (User, Graduate, Posting, StoredFile)


class ToolMissing(PlatformError):
    """PostgreSQL's own programs dump and restore; without them there is no backup."""

    message = N_("找不到 %(tool)s。请安装 PostgreSQL 客户端工具（apt-get install postgresql-client）后再试。")


class ToolFailed(PlatformError):
    """What one of PostgreSQL's programs said when it gave up."""

    message = N_("%(tool)s 没有完成：%(said)s")


class KeysBesideBackup(PlatformError):
    """Keys in the folder of backups would make sealing them pointless."""

    message = N_("密钥不能和备份放在一起。请把 --keys 指向备份目录以外、另行保管的位置。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds, readable without its key; no word in it names a person."""

    made_at: str
    dialect: str
    schema: str | None
    ledger_seq: int
    ledger_hash: str
    rows: dict[str, int]
    size: int
    sha256: str

    def write(self, folder: Path) -> None:
        """Write it beside the sealed database."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a backup's manifest."""
        return cls(**json.loads((folder / MANIFEST).read_text("utf-8")))


def back_up(engine: Engine, target: Path, *, file_key: str, at: datetime) -> Path:
    """Write a sealed backup into a folder of its own under ``target`` and return it; nobody has to stop.

    Rows committed while it runs may or may not be in it; the ledger reaches at least to the manifest's head.
    """
    with _draft(target, at) as draft:
        with reading_scope(engine) as session:
            head, schema = head_now(session), revision_of(session.connection())
            rows = {
                table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
                for table in COUNTED
            }
        with _plain(engine) as source, (draft / DATABASE).open("wb") as sealed:
            seal(source, sealed, key=key_for_backups(file_key))
        Manifest(
            made_at=at.isoformat(),
            dialect=engine.dialect.name,
            schema=schema,
            ledger_seq=head.seq,
            ledger_hash=head.hash,
            rows=rows,
            size=(draft / DATABASE).stat().st_size,
            sha256=digest(draft / DATABASE),
        ).write(draft)
        return draft.rename(target / draft.name[1:])


def keep_keys(file: Path, keys: dict[str, str], *, backups: Path) -> None:
    """Write the keys where only their keeper reads them; a place under the backups is refused."""
    if file.resolve().is_relative_to(backups.resolve()):
        raise KeysBesideBackup
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(json.dumps(keys, indent=1), "utf-8")


def digest(file: Path) -> str:
    """Return a file's SHA-256."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


@contextmanager
def _draft(target: Path, at: datetime) -> Iterator[Path]:
    """Make a hidden folder that goes where its backup fails; what killed backups left is gone a day later."""
    for left in target.glob(".*Z"):
        if left.stat().st_mtime < (at - KILLED_AFTER).timestamp():
            shutil.rmtree(left, ignore_errors=True)
    draft = target / f".{at:%Y%m%dT%H%M%S.%fZ}"
    draft.mkdir(parents=True, mode=0o700)
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextmanager
def _plain(engine: Engine) -> Iterator[BinaryIO]:
    """Open the database as one stream of bytes, as it was at one moment."""
    if engine.dialect.name == "postgresql":
        with running_tool("pg_dump", engine.url, "--format=custom", "--no-owner") as tool:
            yield cast("BinaryIO", tool.stdout)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "database"
        source, target = sqlite3.connect(str(engine.url.database)), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        with copy.open("rb") as content:
            yield content


@contextmanager
def running_tool(name: str, url: URL, *options: str, **streams: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of PostgreSQL's programs on a database; the password is not among its arguments."""
    program = shutil.which(name)
    if program is None:
        raise ToolMissing(tool=name)
    place = {
        "--host": url.host or url.query.get("host"),
        "--port": url.port or url.query.get("port"),
        "--username": url.username,
        "--dbname": url.database,
    }
    command = [program, *(f"{option}={value}" for option, value in place.items() if value), *options]
    with tempfile.TemporaryFile() as said:
        pipes = {"stdout": subprocess.PIPE, "stderr": said, **streams}
        environment = {"PGPASSWORD": url.password or ""}
        with subprocess.Popen(command, env=environment, **pipes) as tool:  # type: ignore[call-overload]  # noqa: S603
            yield tool
        if tool.returncode:
            said.seek(0)
            raise ToolFailed(tool=name, said=said.read(300).decode(errors="replace").strip())
