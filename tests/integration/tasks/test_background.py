"""Work outside the request: it survives the queue, the mail server and the worker."""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest
from huey import SqliteHuey
from huey.exceptions import TaskLockedException
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_graduate, make_period
from tests.letterbox import open_letterbox, posted
from webapp.clock import now
from webapp.database import Transaction, transactions
from webapp.models import OutgoingLetter, PublishedHead, TaskRun
from webapp.models.background import RunState
from webapp.services import background
from webapp.services.erasure import erase
from webapp.services.letters import FIRST_WAIT, KEPT, LEASE, MOST_FAILURES, count_untried, deliver_due
from webapp.services.mail import Letter, SmtpMailer, mailer
from webapp.settings import Settings
from webapp.tasks import letters, runs, sealing
from webapp.tasks.queue import queue

KEY, SENDER = Settings().fernet_key, "学子留汉 <no-reply@example.com>"


@pytest.fixture
def transaction(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Transaction:
    monkeypatch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
    return transactions(database)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """An empty queue; calling the fixture loses its store and begins another."""
    kept = iter(range(9))

    def lose() -> None:
        fresh = SqliteHuey(queue.name, filename=str(tmp_path / f"queue{next(kept)}.db"))
        monkeypatch.setattr(queue, "storage", fresh.storage)

    lose()
    return lose


def work() -> None:
    """Do what waits in the queue, as a worker does."""
    while (task := queue.dequeue()) is not None:
        queue.execute(task)


def turn(name: str, at: datetime, state: RunState = RunState.DONE, *, worker: str = "elsewhere:1") -> TaskRun:
    return TaskRun(
        task_id=f"{name} {at}", name=name, worker=worker, started_at=at,
        ended_at=None if state is RunState.RUNNING else at, state=state,
        error="OSError" if state is RunState.FAILED else None, tries_left=0,
    )  # fmt: skip


def write(transaction: Transaction, to: str = "a@example.com") -> None:
    with transaction() as session:
        letters.send_letter(session, to, "题目", "正文")


def deliver(transaction: Transaction, port: int, at: datetime) -> list[OSError]:
    with mailer(f"smtp://127.0.0.1:{port}", SENDER) as door:
        return deliver_due(transaction, door, key=KEY, clock=lambda: at)


def test_a_letter_goes_out_only_if_its_deed_stands(transaction: Transaction) -> None:
    with suppress(ZeroDivisionError), transaction() as session:
        letters.send_letter(session, "a@example.com", "题目", "正文")
        raise ZeroDivisionError
    assert queue.pending_count() == 0
    write(transaction)
    with transaction() as session:
        assert posted(session) == [Letter("a@example.com", "题目", "正文")]
        assert b"example" not in session.scalars(select(OutgoingLetter)).one().sealed
    assert queue.pending_count() == 1
    assert b"example" not in queue.storage.enqueued_items()[0]


def test_many_letters_of_one_transaction_wake_the_worker_once(transaction: Transaction) -> None:
    with transaction() as session:
        for number in range(5):
            letters.send_letter(session, f"{number}@example.com", "题目", "正文")
    assert queue.pending_count() == 1


def test_a_queue_that_does_not_answer_loses_no_letter(
    transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(queue.storage, "enqueue", refuse)
    write(transaction)
    with transaction() as session:
        assert len(posted(session)) == 1


def test_a_silent_mail_server_is_tried_again_at_longer_and_longer_intervals(
    transaction: Transaction,
) -> None:
    write(transaction)
    with open_letterbox() as box:
        port = box.port
    at = now()
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        assert [type(one) for one in deliver(transaction, port, at)] == [ConnectionRefusedError]
        assert deliver(transaction, port, at + wait - timedelta(seconds=1)) == []
        at += wait
    with transaction() as session:
        kept = session.scalars(select(OutgoingLetter)).one()
        assert (kept.tries, kept.error) == (3, "ConnectionRefusedError")
    with open_letterbox() as box:
        assert deliver(transaction, box.port, at) == []
        assert box.letters.get(timeout=5)["To"] == "a@example.com"
    with transaction() as session:
        assert posted(session) == []


@pytest.mark.parametrize(("answer", "kept"), [(b"550 no such user", 0), (b"450 not now", 2 * MOST_FAILURES)])
def test_refused_addresses_keep_nobody_elses_letter_waiting(
    transaction: Transaction, answer: bytes, kept: int
) -> None:
    wrong = [f"{number}@example.com" for number in range(2 * MOST_FAILURES)]
    for to in (*wrong, "forgetful@example.com"):
        write(transaction, to)
    with open_letterbox() as box:
        box.refused = dict.fromkeys(wrong, answer)
        assert deliver(transaction, box.port, now()) == []
        assert box.letters.get(timeout=5)["To"] == "forgetful@example.com"
    with transaction() as session:
        assert len(posted(session)) == kept
        assert count_untried(session) == 0


def test_nobody_gets_a_letter_that_was_being_written_when_they_left(transaction: Transaction) -> None:
    with transaction() as session:
        left = make_graduate(session)
        address = left.user.email
        erase(session, graduate=left, by=left.user, at=NOW)
    assert address
    with transaction() as session:
        letters.send_letter(session, address, "题目", "正文", user_id=left.user_id)
    write(transaction)
    with open_letterbox() as box:
        assert deliver(transaction, box.port, now()) == []
        assert box.letters.get(timeout=5)["To"] == "a@example.com"
        assert box.letters.empty()
    with transaction() as session:
        assert posted(session) == []


def test_a_server_that_fails_is_left_alone_after_a_few_letters(transaction: Transaction) -> None:
    for number in range(2 * MOST_FAILURES):
        write(transaction, f"{number}@example.com")
    with open_letterbox() as box:
        port = box.port
    assert len(deliver(transaction, port, now())) == MOST_FAILURES
    with transaction() as session:
        assert count_untried(session) == MOST_FAILURES


def test_a_worker_killed_after_handing_over_does_so_again_under_the_same_name(
    transaction: Transaction,
) -> None:
    class Killed(SmtpMailer):
        def deliver(self, letter: Letter, *, message_id: str) -> None:
            super().deliver(letter, message_id=message_id)
            raise KeyboardInterrupt

    write(transaction)
    with open_letterbox() as box:
        with (
            closing(Killed(f"smtp://127.0.0.1:{box.port}", SENDER)) as door,
            pytest.raises(KeyboardInterrupt),
        ):
            deliver_due(transaction, door, key=KEY, clock=now)
        deliver(transaction, box.port, now() + LEASE - timedelta(seconds=5))
        first = box.letters.get(timeout=5)
        assert box.letters.empty()
        deliver(transaction, box.port, now() + LEASE)
        assert box.letters.get(timeout=5)["Message-ID"] == first["Message-ID"]
    with transaction() as session:
        assert posted(session) == []


def test_a_letter_is_dropped_when_its_links_have_run_out(transaction: Transaction) -> None:
    write(transaction)
    with open_letterbox() as box:
        deliver(transaction, box.port, now() + KEPT + timedelta(minutes=1))
        assert box.letters.empty()
    with transaction() as session:
        assert posted(session) == []


def test_what_the_queue_forgets_is_found_again_and_done_once(
    transaction: Transaction, store: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        make_period(session)
        session.add(turn("forget_runs", now() - timedelta(days=2)))
    with open_letterbox() as box:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{box.port}")
        write(transaction)
        queue.enqueue(sealing.check_nightly.s())
        store()
        assert queue.pending_count() == 0
        for _ in range(2):
            for chore in (letters.deliver, runs.catch_up, sealing.publish_heads):
                queue.enqueue(chore.s())
            work()
        assert box.letters.get(timeout=5)["To"] == "a@example.com"
        assert box.letters.empty()
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(PublishedHead)) == 1
        done = select(func.count()).where(TaskRun.name == "check_nightly", TaskRun.state == RunState.DONE)
        assert session.scalar(done) == 1


def test_every_turn_is_noted_with_how_it_ended_and_no_words(transaction: Transaction) -> None:
    def fails() -> None:
        raise ValueError("张三 13800000000")

    def locked() -> None:
        raise TaskLockedException

    made = [queue.task(retries=1)(fails), queue.task()(locked)]
    for one in made:
        queue.execute(one.s())
    queue.execute(runs.forget_runs.s())
    with transaction() as session:
        noted = session.scalars(select(TaskRun).order_by(TaskRun.id)).all()
        assert [(run.name, run.state, run.error, run.tries_left) for run in noted] == [
            ("fails", RunState.FAILED, "ValueError", 1),
            ("locked", RunState.SKIPPED, None, 0),
            ("forget_runs", RunState.DONE, None, 0),
        ]
    for one in made:
        queue._registry.unregister(one.task_class)


def test_what_a_killed_worker_was_doing_is_noted_as_interrupted(transaction: Transaction) -> None:
    host = runs.worker_name().rpartition(":")[0]
    with transaction() as session:
        for worker in (f"{host}:{2**22 + 1}", "elsewhere:1"):
            background.begin_run(session, task_id=worker, name="draw_samples", worker=worker, at=now())
    with transaction() as session:
        background.end_broken_runs(session, lives=runs._lives, at=now())
        states = dict(session.execute(select(TaskRun.worker, TaskRun.error)).tuples().all())
    assert states == {f"{host}:{2**22 + 1}": background.INTERRUPTED, "elsewhere:1": None}
    with transaction() as session:
        background.end_broken_runs(session, lives=runs._lives, at=now() + background.LONGEST)
        assert set(session.scalars(select(TaskRun.error))) == {background.INTERRUPTED}


def test_the_night_of_a_worker_that_is_heard_of_no_more_is_made_up_for(transaction: Transaction) -> None:
    silent, busy = "replaced:1", "elsewhere:1"
    with transaction() as session:
        session.add(turn("forget_runs", now() - timedelta(days=2), worker=silent))
        session.add(turn("check_nightly", now() - runs.SILENCE, RunState.RUNNING, worker=silent))
        session.add(turn("match_city", now() - 2 * runs.SILENCE, RunState.RUNNING, worker=busy))
        session.add(turn("deliver", now() - timedelta(minutes=1), worker=busy))
    queue.execute(runs.catch_up.s())
    with transaction() as session:
        states = dict(session.execute(select(TaskRun.name, TaskRun.state)).tuples().all())
    assert (states["check_nightly"], states["match_city"]) == (RunState.FAILED, RunState.RUNNING)
    assert states["catch_up"] is RunState.DONE
    assert "check_nightly" in [task.name for task in queue.pending()]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 6, 15, 17, 30, tzinfo=UTC), datetime(2026, 6, 14, 17, 30, tzinfo=UTC)),
        (datetime(2026, 6, 15, 17, 31, tzinfo=UTC), datetime(2026, 6, 15, 17, 30, tzinfo=UTC)),
        (datetime(2026, 6, 16, 9, 0, tzinfo=UTC), datetime(2026, 6, 15, 17, 30, tzinfo=UTC)),
    ],
)
def test_a_nightly_task_is_due_once_a_day_and_a_frequent_one_comes_by_itself(
    at: datetime, due: datetime
) -> None:
    nightly, frequent = sealing.check_nightly.s(), letters.deliver.s()
    assert runs.once_a_day(nightly, at) == due
    assert runs.once_a_day(frequent, at) is None


