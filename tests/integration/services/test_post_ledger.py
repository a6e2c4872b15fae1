"""The post ledger on real tables: once a post, differences only, merges that two officers undo."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.factories import (
    NOW,
    TODAY,
    make_employer,
    make_member,
    make_officer,
    make_period,
    make_posting,
)
from tests.seeded_posts import seeded, store
from webapp.domain.degrees import Degree
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.post_ledger import Cell, NotTogether, OneOfficerTwice, PostDeed
from webapp.domain.postings import LONG_OVER, Kind, PostingStatus
from webapp.domain.roles import Scope
from webapp.models import (
    Employer,
    Post,
    PostEntry,
    Posting,
    PostOffer,
    PostQuestion,
    PostTotal,
)
from webapp.queries.market_pay import market_on
from webapp.queries.officers import Reach
from webapp.queries.post_checks import differences, fold
from webapp.queries.post_ledger import PostDimension, PostFilter, post_breakdown, post_totals
from webapp.services import post_verdicts
from webapp.services import postings as deeds
from webapp.services.post_ledger import enter_missing, enter_postings, set_market
from webapp.services.postings import terms_of
from webapp.services.verifications import ReasonMissing

LATER = NOW + timedelta(days=3)
OTHER_WORK = "接待来店客人，介绍菜品与活动，开台结账，保持大厅整洁，听取意见并向店长反馈，月底盘点酒水。"
CELL = Cell("P15", "WH-DHGX", Kind.JOB, "2026-06")


@pytest.fixture(autouse=True)
def periods(session: Session) -> None:
    make_period(session)
    make_period(session, id="P14", start_on=date(2021, 1, 1), end_on=date(2025, 12, 31), status="closed")


def enter(session: Session, *postings: Posting, at: datetime = NOW) -> int:
    return enter_postings(session, [one.id for one in postings], at=at)


def places(session: Session, period_id: str = "P15") -> tuple[int, int]:
    """Return what the sums say, having compared them with everything else."""
    session.flush()
    assert list(differences(session)) == []
    row = post_totals(session, PostFilter(period_id))
    return row.total, row.well_paid


def on_a_board(session: Session, posting: Posting, **changes: object) -> Posting:
    """The same posting as a board has it: a made-up employer of the same name, marks in the title."""
    name = session.get_one(Employer, posting.employer_id).name
    employer = make_employer(session, name=name, origin="import:board")
    return make_posting(
        session,
        employer,
        **{
            "title": f"急聘 {posting.title}（双休）",
            "duties": posting.duties,
            "requirements": "",
            "headcount": 1,
            "origin": "import:board",
            "published_at": NOW + timedelta(days=5),
        }
        | changes,
    )


def deeds_of(session: Session) -> list[tuple[PostDeed, int]]:
    rows = session.execute(select(PostEntry.deed, PostEntry.delta).order_by(PostEntry.seq))
    return list(rows.tuples())


def test_three_sources_count_once_and_the_largest_headcount_stands(session: Session) -> None:
    own = make_posting(session, headcount=4, well_paid=True)
    boards = [
        on_a_board(session, own, well_paid=True),
        on_a_board(session, own, headcount=6, pay_min=None),
    ]
    assert enter(session, own, *boards) == 2
    assert places(session) == (6, 6)
    assert deeds_of(session) == [(PostDeed.PUBLISHED, 4), (PostDeed.JOINED, 0), (PostDeed.JOINED, 2)]
    post = session.scalars(select(Post)).one()
    assert (post.posting_id, post.unit, post.kind, post.month) == (own.id, *CELL[1:])


def test_what_a_source_states_less_of_makes_no_well_paid_post(session: Session) -> None:
    own = make_posting(session, headcount=2, well_paid=True)
    enter(session, own, on_a_board(session, own, well_paid=False))
    assert places(session) == (2, 0)


def test_the_same_again_writes_nothing(session: Session) -> None:
    own = make_posting(session)
    board = on_a_board(session, own)
    for _ in range(3):
        enter(session, own, board)
        enter(session, board)
    assert len(deeds_of(session)) == 2


def test_a_changed_headcount_writes_the_difference_and_reopening_nothing(session: Session) -> None:
    member = make_member(session)
    posting = make_posting(session, member.employer, headcount=2, well_paid=True)
    by, officer = member.user, make_officer(session).user
    enter(session, posting)
    for number in (5, 3):
        terms = replace(terms_of(posting), headcount=number)
        deeds.save_posting(session, by=by, terms=terms, at=LATER, posting_id=posting.id)
        assert places(session) == (number, number)
    deeds.close_posting(session, by=by, posting_id=posting.id, at=LATER)
    deeds.reopen_posting(session, by=by, posting_id=posting.id, at=LATER)
    deeds.submit_posting(session, by=by, posting_id=posting.id, at=LATER)
    deeds.approve_posting(session, by=officer, posting_id=posting.id, at=LATER)
    assert posting.status is PostingStatus.LIVE
    assert deeds_of(session) == [(PostDeed.PUBLISHED, 2), (PostDeed.CHANGED, 3), (PostDeed.CHANGED, -2)]
    assert session.scalars(select(PostEntry.actor_id).order_by(PostEntry.seq)).all() == [
        None,
        by.id,
        by.id,
    ]


def test_a_posting_published_anew_keeps_its_post_and_can_still_be_taken_off(session: Session) -> None:
    member = make_member(session)
    by, officer = member.user, make_officer(session).user
    posting = make_posting(session, member.employer, headcount=2, valid_until_on=date(2026, 8, 30))
    enter(session, posting)
    month = session.scalars(select(Post.month)).one()
    deeds.close_posting(session, by=by, posting_id=posting.id, at=LATER)
    at = LATER + LONG_OVER
    deeds.reopen_posting(session, by=by, posting_id=posting.id, at=at)
    assert posting.published_at is None
    deeds.submit_posting(session, by=by, posting_id=posting.id, at=at)
    deeds.approve_posting(session, by=officer, posting_id=posting.id, at=at)
    assert (posting.published_at, session.scalars(select(Post.month)).one()) == (at, month)
    assert sum(one.headcount for one in session.scalars(select(Post))) == 2
    deeds.close_posting(session, by=by, posting_id=posting.id, at=at)
    deeds.reopen_posting(session, by=by, posting_id=posting.id, at=at + LONG_OVER)
    deeds.remove_posting(session, by=officer, posting_id=posting.id, at=at + LONG_OVER, reason="虚假")
    assert places(session) == (0, 0)
    assert deeds_of(session)[-1] == (PostDeed.WITHDRAWN, -2)


def test_publishing_counts_and_taking_off_the_platform_takes_back(session: Session) -> None:
    officer = make_officer(session).user
    posting = make_posting(session, headcount=7, status=PostingStatus.REVIEW, published_at=None)
    deeds.approve_posting(session, by=officer, posting_id=posting.id, at=NOW)
    assert places(session) == (7, 7 if posting.well_paid else 0)
    deeds.remove_posting(session, by=officer, posting_id=posting.id, at=LATER, reason="虚假")
    assert places(session) == (0, 0)
    assert deeds_of(session) == [(PostDeed.PUBLISHED, 7), (PostDeed.WITHDRAWN, -7)]


def test_another_source_keeps_a_post_whose_first_posting_was_taken_off(session: Session) -> None:
    own = make_posting(session, headcount=4)
    board = on_a_board(session, own, headcount=2)
    enter(session, own, board)
    own.status = PostingStatus.REMOVED
    enter(session, own)
    assert places(session) == (2, 0)
    assert session.scalars(select(Post.posting_id)).one() == board.id


def test_a_post_counts_in_the_period_of_its_first_publication(session: Session) -> None:
    last = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    first = make_posting(session, title="会计", headcount=3, published_at=last)
    second = make_posting(session, title="出纳", headcount=2, published_at=last + timedelta(minutes=1))
    before = make_posting(session, title="司机", published_at=datetime(2019, 5, 1, tzinfo=UTC))
    enter(session, first, second, before)
    assert (places(session, "P14")[0], places(session, "P15")[0]) == (3, 2)
    assert session.scalar(select(func.count()).select_from(PostOffer)) == 2


def test_a_post_whose_district_nobody_states_counts_in_the_city(session: Session) -> None:
    posting = make_posting(session, district=None, headcount=2)
    employer = posting.employer
    enter(session, posting)
    units = post_breakdown(session, PostFilter("P15"), PostDimension.UNIT)
    assert [(row.key, row.total) for row in units] == [("", 2)]
    assert post_totals(session, PostFilter("P15", Reach(unit="WH-DHGX"))).total == 0
    own = make_posting(session, employer, headcount=2)
    enter(session, own)
    assert [row.key for row in post_breakdown(session, PostFilter("P15"), PostDimension.UNIT)] == ["WH-DHGX"]


def test_a_posting_that_becomes_like_another_joins_it(session: Session) -> None:
    employer = make_employer(session)
    one = make_posting(session, employer, headcount=3)
    other = make_posting(session, employer, title="后端岗位二", headcount=2)
    enter(session, one, other)
    assert places(session)[0] == 5
    other.title = one.title
    enter(session, other)
    assert places(session)[0] == 3


def test_what_came_past_the_ledger_is_taken_once(session: Session) -> None:
    employers = [make_employer(session) for _ in range(3)]
    for employer in employers:
        make_posting(session, employer, title="会计", headcount=2)
        make_posting(session, employer, title="司机", headcount=1)
    make_posting(session, employers[0], title="草稿", published_at=None, status=PostingStatus.DRAFT)
    told: list[int] = []
    for _ in range(2):
        enter_missing(lambda: nullcontext(session), at=NOW, told=told.append)
    assert told == [6]
    assert places(session)[0] == 9


@pytest.mark.parametrize("deed", ["UPDATE post_entry SET delta = 9", "DELETE FROM post_entry"])
def test_entries_are_never_changed(session: Session, deed: str) -> None:
    enter(session, make_posting(session))
    session.flush()
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(deed))


@pytest.mark.parametrize(
    "damage",
    [
        update(PostTotal).values(total=PostTotal.total + 1),
        update(Post).values(headcount=Post.headcount + 1, well_paid=0),
        update(PostOffer).values(headcount=PostOffer.headcount + 1),
        update(Posting).values(headcount=Posting.headcount + 1),
    ],
)
def test_verify_finds_what_was_changed_behind_its_back(session: Session, damage: object) -> None:
    enter(session, make_posting(session, well_paid=False))
    assert list(differences(session)) == []
    session.execute(damage)  # type: ignore[call-overload]
    assert list(differences(session))


def test_a_posting_not_taken_is_found(session: Session) -> None:
    make_posting(session)
    session.flush()
    assert len(list(differences(session))) == 1


def doubtful(session: Session) -> PostQuestion:
    """Two postings the rule leaves to an officer."""
    own = make_posting(session, headcount=3)
    other = on_a_board(session, own, headcount=2, duties=own.duties[:22] + OTHER_WORK)
    enter(session, own, other)
    assert places(session)[0] == 5
    return session.scalars(select(PostQuestion)).one()


def test_an_officer_says_two_postings_are_one_post(session: Session) -> None:
    question, officer = doubtful(session), make_officer(session).user
    post_verdicts.judge(session, by=officer, question_id=question.id, same=True, at=LATER)
    assert places(session)[0] == 3
    with pytest.raises(Conflict):
        post_verdicts.judge(session, by=officer, question_id=question.id, same=False, at=LATER)


def test_postings_an_officer_has_told_apart_are_never_joined(session: Session) -> None:
    question, officer = doubtful(session), make_officer(session).user
    post_verdicts.judge(session, by=officer, question_id=question.id, same=False, at=LATER)
    own, other = (session.get_one(Posting, number) for number in (question.one_id, question.other_id))
    third = on_a_board(session, own)
    other.duties = own.duties
    other.title = f"{own.title}岗"
    enter(session, third, other)
    assert places(session)[0] == 5


def test_undoing_a_merge_takes_two_officers_and_lasts(session: Session) -> None:
    own = make_posting(session, headcount=4)
    board = on_a_board(session, own, headcount=3)
    enter(session, own, board)
    first, second = make_officer(session).user, make_officer(session).user
    known = {"posting_id": board.id, "at": LATER}
    with pytest.raises(ReasonMissing):
        post_verdicts.ask_separation(session, by=first, reason=" ", **known)  # type: ignore[arg-type]
    asked = post_verdicts.ask_separation(session, by=first, reason="两个团队", **known)  # type: ignore[arg-type]
    with pytest.raises(NotTogether):
        post_verdicts.ask_separation(session, by=second, reason="两个团队", **known)  # type: ignore[arg-type]
    with pytest.raises(OneOfficerTwice):
        post_verdicts.carry_out(session, by=first, separation_id=asked.id, at=LATER)
    assert places(session)[0] == 4
    post_verdicts.carry_out(session, by=second, separation_id=asked.id, at=LATER)
    assert places(session)[0] == 7
    entry = session.scalars(select(PostEntry).order_by(PostEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.deed, entry.actor_id, entry.second_actor_id, entry.reason) == (
        PostDeed.SEPARATED,
        first.id,
        second.id,
        "两个团队",
    )
    board.headcount = 5
    enter(session, board, own)
    assert places(session)[0] == 9
    with pytest.raises(Conflict):
        post_verdicts.drop(session, by=second, separation_id=asked.id, at=LATER)


def test_a_dropped_request_leaves_them_together(session: Session) -> None:
    own = make_posting(session, headcount=4)
    board = on_a_board(session, own)
    enter(session, own, board)
    first = make_officer(session).user
    asked = post_verdicts.ask_separation(session, by=first, posting_id=board.id, reason="?", at=NOW)
    post_verdicts.drop(session, by=first, separation_id=asked.id, at=LATER)
    assert places(session)[0] == 4


def test_only_officers_whose_word_covers_the_post_judge_it(session: Session) -> None:
    question = doubtful(session)
    elsewhere = make_officer(session, Scope.UNIT, unit="420102").user
    station = make_officer(session, Scope.STATION, institution_code="4142010486").user
    own_unit = make_officer(session, Scope.UNIT, unit="WH-DHGX").user
    known = {"question_id": question.id, "same": True, "at": LATER}
    with pytest.raises(NotFound):
        post_verdicts.judge(session, by=elsewhere, **known)  # type: ignore[arg-type]
    for officer in (station, make_officer(session, Scope.AUDITOR).user):
        with pytest.raises(NotAllowed):
            post_verdicts.judge(session, by=officer, **known)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        post_verdicts.judge(session, by=own_unit, question_id=0, same=True, at=LATER)
    assert post_verdicts.judge(session, by=own_unit, **known).same  # type: ignore[arg-type]


def test_the_market_raises_the_threshold_from_the_next_month_on(session: Session) -> None:
    employer = make_employer(session)
    paid = [
        make_posting(session, employer, title=f"岗位{n}", pay_min=8000 + 100 * n, pay_max=99999, months=12)
        for n in range(40)
    ]
    enter(session, *paid)
    assert set_market(session, on=TODAY, at=NOW) == 0, "this month's postings are not yet the market"
    later = date(2026, 7, 3)
    assert set_market(session, on=later, at=NOW) == 1
    assert set_market(session, on=later, at=NOW) == 0
    market = market_on(session, later)
    assert (market.month, market.amounts) == ("2026-07", {Degree.BACHELOR: (8000 + 100 * 29) * 12})


def test_the_totals_of_a_past_day_are_told_again(session: Session) -> None:
    one = make_posting(session, headcount=2, well_paid=True)
    enter(session, one, at=NOW)
    one.headcount = 9
    enter(session, one, at=LATER)
    assert fold(session, TODAY) == {CELL: (2, 2)}
    assert fold(session) == fold(session, date(2026, 6, 18)) == {CELL: (9, 9)}
    assert fold(session, date(2026, 6, 14)) == {}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False), size=st.integers(1, 7))
def test_in_whatever_order_and_batches_they_come_the_sums_are_the_same(
    session: Session, order: object, size: int
) -> None:
    rows = [one for one in seeded(3, posts=12) if one.place is not None]
    totals: list[Mapping[Cell, tuple[int, int]]] = []
    for shuffle in (False, True):
        inner = session.begin_nested()
        store(session, rows)
        numbers = list(session.scalars(select(Posting.id).order_by(Posting.id)))
        if shuffle:
            order.shuffle(numbers)  # type: ignore[attr-defined]
        for start in range(0, len(numbers), size):
            enter_postings(session, numbers[start : start + size], at=NOW)
        assert list(differences(session)) == []
        totals.append(fold(session))
        inner.rollback()
        session.expire_all()
    assert totals[0] == totals[1]
