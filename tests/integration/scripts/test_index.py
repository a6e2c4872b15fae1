"""``index verify`` from the outside: what it says of an index that is right, wrong, or not there yet."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, update

from scripts.__main__ import main
from tests import factories as make
from webapp.database import session_factory, session_scope
from webapp.models import Posting
from webapp.services import following

POSTINGS = 7


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def change(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Postings and a resume to be indexed; change the postings as no page would."""
    monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SNAPSHOTS", str(tmp_path / "snapshots"))
    monkeypatch.setenv("PROCESSES", "1")
    monkeypatch.delenv("PLATFORM_ENV", raising=False)
    with session_scope(session_factory(database)) as session:
        for _ in range(POSTINGS):
            make.make_posting(session)
        make.make_resume(session, make.make_graduate(session))

    def change(**values: object) -> None:
        with session_scope(session_factory(database)) as session:
            session.execute(update(Posting).values(**values))

    return change


def test_an_index_that_is_right_is_said_to_be(change: Callable[..., None]) -> None:
    assert run("build-index").exit_code == 0
    done = run("index", "verify")
    assert done.exit_code == 0, done.output
    assert f"索引与数据库一致：{POSTINGS} 个岗位，1 份简历。" in done.stdout


def test_what_differs_is_counted_with_the_first_few_named(change: Callable[..., None]) -> None:
    assert run("build-index").exit_code == 0
    change(headcount=99)
    done = run("index", "verify")
    assert done.exit_code == 1
    assert f"索引里的条件不是现在的：{POSTINGS} 个岗位（编号 1、2、3、4、5 等）。" in done.stderr
    for named in re.findall(r"/\S+/(?:postings|resumes)", done.stderr.replace("\n", "")):
        shutil.rmtree(named)
    assert run("build-index").exit_code == 0
    assert run("index", "verify").exit_code == 0


def test_much_without_a_snapshot_is_not_read_to_be_compared_with_itself(
    change: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "FEW", POSTINGS)
    done = run("index", "verify")
    assert done.exit_code == 1
    assert "还没有可以核对的索引快照" in done.stderr