BEFORE, AFTER = timedelta(hours=-1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("turns", "missed"),
    [
        pytest.param([], False, id="first start"),
        pytest.param([("other", AFTER, RunState.RUNNING)], False, id="first ever turn"),
        pytest.param([("other", BEFORE, RunState.FAILED)], True, id="brought by an upgrade"),
        pytest.param([("nightly", BEFORE, RunState.DONE)], True, id="missed night"),
        pytest.param([("nightly", timedelta(), RunState.DONE)], False, id="done"),
        pytest.param(
            [("other", BEFORE, RunState.DONE), ("nightly", AFTER, RunState.RUNNING)], False, id="running"
        ),
        pytest.param(
            [("nightly", BEFORE, RunState.DONE), ("nightly", AFTER, RunState.FAILED)], True, id="failed"
        ),
        pytest.param(
            [("other", BEFORE, RunState.DONE), ("nightly", AFTER, RunState.SKIPPED)], True, id="skipped"
        ),
    ],
)
def test_nightly_work_is_missed_once_its_hour_has_come_and_gone(
    session: Session, turns: list[tuple[str, timedelta, RunState]], *, missed: bool
) -> None:
    session.add_all(turn(name, NOW + since, state) for name, since, state in turns)
    assert background.overdue(session, {"nightly": NOW}) == ["nightly"] * missed


