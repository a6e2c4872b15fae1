"""A web process that would have to read much leaves that to the worker and waits for its snapshot."""

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from matcher.collection import Collection
from matcher.documents import Conditions
from matcher.engine import MatchingEngine
from tests import factories as make
from tests.models import make_static_encoder
from webapp.database import Transaction, transactions
from webapp.domain.postings import PostingStatus
from webapp.models import Graduate, Posting
from webapp.queries.changes import place_now
from webapp.services import following
from webapp.services.changes import KEPT, forget_changes, posting_changed
from webapp.services.following import Follower, IndexNotReady, snapshots_of
from webapp.services.matching import Matching
from webapp.services.upkeep import keep_index
from webapp.settings import Settings

FEW = 2


@pytest.fixture
def transaction(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Transaction:
    monkeypatch.setattr(following, "FEW", FEW)
    return transactions(database)


class Web:
    """A web process of this installation."""

    def __init__(self, transaction: Transaction, folder: Path, parts: MatchingEngine | None = None) -> None:
        self.transaction = transaction
        engine = parts.emptied() if parts else None
        self.matching = Matching(encoder=Settings().encoder, folder=folder, waits=True, engine=engine)

    def found(self) -> set[int]:
        with self.transaction() as session:
            ranking = self.matching.rank_postings(
                session, graduate=None, conditions=Conditions(), today=make.TODAY, query="数据", top=50
            )
        return {match.id for match in ranking.matches}

    def waits(self) -> bool:
        """Say whether a search is refused, and whether the process knows it."""
        with pytest.raises(IndexNotReady):
            self.found()
        with self.transaction() as session:
            assert self.matching.lag(session, at=make.NOW) is None
        return self.matching.waits


@pytest.fixture
def web(transaction: Transaction, tmp_path: Path, matching_parts: MatchingEngine) -> Callable[[], Web]:
    return lambda: Web(transaction, tmp_path / "snapshots", matching_parts)


def open_postings(transaction: Transaction, number: int) -> set[int]:
    made = set()
    for _ in range(number):
        with transaction() as session:
            made.add(make.make_posting(session, title="数据分析师").id)
    return made


def work(transaction: Transaction, folder: Path, encoder: str = Settings().encoder) -> None:
    """Let the worker have its turn."""
    for _ in keep_index(transaction, encoder=encoder, folder=folder):
        pass


def go_ahead(transaction: Transaction, folder: Path, parts: MatchingEngine, sides: Sequence[str]) -> None:
    """Leave a snapshot with sides of a feed that went further, as a database put back does."""
    follower = Follower(parts.emptied(), folder=folder)
    follower.follow(transaction)
    engine = follower.engine
    for side, home in zip(
        (engine.postings, engine.resumes), snapshots_of(folder / engine.model_id), strict=True
    ):
        if home.name in sides:
            side.apply([], [], 10**9)
            side.save(home)


@pytest.mark.parametrize("number", [0, FEW, FEW + 1])
def test_few_documents_are_read_at_once_and_many_by_the_worker(
    transaction: Transaction, web: Callable[[], Web], tmp_path: Path, number: int
) -> None:
    made, one = open_postings(transaction, number), web()
    if number > FEW:
        assert one.waits()
        work(transaction, tmp_path / "snapshots")
    assert one.found() == made
    assert not one.matching.waits
    assert one.found() | open_postings(transaction, 1) == one.found()


def test_people_and_postings_count_together(transaction: Transaction, web: Callable[[], Web]) -> None:
    open_postings(transaction, FEW)
    with transaction() as session:
        make.make_resume(session, make.make_graduate(session, searchable=True))
    assert web().waits()


def test_one_person_is_compared_with_one_posting_meanwhile(
    transaction: Transaction, web: Callable[[], Web], matching_parts: MatchingEngine
) -> None:
    open_postings(transaction, FEW + 1)
    with transaction() as session:
        make.make_resume(session, make.make_graduate(session))

    def compared(matching: Matching, session: Session) -> list[float]:
        graduate = session.scalars(select(Graduate)).one()
        postings = session.scalars(select(Posting).options(joinedload(Posting.employer))).all()
        first = matching.match(session, graduate=graduate, posting=postings[0], today=make.TODAY)
        listed = matching.matches(
            session,
            graduate=graduate,
            posting_ids=[posting.id for posting in postings],
            conditions=Conditions(),
            today=make.TODAY,
        )
        return [first.score, *(match.score for match in listed)]

    one, ready = web(), Matching(encoder=Settings().encoder, engine=matching_parts.emptied())
    with transaction() as session:
        assert compared(one.matching, session) == compared(ready, session)
    assert one.waits()


def test_after_a_change_of_how_documents_are_read_the_worker_reads_them(
    transaction: Transaction, web: Callable[[], Web], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_postings(transaction, FEW + 1)
    work(transaction, tmp_path / "snapshots")
    before = web()
    assert before.found() == made
    monkeypatch.setattr("matcher.engine.READ_VERSION", "another")
    upgraded = web()
    assert upgraded.waits()
    assert before.found() == made, "processes of the last version go on"
    work(transaction, tmp_path / "snapshots")
    assert upgraded.found() == made


def test_a_useless_snapshot_is_looked_at_once(
    transaction: Transaction, web: Callable[[], Web], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_postings(transaction, FEW + 1)
    work(transaction, tmp_path / "snapshots")
    next(tmp_path.glob("snapshots/*/resumes/*/manifest.json")).write_text("{", "utf-8")
    looks, load = [], Collection.load

    def counted(self: Collection, folder: Path) -> None:
        looks.append(folder)
        load(self, folder)

    monkeypatch.setattr(Collection, "load", counted)
    one = web()
    assert one.waits()
    seen = len(looks)
    assert one.waits()
    assert len(looks) == seen
    work(transaction, tmp_path / "snapshots")
    assert one.found() == made


@pytest.mark.parametrize("sides", [("postings",), ("resumes",), ("postings", "resumes")])
def test_a_snapshot_with_a_side_of_an_undone_future_is_not_taken(
    transaction: Transaction,
    web: Callable[[], Web],
    tmp_path: Path,
    matching_parts: MatchingEngine,
    sides: Sequence[str],
) -> None:
    made = open_postings(transaction, FEW + 1)
    work(transaction, tmp_path / "snapshots")
    go_ahead(transaction, tmp_path / "snapshots", matching_parts, sides)
    one = web()
    assert one.waits()
    work(transaction, tmp_path / "snapshots")
    assert one.found() == made


def test_a_snapshot_that_comes_while_a_useless_one_is_looked_at_is_taken(
    transaction: Transaction,
    web: Callable[[], Web],
    tmp_path: Path,
    matching_parts: MatchingEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, here = open_postings(transaction, FEW + 1), tmp_path / "snapshots"
    work(transaction, here)
    shutil.copytree(here, tmp_path / "next")
    go_ahead(transaction, here, matching_parts, ("postings", "resumes"))
    load = Collection.load

    def overtaken(self: Collection, folder: Path) -> None:
        load(self, folder)
        if folder.name == "resumes":
            monkeypatch.setattr(Collection, "load", load)
            shutil.copytree(tmp_path / "next", here, dirs_exist_ok=True)

    monkeypatch.setattr(Collection, "load", overtaken)
    one = web()
    assert one.waits()
    assert one.found() == made


def test_a_process_that_slept_too_long_waits_for_a_newer_snapshot(
    transaction: Transaction, web: Callable[[], Web], tmp_path: Path
) -> None:
    gone, *stay = sorted(open_postings(transaction, FEW + 2))
    work(transaction, tmp_path / "snapshots")
    one = web()
    assert one.found() == {gone, *stay}
    with transaction() as session:
        session.get_one(Posting, gone).status = PostingStatus.CLOSED
        posting_changed(session, gone, make.NOW)
    new = open_postings(transaction, 1)
    with transaction() as session:
        forget_changes(session, before=place_now(session), at=make.NOW + KEPT + timedelta(days=1))
    assert one.waits()
    assert one.waits()
    work(transaction, tmp_path / "snapshots")
    assert one.found() == {*stay, *new}


def test_the_old_encoder_answers_where_the_snapshot_of_the_new_has_not_come_yet(
    transaction: Transaction, tmp_path: Path
) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    encoders = [str(make_static_encoder(tmp_path / f"{seed}", seed=seed)) for seed in (1, 2)]
    made = open_postings(transaction, FEW + 1)
    work(transaction, here, encoders[0])
    one = Web(transaction, here)
    assert one.found() == made
    old = one.matching.engine.model_id
    shutil.copytree(here, elsewhere)
    work(transaction, elsewhere, encoders[1])
    made |= open_postings(transaction, 1)
    assert one.found() == made
    assert one.matching.engine.model_id == old
    assert not one.matching.waits
    work(transaction, here, encoders[1])
    assert one.found() == made
    assert one.matching.engine.model_id != old
