"""Another encoder is made ready while the old one answers, then all processes change over."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from matcher.documents import Conditions
from tests import factories as make
from tests.models import make_static_encoder
from webapp.database import Transaction, transactions
from webapp.models import Graduate, User
from webapp.models.matching import Embedding, OwnerKind
from webapp.services import upkeep
from webapp.services.changes import posting_changed
from webapp.services.erasure import erase
from webapp.services.matching import Matching
from webapp.services.serving import serving
from webapp.settings import ROOT

TITLES = (
    "数据分析师",
    "护士",
    "会计",
    "前端开发工程师",
    "软件工程师",
    "教员",
    "病房护士",
    "报表会计",
    "数据员",
)
MANY = 900
"""Some batches of the worker's own size."""


@pytest.fixture
def transaction(database: Engine) -> Transaction:
    transaction = transactions(database)
    with transaction() as session:
        employer = make.make_employer(session)
        for title in TITLES:
            make.make_posting(session, employer=employer, title=title, duties=f"{title}的报表与数据。")
        make.make_resume(session, make.make_graduate(session, wanted=["数据分析"]))
    return transaction


class City:
    """Two encoders, a snapshot folder, and processes of one installation."""

    def __init__(self, transaction: Transaction, folder: Path) -> None:
        self.transaction, self.folder = transaction, folder
        self.old = str(make_static_encoder(folder / "old", seed=1))
        self.new = str(make_static_encoder(folder / "new", seed=2, dimension=24))

    def process(self, encoder: str, *, snapshots: str = "snapshots") -> Callable[[], list[tuple[int, float]]]:
        """Start a process with this setting; it answers with all postings and their scores."""
        matching = Matching(encoder=encoder, folder=self.folder / snapshots)

        def answers() -> list[tuple[int, float]]:
            with self.transaction() as session:
                graduate = session.scalars(select(Graduate)).first()
                found = matching.rank_postings(
                    session, graduate=graduate, conditions=Conditions(), today=make.TODAY, query="数据分析"
                )
            return [(match.id, match.score) for match in found.matches]

        return answers

    def work(self, encoder: str, *, steps: int | None = None) -> list[int]:
        """Let the worker have its turn, or stop it after some steps as a kill would."""
        turn = upkeep.keep_index(self.transaction, encoder=encoder, folder=self.folder / "snapshots")
        return list(islice(turn, steps))

    def vectors(self) -> dict[str, int]:
        with self.transaction() as session:
            counted = select(Embedding.model_id, func.count()).group_by(Embedding.model_id)
            return dict(session.execute(counted).tuples().all())

    def model_id(self) -> str:
        with self.transaction() as session:
            model = serving(session)
            assert model is not None
            return model.model_id


@pytest.fixture
def city(transaction: Transaction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    return City(transaction, tmp_path)


def test_the_old_model_answers_until_the_new_one_is_complete(city: City) -> None:
    city.work(city.old)
    before = city.process(city.old)
    old_answers = before()
    started_with_the_new = city.process(city.new)
    assert started_with_the_new() == old_answers

    assert city.work(city.new, steps=2) == [8, 6]
    assert before() == started_with_the_new() == city.process(city.new)() == old_answers
    assert sorted(city.vectors().values()) == [4, 10]

    assert city.work(city.new) == [4, 2, 1, 0]
    new_answers = before()
    assert new_answers != old_answers
    assert new_answers == started_with_the_new() == city.process(city.new)()
    assert new_answers == city.process(city.new, snapshots="an empty folder")()


def test_a_killed_worker_loses_nothing(transaction: Transaction, database: Engine, tmp_path: Path) -> None:
    city = City(transaction, tmp_path)
    with transaction() as session:
        employer = make.make_employer(session)
        for number in range(MANY):
            title = TITLES[number % len(TITLES)]
            make.make_posting(session, employer=employer, title=title, duties=f"数据{number}")
    city.work(city.old)
    old_answers = city.process(city.old)()
    settings = {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "SNAPSHOTS": str(tmp_path / "snapshots"),
        "MATCHER_ENCODER": city.new,
    }
    command = [sys.executable, "-m", "scripts", "build-index"]
    worker = subprocess.Popen(
        command, env=os.environ | settings, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert worker.stderr is not None
    worker.stderr.readline()
    worker.kill()
    worker.communicate()
    assert city.process(city.new)() == old_answers
    assert 0 < min(city.vectors().values()) < max(city.vectors().values())
    city.work(city.new)
    answers = city.process(city.new)()
    assert answers != old_answers
    assert answers == city.process(city.new, snapshots="an empty folder")()


def test_old_vectors_are_forgotten_in_a_later_turn(city: City) -> None:
    city.work(city.old)
    old = city.model_id()
    city.work(city.new)
    assert city.vectors() == {old: 10, city.model_id(): 10}
    city.work(city.new)
    assert city.vectors() == {city.model_id(): 10}
    assert [path.name for path in (city.folder / "snapshots").iterdir()] == [city.model_id()]


def test_an_upgrade_that_removes_the_old_encoder_leaves_a_copy_to_answer_with(city: City) -> None:
    city.work(city.old)
    old_answers = city.process(city.old)()
    shutil.rmtree(city.old)
    city.work(city.new, steps=1)
    assert city.process(city.new)() == old_answers
    city.work(city.new)
    assert city.process(city.new)() != old_answers


def test_an_encoder_changed_in_its_place_is_another_encoder(city: City) -> None:
    city.work(city.old)
    old_answers, old = city.process(city.old)(), city.model_id()
    shutil.rmtree(city.old)
    shutil.copytree(city.new, city.old)
    assert city.process(city.old)() == old_answers
    city.work(city.old)
    assert city.model_id() != old
    assert city.process(city.old)() != old_answers


def test_without_any_copy_the_encoder_that_is_set_answers_at_once(city: City) -> None:
    city.work(city.old)
    old_answers = city.process(city.old)()
    for folder in (city.old, city.folder / "snapshots"):
        shutil.rmtree(folder)
    answers = city.process(city.new)()
    assert answers != old_answers
    city.work(city.new)
    assert city.process(city.new)() == answers


def test_what_changes_meanwhile_is_in_the_new_index(city: City) -> None:
    city.work(city.old)
    city.work(city.new, steps=3)
    with city.transaction() as session:
        fresh = make.make_posting(session, title="数据分析员")
        posting_changed(session, fresh.id, make.NOW)
        posting_id = fresh.id
    city.work(city.new)
    answers = city.process(city.new)
    assert posting_id in dict(answers())
    assert answers() == city.process(city.new, snapshots="an empty folder")()


def test_leaving_deletes_the_vectors_of_both_models(city: City) -> None:
    city.work(city.old)
    city.work(city.new)
    with city.transaction() as session:
        graduate = session.scalars(select(Graduate)).one()
        erase(session, graduate=graduate, by=session.get_one(User, graduate.user_id), at=make.NOW)
    with city.transaction() as session:
        kept = session.scalars(select(Embedding.owner_id).where(Embedding.owner_kind == OwnerKind.RESUME))
        assert kept.all() == []


def test_a_vector_made_while_its_owner_left_is_forgotten_in_the_next_turn(city: City) -> None:
    city.work(city.old)
    with city.transaction() as session:
        session.scalars(select(Graduate)).one().searchable = False
    city.work(city.old)
    assert city.vectors() == {city.model_id(): len(TITLES)}
