"""The feed of changes: late commits, undone transactions, restored databases, vectors made elsewhere."""

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.engine import MatchingEngine
from tests import factories as make
from webapp.database import open_engine, session_factory, session_scope
from webapp.domain.postings import PostingStatus
from webapp.migrations import upgrade
from webapp.models import MatchChange, MatchFeed, Posting
from webapp.queries.changes import place_now
from webapp.services.changes import KEPT, forget_changes, posting_changed
from webapp.services.following import Follower, IndexNotReady
from webapp.services.matching import Matching, _settle
from webapp.services.upkeep import keep_index, shorten_feed
from webapp.settings import Settings

MANY = 1200
"""More changes than any window by number would look back over."""


class Process:
    """A web process of its own: it looks at the feed in its own transactions."""

    def __init__(self, parts: MatchingEngine, factory: sessionmaker[Session], folder: Path | None = None):
        self.factory = factory
        self.matching = Matching(encoder=Settings().encoder, folder=folder, engine=parts.emptied())

    def close(self, posting_id: int) -> None:
        """Close a posting, which is then found no longer."""
        with session_scope(self.factory) as session:
            session.get_one(Posting, posting_id).status = PostingStatus.CLOSED
            posting_changed(session, posting_id, make.NOW)

    def postings(self) -> set[int]:
        with session_scope(self.factory) as session:
            self.matching.refresh(session)
        state = self.matching.engine.postings
        return {int(id) for id in state.state.ids[state.state.alive]} if len(state) else set()


@pytest.fixture
def factory(database: Engine) -> sessionmaker[Session]:
    return session_factory(database)


@pytest.fixture
def process(matching_parts: MatchingEngine, factory: sessionmaker[Session]) -> Callable[..., Process]:
    return partial(Process, matching_parts, factory)


def live(factory: sessionmaker[Session]) -> set[int]:
    with factory() as session:
        return set(session.scalars(select(Posting.id).where(Posting.status == PostingStatus.LIVE)))


@pytest.fixture
def late(own_database: Engine) -> Iterator[tuple[Session, int]]:
    """A transaction that has written a change and is not committed yet."""
    with session_factory(own_database)() as session:
        yield session, make.make_posting(session, title="迟到的岗位").id


def test_a_change_that_commits_after_a_thousand_later_ones_is_not_missed(
    own_database: Engine, matching_parts: MatchingEngine, late: tuple[Session, int], tmp_path: Path
) -> None:
    factory = session_factory(own_database)
    one, two = (Process(matching_parts, factory, tmp_path) for _ in range(2))
    session, late_id = late
    with session_scope(factory) as quick:
        posting = make.make_posting(quick)
        quick.add_all(
            MatchChange(owner_kind="posting", owner_id=posting.id, at=make.NOW) for _ in range(MANY)
        )
    assert one.postings() == two.postings() == {posting.id}
    one.matching.save()
    session.commit()
    assert late_id in live(factory)
    assert one.postings() == two.postings() == {posting.id, late_id}
    assert Process(matching_parts, factory, tmp_path).postings() == {posting.id, late_id}


def test_interleaved_transactions_reach_every_process_in_whatever_order_they_commit(
    own_database: Engine, matching_parts: MatchingEngine
) -> None:
    factory = session_factory(own_database)
    one, two = Process(matching_parts, factory), Process(matching_parts, factory)
    with ExitStack() as open_ones:
        writers = [open_ones.enter_context(factory()) for _ in range(6)]
        ids = [make.make_posting(writer).id for writer in writers]
        for turn, place in enumerate((3, 0, 5, 1, 4, 2)):
            writers[place].commit()
            assert one.postings() == live(factory)
            if turn % 2:
                assert two.postings() == live(factory)
    assert one.postings() == two.postings() == set(ids)


def test_a_change_undone_after_it_was_followed_hides_no_later_one(
    process: Callable[..., Process], factory: sessionmaker[Session]
) -> None:
    """SQLite gives the number of an undone change out again."""
    one = process()
    assert one.postings() == set()
    with factory() as session:
        undone = make.make_posting(session)
        one.matching.refresh(session)
        assert len(one.matching.engine.postings) == 1
        assert undone.id
        session.rollback()
    with session_scope(factory) as session:
        stays = make.make_posting(session).id
    assert one.postings() == {stays}


def test_a_snapshot_of_a_feed_that_went_further_is_read_anew(
    matching_parts: MatchingEngine, tmp_path: Path
) -> None:
    """What a SQLite file put back from a backup looks like to the snapshots that were made after it."""
    engine = open_engine(f"sqlite:///{tmp_path / 'platform.db'}")
    upgrade(engine)
    factory = session_factory(engine)
    with session_scope(factory) as session:
        first = make.make_posting(session).id
    engine.dispose()
    shutil.copy(tmp_path / "platform.db", tmp_path / "backup.db")
    with session_scope(factory) as session:
        later = {make.make_posting(session).id for _ in range(3)}
    before = Process(matching_parts, factory, tmp_path)
    assert before.postings() == {first, *later}
    before.matching.save()
    engine.dispose()
    shutil.copy(tmp_path / "backup.db", tmp_path / "platform.db")
    assert Process(matching_parts, factory, tmp_path).postings() == {first}
    engine.dispose()


