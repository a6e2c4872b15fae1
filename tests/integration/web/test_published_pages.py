"""Pages of definitions, published and reported figures, as officers and everybody meet them."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counted import make_counted
from tests.factories import NOW, make_graduate, make_officer
from webapp.clock import now, today
from webapp.domain.roles import Scope
from webapp.models import FigureCheck, Placement, Publication, PublishedFigure, Reconciliation, ReportedFigure
from webapp.services.programme import load_programme
from webapp.services.reconciliations import open_reconciliations
from webapp.tasks.publications import work_off

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def counted(session: Session) -> None:
    load_programme(session, at=NOW)
    make_counted(session)
    make_counted(session, proof="social_insurance")
    make_counted(session, proof="pay_slips", outcome_code="12", unit="420106", district="420106")


def count_what_waits(session: Session) -> None:
    @contextmanager
    def here():
        yield session

    session.commit()
    work_off(here, here)
    session.commit()


def ask(client, **changes):
    form = {"period": "P15", "definition": "D2", "unit": "", "as_of": YESTERDAY.isoformat()} | changes
    return client.post("/officer/published/new", data=form, follow_redirects=True)


@pytest.mark.usefixtures("counted")
def test_a_figure_goes_from_one_officer_to_another_to_everybody(session, visitor):
    one, two = visitor(make_officer(session).user), visitor(make_officer(session).user)
    assert "正在从账本逐笔计算" in ask(one).text
    count_what_waits(session)
    asked = session.scalars(select(Publication)).one()
    address = f"/officer/publications/{asked.id}"
    assert "须由另一名市级工作人员确认" in one.get(address).text
    assert "确认公布" not in one.get(address).text
    assert "数字已公布" in two.post(address, data={"verdict": "do"}, follow_redirects=True).text
    figure = session.scalars(select(PublishedFigure)).one()
    assert figure.value == 2
    public = visitor(None).get("/figures").text
    assert "有合同或行政记录" in public
    assert ">2<" not in public, "too small to show"
    assert "误差率未知" in public
    assert figure.query_digest in public


@pytest.mark.usefixtures("counted")
def test_the_button_counts_a_figure_again(session, visitor):
    one, two = visitor(make_officer(session).user), visitor(make_officer(session).user)
    ask(one)
    count_what_waits(session)
    two.post(f"/officer/publications/{session.scalars(select(Publication.id)).one()}", data={"verdict": "do"})
    figure = session.scalars(select(PublishedFigure)).one()
    address = f"/officer/published/{figure.id}"
    assert "正在重新计算" in one.post(address, follow_redirects=True).text
    count_what_waits(session)
    assert session.scalars(select(FigureCheck.agrees)).one() is True
    assert "逐位一致" in one.get(address).text


@pytest.mark.usefixtures("counted")
def test_a_correction_says_why_and_the_old_figure_stays(session, visitor):
    one, two = visitor(make_officer(session).user), visitor(make_officer(session).user)
    ask(one)
    count_what_waits(session)
    two.post(f"/officer/publications/{session.scalars(select(Publication.id)).one()}", data={"verdict": "do"})
    first = session.scalars(select(PublishedFigure)).one()
    said = {"definition": "D1", "as_of": YESTERDAY.isoformat(), "reason": "应按默认口径公布"}
    asked = one.post(f"/officer/published/new?corrects={first.id}", data=said, follow_redirects=True)
    assert asked.status_code == 200
    count_what_waits(session)
    latest = session.scalars(select(Publication.id).order_by(Publication.id.desc()).limit(1)).one()
    two.post(f"/officer/publications/{latest}", data={"verdict": "do"})
    public = visitor(None).get("/figures").text
    assert public.count("应按默认口径公布") == 1
    assert public.index("平台默认口径") < public.index("有合同或行政记录")
    assert "这个数字已经更正" in public


def test_what_was_left_out_of_a_figure_is_not_on_the_page(session, client):
    load_programme(session, at=NOW)
    officers = [make_officer(session).user_id for _ in range(2)]
    for key, by_grade, hidden in (
        ("D1", {"A": 10, "B": 20, "C": 3}, ["A", "C"]),
        ("D2", {"A": 10, "B": 20}, ["A", "total"]),
    ):
        session.add(
            PublishedFigure(
                period_id="P15", definition_id=key, definition_digest="d", ruleset_id="R1", unit="420106",
                as_of_on=YESTERDAY, seq=33, hash="h", query_digest="q", value=sum(by_grade.values()),
                by_grade=by_grade, hidden=hidden, published_by_id=officers[0], confirmed_by_id=officers[1],
                published_at=NOW,
            )
        )  # fmt: skip
        session.flush()
    page = BeautifulSoup(client.get("/figures").text, "html.parser")
    second, first = [
        [one.text.strip() for one in row.select("dd.number")] for row in page.select("dl.figure-row")
    ]
    assert first == ["33", "＊", "20", "＊"]
    assert second == ["＊", "＊", "20", "0"]


@pytest.mark.usefixtures("counted")
def test_only_the_city_publishes(session, visitor):
    unit = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    assert unit.get("/officer/published").status_code == 200
    assert unit.get("/officer/published/new").status_code == 403


@pytest.mark.usefixtures("counted")
def test_a_day_that_is_not_over_is_refused_in_the_form(session, visitor):
    page = ask(visitor(make_officer(session).user), as_of=today().isoformat())
    assert "还没有过完" in page.text
    assert session.scalars(select(Publication)).all() == []


@pytest.mark.usefixtures("counted")
def test_definitions_stand_side_by_side_and_lead_to_who_is_left_out(session, visitor):
    client = visitor(make_officer(session).user)
    page = client.get("/officer/definitions?period=P15").text
    assert "C 级证据" in page
    left_out = client.get("/officer/retained/rows?period=P15&definition=D1&outside=D2").text
    assert "留汉人员明细：1 人" in left_out
    assert "只看不在这个口径里的人" in left_out
    other_way = client.get("/officer/retained/rows?period=P15&definition=D5&outside=D2").text
    assert "留汉人员明细：0 人" in other_way
    assert client.get("/officer/retained/rows?outside=D99").status_code == 404


@pytest.mark.usefixtures("counted")
def test_reported_and_traceable_stand_side_by_side_and_a_low_figure_is_explained(session, visitor):
    makers = [make_officer(session).user for _ in range(3)]
    session.add(
        ReportedFigure(
            period_id="P15", indicator="retained", unit="WH-DHGX", label="至2026-06", month="2026-06",
            kind="cumulative", value=Decimal(1), source="月报", status="approved", received_at=NOW,
            submitted_by_id=makers[0].id, approved_by_id=makers[1].id,
        )
    )  # fmt: skip
    session.flush()
    assert open_reconciliations(session, at=now()) == 1
    one, two = visitor(makers[1]), visitor(makers[2])
    page = one.get("/officer/reported?period=P15&month=2026-06").text
    assert "可追溯多于上报，待说明" in page
    assert "平台口径下限" in page
    task = session.scalars(select(Reconciliation)).one()
    address = f"/officer/reconciliations/{task.id}"
    assert one.get("/officer/queue/reconciliations/next").headers["Location"].endswith(address)
    one.post(address, data={"verdict": "explain", "reason": "月报截止早两天"})
    two.post(address, data={"verdict": "confirm", "reason": "月报截止早两天"})
    session.expire_all()
    assert task.confirmed_by_id == makers[2].id
    assert "已办结" in one.get("/officer/reported?period=P15").text


@pytest.mark.usefixtures("counted")
def test_a_closed_period_without_any_figure_is_a_page_of_zeros(session, visitor):
    page = visitor(make_officer(session).user).get("/officer/reported?period=P14")
    assert page.status_code == 200
    assert "平台口径下限" in page.text


@pytest.mark.usefixtures("counted")
def test_the_station_claims_for_a_graduate_of_its_school(session, visitor):
    graduate = make_graduate(session, institution_code="4142010486")
    station = visitor(make_officer(session, Scope.STATION, institution_code="4142010486").user)
    address = f"/officer/graduates/{graduate.id}/claim"
    assert "代为填报去向" in station.get(f"/officer/graduates/{graduate.id}").text
    said = {
        "code": "11", "employer_name": "演示单位", "started_on": "2026-07-01", "district": "420106",
        "type": "labour_contract", "file": (BytesIO(b"%PDF-1.4 x"), "contract.pdf"),
    }  # fmt: skip
    assert station.post(address, data=said, content_type="multipart/form-data").status_code == 302
    made = session.scalars(select(Placement).where(Placement.graduate_id == graduate.id)).one()
    assert (made.state.value, made.unit) == ("evidenced", "420106")
    assert visitor(make_officer(session).user).get(address).status_code == 403
