"""Backups: sealed, complete, refused when touched; and nobody who left comes back with one."""

import errno
import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.orm import Session, joinedload

from matcher.engine import MatchingEngine
from scripts.__main__ import main
from tests import factories as make
from tests.conftest import need, postgres_binary
from tests.counted import make_counted
from tests.integration.services.test_change_feed import Process
from tests.stories import identify
from webapp.clock import now
from webapp.database import open_engine, session_factory, session_scope, when_committed
from webapp.migrations import newest
from webapp.models import Graduate, LedgerEntry, Posting, Resume, StoredFile
from webapp.models.matching import Embedding, OwnerKind
from webapp.services import backup
from webapp.services.backup import DATABASE, MANIFEST, KeysBesideBackup, back_up, keep_keys
from webapp.services.erasure import NOBODY, erase
from webapp.services.erasures import list_missing, list_when_done, read_marks
from webapp.services.files import open_file, store_file
from webapp.services.ledger import verify_chain
from webapp.services.restoring import BackupDamaged, NotEmpty, UnknownSchema, WrongKey, put_back
from webapp.services.sealed_stream import PIECE, TAG, SealBroken, key_for_backups, seal, unseal
from webapp.settings import Settings

KEY, PEPPER, PAPER = "the file key", "the pepper", "张三的劳动合同".encode() * 1000
SEALED_WITH = Settings(file_key=KEY).fernet_key


@dataclass
class Place:
    """An installation with people in it, and where its backups, keys and lists lie."""

    engine: Engine
    folder: Path

    def __post_init__(self) -> None:
        self.factory = session_factory(self.engine)
        self.transaction = partial(session_scope, self.factory)
        self.erasures = self.folder / "elsewhere" / "erasures.txt"

    def back_up(self) -> Path:
        return back_up(self.engine, self.folder / "backups", file_key=KEY, at=now())

    def restore(self, backup: Path, **changes: object) -> int:
        self.engine.dispose()
        usual = {
            "file_key": KEY, "pepper": PEPPER, "erasures": self.erasures,
            "snapshots": self.folder / "snapshots", "at": now(), "replace": True,
        }  # fmt: skip
        return put_back(backup, make_url(self.url), **(usual | changes))  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    def leave(self, graduate_id: int) -> None:
        with self.transaction() as session:
            graduate = session.get_one(Graduate, graduate_id, options=[joinedload(Graduate.user)])
            erase(session, graduate=graduate, by=graduate.user, at=now())
            list_when_done(session, graduate=graduate, file=self.erasures, pepper=PEPPER)


@pytest.fixture
def place(
    database: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    if database.dialect.name == "postgresql":
        program = postgres_binary("pg_dump")
        need(program, "PostgreSQL's client is missing: apt-get install postgresql-client")
        monkeypatch.setenv("PATH", f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}")
    place = Place(database, tmp_path)
    with place.transaction() as session:
        make.make_period(session)
        make_counted(session)
        make.make_posting(session, title="数据分析师")
        for _ in range(2):
            make.make_resume(session, make.make_graduate(session))
    yield place
    place.engine.dispose()


def people(session: Session) -> list[int]:
    return list(session.scalars(select(Resume.graduate_id).order_by(Resume.graduate_id)))


def test_a_backup_brings_everything_back(
    place: Place, matching_parts: MatchingEngine, tmp_path: Path
) -> None:
    with place.transaction() as session:
        owner = session.scalars(select(Graduate)).first()
        kept = store_file(
            session, owner_id=owner.user_id, purpose="evidence", filename="contract.pdf", content=PAPER,
            media_type="application/pdf", at=now(), key=SEALED_WITH,
        )  # fmt: skip
        identify(session, session.scalars(select(Graduate).order_by(Graduate.id.desc())).first())
    before = Process(matching_parts, place.factory, tmp_path / "snapshots")
    indexed = before.postings()
    before.matching.save()
    backup = place.back_up()
    with place.transaction() as session:
        make.make_posting(session)
        make_counted(session)
        entries = session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.seq)).all()
    assert place.restore(backup) == 0
    with place.transaction() as session:
        assert session.scalars(select(LedgerEntry.hash)).all() == entries[:1]
        assert verify_chain(session) == []
        assert open_file(session.get_one(StoredFile, kept.id), key=SEALED_WITH) == PAPER
    assert Process(matching_parts, place.factory, tmp_path / "snapshots").postings() == indexed
    with place.transaction() as session:
        new = make.make_posting(session).id
    after = Process(matching_parts, place.factory, tmp_path / "snapshots")
    assert after.postings() == {*indexed, new}


