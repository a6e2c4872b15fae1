"""What graduates and officers see of the nightly market."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.clock import now, today
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Scope
from webapp.models import Graduate, MarketList, MarketRun, Posting

LISTS = {
    "covered": 0.64, "gini": 0.72, "over": 0.0, "crowded_places": 0, "served": 1.0, "full": 0.9, "ndcg": 0.971
}  # fmt: skip
PLAIN = {**LISTS, "covered": 0.58, "gini": 0.83, "over": 0.11, "crowded_places": 42, "ndcg": 1.0}


def finished(session: Session, **changes: object) -> MarketRun:
    run = MarketRun(
        **{
            "started_at": now() - timedelta(hours=1),
            "finished_at": now(),
            "model_id": "a" * 16,
            "ranking": "b" * 16,
            "blocks": 3,
            "blocks_done": 3,
            "measures": {
                "graduates": 1200,
                "postings": 400,
                "pairs": 9000,
                "lists_per_opening": 20,
                "rounds": 60,
                "lists": LISTS,
                "plain": PLAIN,
            },
        }
        | changes
    )
    session.add(run)
    session.flush()
    return run


@pytest.fixture
def graduate(session: Session) -> Graduate:
    graduate = make.make_graduate(session)
    make.make_resume(session, graduate)
    return graduate


@pytest.fixture
def listed(session: Session, graduate: Graduate) -> list[Posting]:
    """Five postings on the graduate's list, the last made first."""
    later = today() + timedelta(days=30)
    postings = [
        make.make_posting(session, title=f"Python 开发 {number} 组", valid_until_on=later)
        for number in range(5)
    ][::-1]
    run = finished(session)
    for rank, posting in enumerate(postings, start=1):
        row = {"run_id": run.id, "graduate_id": graduate.id, "rank": rank, "posting_id": posting.id}
        session.add(MarketList(**row, score=0.9))
    session.flush()
    return postings


def test_the_first_page_shows_three_of_last_nights_list_with_reasons(
    visitor: Callable, graduate: Graduate, listed: list[Posting]
) -> None:
    page = visitor(graduate.user).get("/graduate/").text
    assert "为你挑选" in page
    places = [page.find(posting.title) for posting in listed]
    assert places[:3] == sorted(places[:3])
    assert places[3:] == [-1, -1]
    assert "Python" in page[places[0] : places[1]]
    assert 'class="fits"' in page[places[0] : places[1]], "reasons are told at this moment"


def test_what_was_closed_meanwhile_makes_room_for_the_next(
    session: Session, visitor: Callable, graduate: Graduate, listed: list[Posting]
) -> None:
    listed[0].status = PostingStatus.CLOSED
    make.make_application(session, graduate, listed[1])
    page = visitor(graduate.user).get("/graduate/").text
    assert [posting.title in page for posting in listed[2:]] == [True, True, True]
    picks = page[page.index("为你挑选") :]
    assert listed[0].title not in picks
    assert listed[1].title not in picks


def test_with_personalisation_off_there_is_no_list(
    session: Session, visitor: Callable, graduate: Graduate, listed: list[Posting]
) -> None:
    graduate.personalised = False
    session.flush()
    page = visitor(graduate.user).get("/graduate/").text
    assert "为你挑选" not in page
    assert "适合你的岗位" in page


def test_a_run_that_is_not_finished_shows_to_nobody(
    session: Session, visitor: Callable, graduate: Graduate
) -> None:
    posting = make.make_posting(session, valid_until_on=today() + timedelta(days=9))
    run = finished(session, finished_at=None, blocks_done=1)
    row = {"run_id": run.id, "graduate_id": graduate.id, "rank": 1, "posting_id": posting.id}
    session.add(MarketList(**row, score=0.9))
    assert "为你挑选" not in visitor(graduate.user).get("/graduate/").text


def test_officers_see_the_measures_and_how_far_tonight_has_come(session: Session, visitor: Callable) -> None:
    officer = visitor(make.make_officer(session).user)
    assert "还没有完成过夜间匹配" in officer.get("/officer/market").text
    finished(session)
    finished(session, finished_at=None, blocks_done=1)
    page = officer.get("/officer/market").text
    for said in (
        "1,200",
        "64.0%",
        "58.0%",
        "0.720",
        "0.830",
        "0.0%",
        "11.0%",
        "97.1%",
        "已完成 1 块，共 3 块",
    ):
        assert said in page


def test_a_school_does_not_see_the_market(session: Session, visitor: Callable) -> None:
    officer = make.make_officer(session, scope=Scope.STATION, institution_code="4142010486")
    assert visitor(officer.user).get("/officer/market").status_code in {403, 404}
