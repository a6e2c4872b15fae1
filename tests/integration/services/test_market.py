"""The nightly market, as the worker runs it: candidates by block, lists under capacity, swapped at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from matcher.documents import Conditions
from matcher.engine import MatchingEngine
from matcher.market import Market
from tests import factories as make
from tests.nights import run
from webapp.database import Transaction
from webapp.domain.degrees import Degree
from webapp.domain.pipeline import Stage
from webapp.domain.postings import Kind, PostingStatus
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Role
from webapp.models import Graduate, MarketList, MarketRun, Placement, Posting
from webapp.queries.market import looking, picked
from webapp.services import market
from webapp.services.erasure import erase
from webapp.services.graduates import set_personalised
from webapp.services.market import candidates, due, try_market, work
from webapp.services.market import lists as module
from webapp.services.matching import Matching
from webapp.settings import Settings

TRADES = (
    ("Python 开发工程师", "软件工程", ["Python", "SQL", "Flask"]),
    ("会计", "会计学", ["财务报表", "Excel", "税务申报"]),
    ("护士", "护理学", ["静脉输液", "急救", "护理记录"]),
)


@pytest.fixture
def transaction(session: Session) -> Transaction:
    """Transactions that forget what others have read."""

    @contextmanager
    def scope() -> Iterator[Session]:
        session.expire_all()
        yield session
        session.commit()

    return scope


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, matching_parts: MatchingEngine) -> Settings:
    """Blocks of three, so that a dozen people make many; the encoder is opened once for all tests."""
    monkeypatch.setattr(work, "PEOPLE", 3)
    monkeypatch.setattr(MatchingEngine, "open", lambda *_, **__: matching_parts.emptied())
    return Settings(snapshots=tmp_path, processes=1)


def fill(session: Session, people: int = 12) -> list[int]:
    """Let graduates of three trades look, and postings of the same trades be live; return the graduates."""
    for trade in range(len(TRADES)):
        title, major, skills = TRADES[trade]
        for number in range(3):
            make.make_posting(
                session, title=title, majors=[major], skills=skills, headcount=1 + number, degree_min=None,
                valid_until_on=None, duties=f"负责{title}的日常工作。", requirements="、".join(skills),
            )  # fmt: skip
    ids = []
    for number in range(people):
        title, major, skills = TRADES[number % len(TRADES)]
        graduate = make.make_graduate(session, wanted=[title], major_name=major)
        make.make_resume(
            session, graduate, skills=skills, redacted_text=f"做过{title}的实习，熟悉{'、'.join(skills)}。"
        )
        ids.append(graduate.id)
    return ids


def settle(session: Session, graduate: Graduate) -> None:
    """Let a graduate have found work."""
    session.add(
        Placement(
            graduate=graduate, employer_name="演示单位", outcome_code="11", state=ClaimState.CLAIMED,
            started_on=make.TODAY, claimed_by_id=graduate.user_id, claimed_by_role=Role.GRADUATE,
            state_since_at=make.NOW, created_at=make.NOW,
        )
    )  # fmt: skip
    session.flush()


def lists(transaction: Transaction) -> dict[int, list[tuple[int, int, float]]]:
    """Return everybody's list as it shows."""
    with transaction() as session:
        newest = session.scalar(select(func.max(MarketRun.id)).where(MarketRun.finished_at.is_not(None)))
        rows = session.execute(
            select(MarketList)
            .where(MarketList.run_id == newest)
            .order_by(MarketList.graduate_id, MarketList.rank)
        ).scalars()
        found: dict[int, list[tuple[int, int, float]]] = {}
        for row in rows:
            found.setdefault(row.graduate_id, []).append((row.rank, row.posting_id, row.score))
    return found