def test_whoever_left_after_the_backup_does_not_come_back(
    place: Place, matching_parts: MatchingEngine
) -> None:
    with place.transaction() as session:
        leaves, stays = people(session)
    Process(matching_parts, place.factory).postings()
    backup = place.back_up()
    place.leave(leaves)
    assert place.restore(backup) == 1
    with place.transaction() as session:
        assert session.get_one(Graduate, leaves).name == NOBODY
        assert session.get_one(Graduate, stays).name != NOBODY
        texts = dict(session.execute(select(Resume.graduate_id, Resume.text)).tuples().all())
        assert texts[leaves] == ""
        vectors = select(Embedding.owner_id).where(Embedding.owner_kind == OwnerKind.RESUME)
        assert session.scalars(vectors).all() == [stays]
    one = Process(matching_parts, place.factory)
    one.postings()
    assert stays in one.matching.engine.resumes
    assert leaves not in one.matching.engine.resumes
    assert place.restore(backup) == 1


def test_a_later_account_with_the_number_of_one_that_left_is_spared(place: Place) -> None:
    backup = place.back_up()
    with place.transaction() as session:
        gone = make.make_graduate(session)
    place.leave(gone.id)
    assert place.restore(backup) == 0
    with place.transaction() as session:
        later = make.make_graduate(session, id=gone.id, created_at=now())
        assert later.name != NOBODY
    second = place.back_up()
    assert place.restore(second) == 0


def test_a_leaving_that_is_undone_is_not_listed_and_one_not_listed_is_found(place: Place) -> None:
    with place.factory() as session:
        people = select(Graduate).options(joinedload(Graduate.user)).order_by(Graduate.id.desc())
        graduate = session.scalars(people).first()
        leaves = graduate.id
        erase(session, graduate=graduate, by=graduate.user, at=now())
        list_when_done(session, graduate=graduate, file=place.erasures, pepper=PEPPER)
        session.rollback()
        session.commit()
        assert read_marks(place.erasures) == set()
    place.leave(leaves)
    listed = read_marks(place.erasures)
    assert len(listed) == 1
    place.erasures.unlink()
    for _ in range(2):
        with place.transaction() as session:
            list_missing(session, file=place.erasures, pepper=PEPPER)
    assert place.erasures.read_text("ascii").split() == list(listed)


def test_a_backup_without_its_key_opens_nothing(place: Place) -> None:
    with place.transaction() as session:
        names = list(session.scalars(select(Graduate.name)))
    backup = place.back_up()
    whole = b"".join(file.read_bytes() for file in sorted(backup.rglob("*")) if file.is_file())
    told = [
        word for word in ("数据分析师", "演示", "example.com", KEY, PEPPER, *names) if word.encode() in whole
    ]
    assert told == []
    assert not whole.startswith((b"SQLite format", b"PGDMP"))
    with pytest.raises(WrongKey):
        place.restore(backup, file_key="another key")
    with pytest.raises(KeysBesideBackup):
        keep_keys(backup / "keys.json", {"FILE_KEY": KEY}, backups=place.folder / "backups")


def test_a_backup_that_fails_leaves_nothing_behind(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup, "seal", full)
    with pytest.raises(OSError, match="No space"):
        place.back_up()
    assert list((place.folder / "backups").iterdir()) == []


def test_what_a_killed_backup_left_goes_with_a_later_one(place: Place) -> None:
    for name, age in (
        (".20260101T000000.000000Z", timedelta(days=2)),
        (".20260102T000000.000000Z", timedelta()),
    ):
        left = place.folder / "backups" / name
        left.mkdir(parents=True)
        (left / DATABASE).write_bytes(b"half")
        when = (now() - age).timestamp()
        os.utime(left, (when, when))
    made = place.back_up()
    there = {folder.name for folder in (place.folder / "backups").iterdir()}
    assert there == {made.name, ".20260102T000000.000000Z"}


def test_keys_are_their_keepers_alone_wherever_they_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text("{}")
    file.chmod(0o644)
    keep_keys(file, {"FILE_KEY": KEY}, backups=tmp_path / "backups")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text("utf-8")) == {"FILE_KEY": KEY}