@pytest.mark.parametrize(("days", "missed"), [(0, False), (2, True)])
def test_a_worker_begins_with_the_index_and_then_makes_up_for_what_was_missed(
    transaction: Transaction, monkeypatch: pytest.MonkeyPatch, days: int, *, missed: bool
) -> None:
    monkeypatch.setattr(runs, "_looked", Lock())
    killed = f"{runs.worker_name().rpartition(':')[0]}:{2**22 + 1}"
    with transaction() as session:
        session.add(turn("forget_runs", now() - timedelta(days=days), RunState.RUNNING, worker=killed))
    for _ in range(2):
        runs.look_around()
    assert [task.name for task in queue.pending()] == ["keep_index", "catch_up"]
    with transaction() as session:
        assert session.scalars(select(TaskRun.error)).all() == [background.INTERRUPTED]
    for _ in range(2):
        runs.catch_up.call_local()
    assert [task.name for task in queue.pending()].count("check_nightly") == missed


def test_old_runs_are_forgotten_but_never_the_last_of_a_task(transaction: Transaction) -> None:
    with transaction() as session:
        for days in (40, 20, 3, 1):
            for state, error in ((RunState.DONE, None), (RunState.FAILED, "OSError")):
                at = NOW - timedelta(days=days)
                session.add(
                    TaskRun(
                        task_id=f"{days}", name=f"{state}", worker="w:1", started_at=at, ended_at=at,
                        state=state, error=error, tries_left=0,
                    )
                )  # fmt: skip
        session.add(
            TaskRun(
                task_id="rare", name="rare", worker="w:1", started_at=NOW - timedelta(days=90),
                ended_at=NOW - timedelta(days=90), state=RunState.DONE, tries_left=0,
            )
        )  # fmt: skip
        session.flush()
        background.forget_runs(session, at=NOW)
        kept = sorted((run.name, run.task_id) for run in session.scalars(select(TaskRun)))
    assert kept == [("done", "1"), ("failed", "1"), ("failed", "20"), ("failed", "3"), ("rare", "rare")]