def test_changes_that_bear_numbers_of_another_cluster_are_left_alone(
    own_database: Engine, matching_parts: MatchingEngine
) -> None:
    factory = session_factory(own_database)
    with session_scope(factory) as session:
        old = make.make_posting(session).id
        session.execute(update(MatchChange).values(transaction_id=10**12))
    one = Process(matching_parts, factory)
    assert one.postings() == {old}
    with session_scope(factory) as session:
        new = make.make_posting(session).id
    with session_scope(factory) as session:
        assert [change.owner_id for change in one.matching._follower.behind(session)] == [new]
    assert one.postings() == {old, new}


def test_the_lag_is_the_age_of_the_oldest_change_not_contained(
    process: Callable[..., Process], factory: sessionmaker[Session]
) -> None:
    one, later = process(), make.NOW + timedelta(seconds=7)
    with session_scope(factory) as session:
        assert one.matching.lag(session, at=later) is None
    one.postings()
    with session_scope(factory) as session:
        assert one.matching.lag(session, at=later) == timedelta()
        posting_changed(session, make.make_posting(session).id, make.NOW)
    with session_scope(factory) as session:
        assert one.matching.lag(session, at=later) == timedelta(seconds=7)


def test_a_vector_another_process_makes_later_is_found(
    process: Callable[..., Process],
    factory: sessionmaker[Session],
    matching_parts: MatchingEngine,
    tmp_path: Path,
) -> None:
    with session_scope(factory) as session:
        posting = make.make_posting(session).id
    waits = Follower(matching_parts.emptied(), folder=None, encodes=False)
    waits.follow(partial(session_scope, factory))
    assert len(waits.engine.postings) == 0
    for _ in keep_index(partial(session_scope, factory), encoder=Settings().encoder, folder=tmp_path):
        pass
    waits.follow(partial(session_scope, factory))
    assert posting in waits.engine.postings


def test_a_search_does_not_wait_for_a_thread_that_is_catching_up(
    process: Callable[..., Process], factory: sessionmaker[Session]
) -> None:
    one = process()
    one.postings()
    with session_scope(factory) as session:
        make.make_posting(session)
    with one.matching._lock:
        assert one.postings() == set()
    assert one.postings() == live(factory)


def test_a_search_is_refused_while_another_thread_begins_again(
    process: Callable[..., Process], factory: sessionmaker[Session], monkeypatch
) -> None:
    one = process()
    one.postings()

    class Taken:
        def acquire(self, timeout: float) -> bool:
            assert timeout > 0
            one.matching._follower._place = None
            return False

    monkeypatch.setattr(one.matching, "_lock", Taken())
    with pytest.raises(IndexNotReady):
        one.postings()


def test_what_was_loaded_is_spared_the_garbage_collector(
    process: Callable[..., Process], monkeypatch
) -> None:
    monkeypatch.setattr("webapp.services.matching._settle", _settle)
    one = process()
    gc.unfreeze()
    one.postings()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
    one.postings()
    assert gc.get_freeze_count() == 0, "only once"
    _settle()


def test_a_side_whose_snapshot_is_newer_is_not_caught_up_on_again(
    process: Callable[..., Process], factory: sessionmaker[Session], tmp_path: Path, monkeypatch
) -> None:
    one = process(tmp_path)
    with session_scope(factory) as session:
        first = make.make_posting(session).id
    one.postings()
    one.matching.save()
    with session_scope(factory) as session:
        second = make.make_posting(session).id
    assert one.postings() == {first, second}
    engine = one.matching.engine
    engine.postings.save(tmp_path / engine.model_id / "postings")
    applied: list[int] = []
    apply = Follower._apply

    def noted(self, session, kind, ids, watermark):
        applied.extend(ids)
        apply(self, session, kind, ids, watermark)

    monkeypatch.setattr(Follower, "_apply", noted)
    another = process(tmp_path)
    assert another.postings() == {first, second}
    assert second not in applied
    with session_scope(factory) as session:
        third = make.make_posting(session).id
    assert another.postings() == {first, second, third}
    assert applied == [third]


LATER = make.NOW + KEPT + timedelta(seconds=1)


def forget(factory: sessionmaker[Session], *, at: datetime = LATER) -> int:
    """Forget all that is old, as if a snapshot of this moment were kept; return how much."""
    with session_scope(factory) as session:
        return forget_changes(session, before=place_now(session), at=at)


def open_postings(factory: sessionmaker[Session], number: int) -> list[int]:
    """Make some postings, each in a transaction of its own."""
    made = []
    for _ in range(number):
        with session_scope(factory) as session:
            made.append(make.make_posting(session).id)
    return made