def test_a_backup_that_was_touched_is_refused_before_anything_changes(place: Place) -> None:
    backup = place.back_up()
    with place.transaction() as session:
        stays = make.make_posting(session).id
    content = bytearray((backup / DATABASE).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / DATABASE).write_bytes(content)
    with pytest.raises(BackupDamaged):
        place.restore(backup)
    manifest = json.loads((backup / MANIFEST).read_text("utf-8"))
    assert manifest["rows"]["graduate"] >= 3
    with place.engine.connect() as connection:
        assert connection.scalar(text(f"SELECT id FROM posting WHERE id = {stays}")) == stays


def test_a_backup_of_a_newer_version_is_refused_before_anything_changes(place: Place) -> None:
    backup = place.back_up()
    with place.transaction() as session:
        stays = make.make_posting(session).id
    manifest = json.loads((backup / MANIFEST).read_text("utf-8"))
    assert manifest["schema"] == newest()
    (backup / MANIFEST).write_text(json.dumps(manifest | {"schema": "9999"}), "utf-8")
    with pytest.raises(UnknownSchema, match="9999"):
        place.restore(backup)
    with place.transaction() as session:
        assert session.get(Posting, stays)


def test_a_database_with_people_in_it_is_not_replaced_unasked(place: Place) -> None:
    with pytest.raises(NotEmpty):
        place.restore(place.back_up(), replace=False)


def test_the_commands_back_up_and_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'platform.db'}",
        "ERASURES": str(tmp_path / "erasures.txt"),
        "SNAPSHOTS": str(tmp_path / "snapshots"),
        "FILE_KEY": KEY,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*asked: str) -> str:
        done = CliRunner().invoke(main, asked, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    run("migrate")
    engine = open_engine(f"sqlite:///{tmp_path / 'platform.db'}")
    with session_scope(session_factory(engine)) as session:
        there = make.make_graduate(session).id
    engine.dispose()
    run("backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys.json"))
    assert json.loads((tmp_path / "keys.json").read_text("utf-8"))["FILE_KEY"] == KEY
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    (tmp_path / "platform.db").unlink()
    [made] = (tmp_path / "backups").iterdir()
    assert "0 人" in run("restore", str(made))
    with session_scope(session_factory(engine)) as session:
        assert session.get_one(Graduate, there)
    engine.dispose()
    shutil.rmtree(made)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_opens_whole(size: int) -> None:
    content, key = os.urandom(size), key_for_backups(KEY)
    sealed, opened = io.BytesIO(), io.BytesIO()
    seal(io.BytesIO(content), sealed, key=key)
    unseal(io.BytesIO(sealed.getvalue()), opened, key=key)
    assert opened.getvalue() == content


@pytest.mark.parametrize(
    "harm", ["cut at a piece", "pieces swapped", "one left out", "one bit", "another key"]
)
def test_what_was_harmed_does_not_open(harm: str) -> None:
    key, sealed, size = key_for_backups(KEY), io.BytesIO(), PIECE + TAG
    seal(io.BytesIO(os.urandom(3 * PIECE)), sealed, key=key)
    start, *pieces = (sealed.getvalue()[:7], *(sealed.getvalue()[7 + n * size :][:size] for n in range(3)))
    match harm:
        case "cut at a piece":
            pieces.pop()
        case "pieces swapped":
            pieces[:2] = pieces[1::-1]
        case "one left out":
            pieces.pop(1)
        case "one bit":
            pieces[1] = pieces[1][:-1] + bytes([pieces[1][-1] ^ 1])
        case _:
            key = key_for_backups("another")
    with pytest.raises(SealBroken):
        unseal(io.BytesIO(start + b"".join(pieces)), io.BytesIO(), key=key)


def test_a_savepoint_neither_does_what_waits_for_the_commit_nor_forgets_it(place: Place) -> None:
    done: list[str] = []
    with place.factory() as session:
        when_committed(session, lambda: done.append("whole"))
        with session.begin_nested():
            when_committed(session, lambda: done.append("inside"))
        assert done == []
        session.begin_nested().rollback()
        session.commit()
        assert done == ["whole", "inside"]
        session.commit()
    assert done == ["whole", "inside"]
