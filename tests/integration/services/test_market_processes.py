"""Several processes find the candidates of the nightly market: the same as one, and none outlives the run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update

from tests import factories as make
from tests.nights import run
from webapp.database import Transaction, transactions
from webapp.models import MarketList, MarketRun
from webapp.queries.market import looking
from webapp.services.market import try_market, work
from webapp.services.market.candidates import Run, find_together
from webapp.services.processes import spread_over
from webapp.settings import ROOT, Settings

PEOPLE, BLOCK = 8, 2
PATIENCE = 60
DEAF = """
import signal
from webapp.services.processes import spread_over
signal.signal(signal.SIGINT, lambda *_: None)
print(sorted(spread_over(2, abs, range(-9, 0))), flush=True)
"""


@pytest.fixture
def transaction(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Transaction:
    monkeypatch.setattr(work, "PEOPLE", BLOCK)
    transaction = transactions(database)
    with transaction() as session:
        for number in range(PEOPLE):
            make.make_resume(session, make.make_graduate(session, wanted=["数据分析"] * (number % 2)))
            make.make_posting(session, valid_until_on=None)
    return transaction


@pytest.fixture
def settings(database: Engine, tmp_path: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(database_url=url, snapshots=tmp_path / "snapshots", processes=2)


def lists(transaction: Transaction) -> list[tuple[int, int, int, float]]:
    columns = (MarketList.graduate_id, MarketList.rank, MarketList.posting_id, MarketList.score)
    with transaction() as session:
        return list(session.execute(select(*columns).order_by(*columns)).tuples())


def test_several_processes_find_what_one_does_also_after_a_stop(
    transaction: Transaction, settings: Settings
) -> None:
    assert run(transaction, replace(settings, processes=1)) == PEOPLE // BLOCK
    alone = lists(transaction)
    with transaction() as session:
        done = session.scalars(select(MarketRun)).one()
        session.execute(delete(MarketList))
        session.execute(update(MarketRun).values(finished_at=None))  # the same run, so the same lots
        work.Work.planned(settings.snapshots / "market" / str(done.id), looking(session)).save()
    assert run(transaction, settings, stop_after=1) == 1
    assert lists(transaction) == []
    assert run(transaction, settings) < PEOPLE // BLOCK
    assert lists(transaction) == alone
    assert len({graduate for graduate, *_ in alone}) == PEOPLE
    with transaction() as session:
        done = session.scalars(select(MarketRun)).one()
        assert done.blocks_done == done.blocks == PEOPLE // BLOCK


def test_a_trial_keeps_nothing(transaction: Transaction, settings: Settings) -> None:
    tried = list(try_market(transaction, settings, people=1, on=make.TODAY))
    compared = [turn.compared for turn in tried]
    assert compared == [BLOCK, 2 * BLOCK, 2 * BLOCK], "a block for each process, then their allocation"
    assert {turn.everybody for turn in tried} == {PEOPLE}
    assert [turn.allocating > 0 for turn in tried] == [False, False, True]
    assert lists(transaction) == []
    assert not (settings.snapshots / "market").exists()


def test_no_process_outlives_a_run_that_is_killed(transaction: Transaction, settings: Settings) -> None:
    one = replace(settings, processes=1)
    assert run(transaction, one, stop_after=1) == 1
    environment = {
        "DATABASE_URL": settings.database_url,
        "SNAPSHOTS": str(settings.snapshots),
        "PROCESSES": "2",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "scripts", "market", "run"]
    killed = subprocess.Popen(command, env=os.environ | environment, cwd=ROOT, stderr=subprocess.DEVNULL)
    _until(lambda: len(_children(killed.pid)) > 1)
    left = _children(killed.pid)
    killed.kill()
    killed.wait()
    _until(lambda: not any(map(_lives, left)))
    run(transaction, one)
    assert len({graduate for graduate, *_ in lists(transaction)}) == PEOPLE


def test_what_fails_in_a_process_fails_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(spread_over(2, int, ["1", "no number"]))


def test_processes_of_a_run_that_is_gone_say_so(tmp_path: Path) -> None:
    gone = Run(Settings(processes=2), tmp_path / "gone", make.TODAY, seed=1)
    with pytest.raises(work.WorkGone):
        list(find_together(gone, [work.Block(0, ("job",), 0, [1])]))


def test_who_is_interrupted_finishes_and_so_do_its_processes() -> None:
    command = [sys.executable, "-c", DEAF]
    asked = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    _until(lambda: len(_children(asked.pid)) > 1)
    while asked.poll() is None:
        os.killpg(asked.pid, signal.SIGINT)
        time.sleep(0.05)
    assert asked.communicate()[0] == f"{[*range(1, 10)]}\n"


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    """Say whether a process runs: one that has ended may be listed until somebody asks how it did."""
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def _until(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