def kept(factory: sessionmaker[Session]) -> int:
    with factory() as session:
        return session.scalar(select(func.count(MatchChange.id))) or 0


@pytest.mark.parametrize(
    ("moment", "left"),
    [(make.NOW, 4), (make.NOW + KEPT, 4), (LATER, 1), (LATER + KEPT, 1)],
)
def test_changes_are_forgotten_when_they_are_old_and_never_the_newest(
    factory: sessionmaker[Session], moment: datetime, left: int
) -> None:
    open_postings(factory, 4)
    assert forget(factory, at=moment) == 4 - left
    assert kept(factory) == left
    [next_one] = open_postings(factory, 1)
    with factory() as session:
        newest = select(MatchChange.owner_id).order_by(MatchChange.id.desc()).limit(1)
        assert session.scalar(newest) == next_one, "no number is given out twice"


def test_a_change_a_snapshot_lacks_is_kept_and_so_is_all_behind_a_young_one(
    factory: sessionmaker[Session],
) -> None:
    open_postings(factory, 2)
    with session_scope(factory) as session:
        snapshot = place_now(session)
    open_postings(factory, 2)
    with session_scope(factory) as session:
        assert forget_changes(session, before=snapshot, at=LATER) == 2
        posting_changed(session, 1, LATER)
        posting_changed(session, 1, make.NOW)
        posting_changed(session, 1, make.NOW)
    assert forget(factory) == 2
    assert kept(factory) == 3


def test_a_process_that_slept_longer_than_the_feed_is_kept_begins_again(
    process: Callable[..., Process], factory: sessionmaker[Session]
) -> None:
    gone, stays = open_postings(factory, 2)
    sleeper, awake = process(), process()
    assert sleeper.postings() == awake.postings() == {gone, stays}
    sleeper.close(gone)
    new = open_postings(factory, 2)
    assert awake.postings() == {stays, *new}
    assert forget(factory) == 4
    later = open_postings(factory, 1)
    assert sleeper.postings() == awake.postings() == {stays, *new, *later} == live(factory)


def test_a_process_that_slept_takes_a_newer_snapshot(
    process: Callable[..., Process], factory: sessionmaker[Session], tmp_path: Path, monkeypatch
) -> None:
    gone, stays = open_postings(factory, 2)
    sleeper, worker = process(tmp_path), process(tmp_path)
    assert sleeper.postings() == worker.postings() == {gone, stays}
    sleeper.close(gone)
    new = open_postings(factory, 2)
    assert worker.postings() == {stays, *new}
    worker.matching.save()
    forget(factory)
    later = open_postings(factory, 1)
    monkeypatch.setattr(Follower, "_read_all", lambda *_: pytest.fail("there is a snapshot"))
    assert sleeper.postings() == {stays, *new, *later}


def test_a_snapshot_older_than_the_feed_is_read_anew(
    process: Callable[..., Process], factory: sessionmaker[Session], tmp_path: Path
) -> None:
    gone, stays = open_postings(factory, 2)
    old = process(tmp_path)
    assert old.postings() == {gone, stays}
    old.matching.save()
    old.close(gone)
    new = open_postings(factory, 2)
    forget(factory)
    assert process(tmp_path).postings() == {stays, *new}


def test_a_process_that_kept_up_reads_nothing_anew(
    process: Callable[..., Process], factory: sessionmaker[Session], monkeypatch
) -> None:
    one, before = process(), open_postings(factory, 3)
    assert one.postings() == {*before}
    monkeypatch.setattr(Follower, "_read_all", lambda *_: pytest.fail("nothing was missed"))
    forget(factory)
    assert one.postings() == {*before}
    [later] = open_postings(factory, 1)
    assert one.postings() == {*before, later}


def test_a_beginning_that_bears_a_number_of_another_cluster_is_left_alone(
    process: Callable[..., Process], factory: sessionmaker[Session], monkeypatch
) -> None:
    one, before = process(), open_postings(factory, 2)
    assert one.postings() == {*before}
    with session_scope(factory) as session:
        session.execute(update(MatchFeed).values(begins=10**12))
    monkeypatch.setattr(Follower, "_read_all", lambda *_: pytest.fail("nothing was missed"))
    assert one.postings() == {*before}


def test_the_worker_shortens_the_feed_to_what_its_snapshot_lacks(
    factory: sessionmaker[Session], process: Callable[..., Process], tmp_path: Path
) -> None:
    transaction = partial(session_scope, factory)
    shorten_feed(transaction, folder=tmp_path, at=LATER)
    made = open_postings(factory, 3)
    for _ in keep_index(transaction, encoder=Settings().encoder, folder=tmp_path):
        pass
    made += open_postings(factory, 2)
    shorten_feed(transaction, folder=tmp_path, at=make.NOW)
    assert kept(factory) == 5
    shorten_feed(transaction, folder=tmp_path, at=LATER)
    assert kept(factory) == 2
    assert process(tmp_path).postings() == {*made}