def test_everybody_finds_postings_of_their_trade_first(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        people = fill(session)
        titles = dict(session.execute(select(Posting.id, Posting.title)).tuples().all())
        wishes = {graduate.id: graduate.wanted[0] for graduate in session.scalars(select(Graduate))}
    run(transaction, settings)
    found = lists(transaction)
    assert set(found) == set(people)
    for id, row in found.items():
        assert titles[row[0][1]] == wishes[id]
        assert [rank for rank, _, _ in row] == [*range(1, len(row) + 1)]
        assert [score for _, _, score in row] == sorted((score for _, _, score in row), reverse=True)
    with transaction() as session:
        done = session.scalars(select(MarketRun)).one()
        assert done.blocks == done.blocks_done > 1
        assert done.measures["graduates"] == len(people)
        assert done.measures["lists"]["over"] == 0


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_run_that_is_killed_after_any_block_ends_as_if_it_had_not_been(
    transaction: Transaction, settings: Settings, stop_after: int
) -> None:
    with transaction() as session:
        fill(session)
    blocks = run(transaction, settings)
    straight = lists(transaction)
    with transaction() as session:
        again = session.scalar(select(func.max(MarketRun.id)))
        session.execute(delete(MarketList))
        session.execute(update(MarketRun).values(finished_at=None))  # the same run, so the same lots
        work.Work.planned(settings.snapshots / "market" / str(again), looking(session)).save()
    assert run(transaction, settings, stop_after=stop_after) == stop_after
    assert lists(transaction) == {}
    (settings.snapshots / "market" / str(again) / ".000009.npz-killed").touch()
    assert run(transaction, settings) == blocks - stop_after
    assert lists(transaction) == straight
    assert not (settings.snapshots / "market").exists()


def test_the_last_lists_show_until_the_new_ones_are_complete(
    transaction: Transaction, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        fill(session)
    run(transaction, settings)
    before = lists(transaction)
    with transaction() as session:
        session.execute(update(Posting).where(Posting.title == TRADES[0][0]).values(headcount=9))
    run(transaction, settings, stop_after=2)
    assert lists(transaction) == before
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 7)
    run(transaction, settings)
    assert lists(transaction).keys() == before.keys()
    with transaction() as session:
        kept = session.scalars(select(MarketList.run_id).distinct()).all()
        assert kept == [session.scalar(select(func.max(MarketRun.id)))]
    assert not (settings.snapshots / "market").exists()


def test_a_run_that_is_killed_while_it_writes_shows_nothing_and_writes_anew(
    transaction: Transaction, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        people = fill(session)
    monkeypatch.setattr(module, "PEOPLE_AT_ONCE", 4)
    with monkeypatch.context() as broken:
        broken.setattr(module, "_measures", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(transaction, settings)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(MarketList)) > 0
        assert picked(session, people[0]) == []
    assert run(transaction, settings) == 0
    assert set(lists(transaction)) == set(people)


def test_who_leaves_while_a_run_goes_on_is_left_out(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        people = fill(session)
    run(transaction, settings, stop_after=1)
    with transaction() as session:
        session.execute(update(Graduate).values(personalised=False))  # even a whole block
    run(transaction, settings)
    assert set(lists(transaction)) < set(people)
    with transaction() as session:
        assert session.scalars(select(MarketRun)).one().finished_at is not None


def test_a_lost_folder_or_another_ranking_begins_anew(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        fill(session)
    run(transaction, settings, stop_after=2)
    elsewhere = replace(settings, snapshots=settings.snapshots / "elsewhere")
    run(transaction, elsewhere, stop_after=1)
    with transaction() as session:
        begun = session.scalars(select(MarketRun)).one()
        assert begun.blocks_done == 1
        begun.ranking = "another"
    run(transaction, elsewhere)
    with transaction() as session:
        assert session.scalars(select(MarketRun)).one().finished_at is not None


@pytest.mark.parametrize("done_before", [0, 3])
@pytest.mark.parametrize("kept_before", [False, True])
@pytest.mark.parametrize("ranking", [None, "another"])
def test_a_run_that_another_worker_ends_or_replaces_meanwhile_ends_quietly(
    transaction: Transaction,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    done_before: int,
    *,
    kept_before: bool,
    ranking: str | None,
) -> None:
    with transaction() as session:
        people = fill(session)
    if done_before:
        run(transaction, settings, stop_after=done_before)
    keep = work.Work.keep

    def end_meanwhile() -> None:
        monkeypatch.setattr(work.Work, "keep", keep)
        with transaction() as session:
            begun = session.scalars(select(MarketRun)).one()
            begun.ranking = ranking or begun.ranking
        run(transaction, settings)

    def keep_late(*given: Any) -> None:
        if kept_before:
            keep(*given)
        end_meanwhile()
        if not kept_before:
            keep(*given)

    monkeypatch.setattr(work.Work, "keep", keep_late)
    assert run(transaction, settings) == 0
    assert set(lists(transaction)) == set(people)
    with transaction() as session:
        [done] = session.scalars(select(MarketRun)).all()
        assert done.blocks_done == done.blocks


@pytest.mark.parametrize(("processes", "seconds"), [(1, 4), (2, 2), (99, 1)])
def test_a_trial_counts_what_blocks_and_their_allocation_take_and_not_what_the_start_takes(
    transaction: Transaction,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
    seconds: int,
) -> None:
    with transaction() as session:
        fill(session)
    clock, opened = count(), market.open_market

    def open_slowly(*asked: Any) -> Market:
        next(islice(clock, 1000, None))
        return opened(*asked)

    monkeypatch.setattr(candidates, "monotonic", lambda: next(clock))
    monkeypatch.setattr(market, "monotonic", lambda: next(clock))
    monkeypatch.setattr(market, "allocated", lambda *_, **__: next(islice(clock, 5, None)))
    monkeypatch.setattr(market, "open_market", open_slowly)
    monkeypatch.setattr(market, "find_together", lambda _, blocks: ((block, 1) for block in blocks))
    tried = try_market(transaction, replace(settings, processes=processes), people=12, on=make.TODAY)
    assert [turn[2:] for turn in tried] == [(seconds, 0)] * 4 + [(seconds, 7)]


def test_only_who_looks_and_agrees_is_matched(transaction: Transaction) -> None:
    with transaction() as session:
        [looks, off, placed, promised, refused] = fill(session, people=5)
        session.get_one(Graduate, off).personalised = False
        without = make.make_graduate(session)
        posting = session.scalars(select(Posting)).first()
        make.make_application(session, session.get_one(Graduate, promised), posting, stage=Stage.ACCEPTED)
        make.make_application(session, session.get_one(Graduate, refused), posting, stage=Stage.REJECTED)
        settle(session, session.get_one(Graduate, placed))
        found = {one.graduate_id for one in looking(session)}
        assert found == {looks, refused}
        assert without.id not in found


def test_a_posting_of_another_kind_or_a_higher_degree_is_nobodys_candidate(
    transaction: Transaction, settings: Settings
) -> None:
    with transaction() as session:
        [person] = fill(session, people=1)
        session.execute(delete(Posting).where(Posting.title != TRADES[0][0]))
        fits, internship, doctor = session.scalars(select(Posting)).all()
        internship.kind, doctor.degree_min = Kind.INTERNSHIP, Degree.DOCTOR
        only = fits.id
    run(transaction, settings)
    assert [posting for _, posting, _ in lists(transaction)[person]] == [only]


def test_a_list_shows_only_what_may_still_be_shown(
    transaction: Transaction, settings: Settings, matching: Matching
) -> None:
    with transaction() as session:
        [person] = fill(session, people=1)
    run(transaction, settings)
    with transaction() as session:
        listed = picked(session, person)
        closed, full, expired, *rest = [session.get_one(Posting, id) for id in listed]
        closed.status, full.filled = PostingStatus.CLOSED, full.headcount
        expired.valid_until_on = make.TODAY - timedelta(days=1)
        graduate = session.get_one(Graduate, person)
        shown = matching.matches(
            session, graduate=graduate, posting_ids=listed, conditions=Conditions(), today=make.TODAY
        )
        assert [match.id for match in shown] == [posting.id for posting in rest]
        assert all(match.reasons for match in shown)


def test_who_leaves_or_switches_off_keeps_no_list(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        [gone, off, stays] = fill(session, people=3)
    run(transaction, settings)
    with transaction() as session:
        graduate = session.get_one(Graduate, gone, options=[joinedload(Graduate.user)])
        erase(session, graduate=graduate, by=graduate.user, at=make.NOW)
        set_personalised(session, graduate=session.get_one(Graduate, off), personalised=False)
    assert set(lists(transaction)) == {stays}


def test_a_night_without_anybody_or_anything_ends_well(transaction: Transaction, settings: Settings) -> None:
    with transaction() as session:
        assert due(session, on=make.TODAY)
    assert run(transaction, settings) == 0
    with transaction() as session:
        assert not due(session, on=make.TODAY)
        assert due(session, on=make.TODAY + timedelta(days=1))
    with transaction() as session:
        fill(session, people=2)
        session.execute(delete(Posting))
    run(transaction, settings)
    assert lists(transaction) == {}
