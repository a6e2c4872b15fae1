"""The pages of the post ledger: figures with their rows, merges judged and undone, each scope its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_employer, make_officer, make_period, make_posting
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, Post, Posting, PostQuestion, PostSeparation
from webapp.services.post_ledger import enter_postings

Visit = Callable[..., object]
OTHER_WORK = "接待来店客人，介绍菜品与活动，开台结账，保持大厅整洁，听取意见并向店长反馈，月底盘点酒水。"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.clock.now", lambda: NOW)
    monkeypatch.setattr("webapp.officers.post_merges.now", lambda: NOW + timedelta(hours=1))
    monkeypatch.setattr("webapp.officers.posts.today", NOW.date)


@pytest.fixture
def postings(session: Session) -> list[Posting]:
    """A post with two sources, one it may be, and one of another unit."""
    make_period(session)
    own = make_posting(session, headcount=4, well_paid=True)
    board = make_employer(session, name=own.employer.name, origin="import:board")
    made = [
        own,
        make_posting(session, board, title=own.title, headcount=2, pay_min=None, pay_max=None),
        make_posting(session, board, title=own.title, headcount=3, duties=own.duties[:22] + OTHER_WORK,
                     requirements="", well_paid=False),
        make_posting(session, title="会计", district="420102", headcount=7, well_paid=False),
    ]  # fmt: skip
    enter_postings(session, [one.id for one in made], at=NOW)
    return made


def text_of(response: object) -> str:
    assert response.status_code == 200  # type: ignore[attr-defined]
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")  # type: ignore[attr-defined]
    return " ".join(page.get_text(" ").split())


def rows_of(response: object) -> list[list[str]]:
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")  # type: ignore[attr-defined]
    return [[cell.get_text(strip=True) for cell in row(["th", "td"])] for row in page.select("tbody tr")]


def test_the_city_sees_each_figure_and_the_posts_behind_it(
    session: Session, visitor: Visit, postings: list[Posting]
) -> None:
    city = visitor(make_officer(session).user)
    page = city.get("/officer/posts?by=unit")  # type: ignore[attr-defined]
    assert sorted(rows_of(page)) == [["东湖新技术开发区", "7", "4"], ["江岸区", "7", "0"]]
    assert "目标待录入" not in text_of(page), "no target row, no target"
    link = BeautifulSoup(page.get_data(as_text=True), "html.parser").find("a", string="4")["href"]
    paid = rows_of(city.get(link))  # type: ignore[attr-defined]
    assert [row[0] for row in paid] == [postings[0].title]
    for by in ("kind", "month", "nonsense"):
        assert "14" in text_of(city.get(f"/officer/posts?by={by}"))  # type: ignore[attr-defined]


def test_a_unit_sees_and_judges_its_own_posts_only(
    session: Session, visitor: Visit, postings: list[Posting]
) -> None:
    unit = visitor(make_officer(session, Scope.UNIT, unit="420102").user)
    assert rows_of(unit.get("/officer/posts")) == [["江岸区", "7", "0"]]  # type: ignore[attr-defined]
    elsewhere = session.scalars(select(Post.id).where(Post.unit == "WH-DHGX")).first()
    question = session.scalars(select(PostQuestion.id)).one()
    assert unit.get(f"/officer/posts/{elsewhere}").status_code == 404  # type: ignore[attr-defined]
    assert unit.get(f"/officer/posts/questions/{question}").status_code == 404  # type: ignore[attr-defined]
    assert "会计" not in text_of(unit.get("/officer/posts/questions"))  # type: ignore[attr-defined]


def test_a_station_has_no_posts_and_an_auditor_judges_none(
    session: Session, visitor: Visit, postings: list[Posting]
) -> None:
    station = make_officer(session, Scope.STATION, institution_code="4142010486")
    assert visitor(station.user).get("/officer/posts").status_code == 403  # type: ignore[attr-defined]
    auditor = visitor(make_officer(session, Scope.AUDITOR).user)
    post = session.scalars(select(Post.id)).first()
    assert auditor.get(f"/officer/posts/{post}").status_code == 200  # type: ignore[attr-defined]
    assert auditor.get("/officer/posts/questions").status_code == 403  # type: ignore[attr-defined]
    said = auditor.post(f"/officer/posts/{post}", data={"posting": postings[0].id, "reason": "x"})  # type: ignore[attr-defined]
    assert "您没有做这件事的权限" in text_of(said)
    assert session.scalars(select(PostSeparation)).all() == []


def test_a_pair_is_judged_once_and_leaves_the_list(
    session: Session, visitor: Visit, postings: list[Posting]
) -> None:
    city = visitor(make_officer(session).user)
    question = session.scalars(select(PostQuestion)).one()
    address = f"/officer/posts/questions/{question.id}"
    assert OTHER_WORK in text_of(city.get(address))  # type: ignore[attr-defined]
    assert city.post(address, data={"verdict": "same"}).status_code == 302  # type: ignore[attr-defined]
    assert rows_of(city.get("/officer/posts")) != []  # type: ignore[attr-defined]
    assert city.get(address).status_code == 404  # type: ignore[attr-defined]
    deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "judge_posts")).one()
    assert deed.facts == {"same": True}
    assert ["东湖新技术开发区", "4", "0"] in rows_of(city.get("/officer/posts"))  # type: ignore[attr-defined]


def test_a_merge_is_undone_by_a_second_officer_on_the_posts_page(
    session: Session, visitor: Visit, postings: list[Posting]
) -> None:
    first, second = (visitor(make_officer(session).user) for _ in range(2))
    post = session.scalars(select(Post.id).where(Post.posting_id == postings[0].id)).one()
    address = f"/officer/posts/{post}"
    assert first.post(address, data={"posting": postings[1].id}).status_code == 200  # type: ignore[attr-defined]
    asked = first.post(address, data={"posting": postings[1].id, "reason": "两个团队"})  # type: ignore[attr-defined]
    assert asked.status_code == 302
    separation = session.scalars(select(PostSeparation.id)).one()
    assert "有 1 项分开计数的申请" in text_of(second.get("/officer/posts"))  # type: ignore[attr-defined]
    assert "两个团队" in text_of(second.get("/officer/posts/separations"))  # type: ignore[attr-defined]
    elsewhere = visitor(make_officer(session, Scope.UNIT, unit="420102").user)
    assert "两个团队" not in text_of(elsewhere.get("/officer/posts/separations"))  # type: ignore[attr-defined]
    own = text_of(first.get(address))  # type: ignore[attr-defined]
    assert "须由另一名工作人员确认" in own
    assert "确认分开计数" not in own
    refused = text_of(first.post(address, data={"separation": separation, "verdict": "do"}))  # type: ignore[attr-defined]
    assert "须由另一名工作人员确认" in refused
    done = second.post(address, data={"separation": separation, "verdict": "do"})  # type: ignore[attr-defined]
    assert done.status_code == 302
    assert ["东湖新技术开发区", "9", "4"] in rows_of(second.get("/officer/posts"))  # type: ignore[attr-defined]
    assert "两个团队" in text_of(second.get(address))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address", ["rows?kind=nonsense", "rows?unit=%00", "rows?month=x", "0", f"{2**62}", "questions/0"]
)
def test_odd_addresses_are_answered_calmly(
    session: Session, visitor: Visit, postings: list[Posting], address: str
) -> None:
    city = visitor(make_officer(session).user)
    assert city.get(f"/officer/posts/{address}").status_code in {200, 400, 404}  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_tables_are_taken_away_as_files(
    session: Session, visitor: Visit, postings: list[Posting], form: str
) -> None:
    city = visitor(make_officer(session).user)
    for address in ("posts", "posts/rows"):
        file = city.get(f"/officer/{address}?format={form}")  # type: ignore[attr-defined]
        assert file.status_code == 200
        assert file.headers["Content-Disposition"].startswith("attachment")
