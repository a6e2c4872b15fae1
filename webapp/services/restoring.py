"""Putting a backup back: checked before anything is touched, and whoever was erased since is erased again."""

import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, inspect, select, update
from sqlalchemy.engine import URL

from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.errors import PlatformError
from webapp.domain.words import N_
from webapp.migrations import knows, newest, upgrade
from webapp.models import LedgerEntry, MatchChange, MatchFeed, User
from webapp.services.backup import DATABASE, Manifest, digest, running_tool
from webapp.services.erasures import erase_again
from webapp.services.sealed_stream import SealBroken, key_for_backups, unseal


class BackupDamaged(PlatformError):
    """The content is not what the manifest says."""

    message = N_("备份已损坏或被改动：%(what)s。请换用另一份备份。")


class WrongKey(PlatformError):
    """A backup opens only with the file key it was made under."""

    message = N_("FILE_KEY 打不开这份备份。请换回备份时使用的密钥。")


class OtherDatabase(PlatformError):
    """SQLite and PostgreSQL do not read each other's copies."""

    message = N_("这份备份来自 %(made)s，当前 DATABASE_URL 是 %(here)s。请把 DATABASE_URL 指向同一种数据库。")


class UnknownSchema(PlatformError):
    """A newer version made the backup: this one could neither bring it up to date nor serve it."""

    message = N_(
        "这份备份来自更新的版本（数据库版本 %(made)s，这里是 %(here)s），没有动现有数据。请先升级平台。"
    )


class NotEmpty(PlatformError):
    """Nothing is overwritten unasked."""

    message = N_("目标数据库里已有数据，没有动它。确认要用备份替换时，请加上 --replace。")


def put_back(
    folder: Path,
    url: URL,
    *,
    file_key: str,
    pepper: str,
    erasures: Path,
    snapshots: Path,
    at: datetime,
    replace: bool = False,
) -> int:
    """Restore a backup and return how many people had to be erased again.

    The manifest, the schema, the key and every byte are checked first; then the database is replaced, brought
    to this version's schema, its ledger held against the manifest, the snapshots of the index dropped.
    """
    manifest = Manifest.read(folder)
    if manifest.dialect != url.get_backend_name():
        raise OtherDatabase(made=manifest.dialect, here=url.get_backend_name())
    if not knows(manifest.schema):
        raise UnknownSchema(made=manifest.schema, here=newest())
    if digest(folder / DATABASE) != manifest.sha256:
        raise BackupDamaged(what=DATABASE)
    if not replace and _holds_something(url):
        raise NotEmpty
    with tempfile.TemporaryFile() as plain:
        with (folder / DATABASE).open("rb") as sealed:
            try:
                unseal(sealed, plain, key=key_for_backups(file_key))
            except SealBroken:
                raise WrongKey from None
        plain.seek(0)
        _load(plain, url)
    shutil.rmtree(snapshots, ignore_errors=True)
    engine = open_engine(url.render_as_string(hide_password=False))
    try:
        upgrade(engine)
        return _settle(engine, manifest, erasures=erasures, pepper=pepper, at=at)
    finally:
        engine.dispose()


def _settle(engine: Engine, manifest: Manifest, *, erasures: Path, pepper: str, at: datetime) -> int:
    with session_scope(session_factory(engine)) as session:
        last = select(LedgerEntry.hash).where(LedgerEntry.seq == manifest.ledger_seq)
        if manifest.ledger_seq and session.scalar(last) != manifest.ledger_hash:
            raise BackupDamaged(what=f"ledger {manifest.ledger_seq}")
        if manifest.dialect == "postgresql":  # numbered by the cluster it was dumped from
            session.execute(update(MatchChange).values(transaction_id=0))
            session.execute(update(MatchFeed).values(begins=0))
        return erase_again(session, file=erasures, pepper=pepper, at=at)


def _holds_something(url: URL) -> bool:
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return False
    engine = open_engine(url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            return "user" in tables and connection.scalar(select(User.id).limit(1)) is not None
    finally:
        engine.dispose()


def _load(plain: BinaryIO, url: URL) -> None:
    if url.get_backend_name() == "postgresql":
        options = ("--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction")
        with running_tool("pg_restore", url, *options, stdin=plain.fileno(), stdout=subprocess.DEVNULL):
            return
    file = Path(str(url.database))
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.restored")
    with draft.open("wb") as target:
        shutil.copyfileobj(plain, target)
    for left in ("-wal", "-shm"):
        file.with_name(file.name + left).unlink(missing_ok=True)
    draft.replace(file)
