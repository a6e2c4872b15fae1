"""The page of destination rates: for officers only, each school its own, small groups hidden."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.counted import make_verified_graduate
from tests.factories import NOW, make_officer, make_user
from webapp.domain.degrees import Degree
from webapp.domain.roles import Role, Scope
from webapp.models import RegisteredOutcome
from webapp.services.outcomes import rebuild_outcomes

SCHOOL, OTHER_SCHOOL = "4142010486", "4142010487"
Visit = Callable[..., object]


def register(session: Session, codes: dict[str, int], **changes: object) -> None:
    for code, number in codes.items():
        for _ in range(number):
            one = make_verified_graduate(session, **changes)
            if code:
                session.add(RegisteredOutcome(graduate_id=one.id, code=code, registered_at=NOW))
    session.flush()
    rebuild_outcomes(session, at=NOW)


def page_of(response: object) -> BeautifulSoup:
    assert response.status_code == 200  # type: ignore[attr-defined]
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")  # type: ignore[attr-defined]


def text_of(response: object) -> str:
    return " ".join(page_of(response).get_text(" ").split())


def tables_of(response: object) -> list[dict[str, list[str]]]:
    return [
        {
            cells[0]: cells[1:]
            for row in table.select("tbody tr")
            if (cells := [cell.get_text(strip=True) for cell in row(["th", "td"])])
        }
        for table in page_of(response).select("table")
    ]


@pytest.fixture
def outcomes(session: Session) -> None:
    register(session, {"10": 10, "11": 20, "12": 6, "76": 5, "80": 9, "70": 6, "72": 5, "": 9})
    register(session, {"11": 6, "": 4}, institution_code=OTHER_SCHOOL, degree=Degree.MASTER)


def test_both_formulas_and_nace_stand_on_one_page(session: Session, visitor: Visit, outcomes: None) -> None:
    city = visitor(make_officer(session).user)
    schools, moe, nace = tables_of(city.get("/officer/rates"))  # type: ignore[attr-defined]
    assert schools["武汉大学"] == ["70", "61", "87.1%", "71.4%", "84.3%", "71.4%", "89.3%"]
    assert schools["华中科技大学"] == ["10", "6", "60.0%", "60.0%", "100.0%", "—", "—"]
    assert moe["单位就业率"][0] == "42"
    assert nace["继续深造"][0] == "9"
    earlier = tables_of(city.get("/officer/rates?formula=MOE-2021.19"))[1]  # type: ignore[attr-defined]
    assert earlier["其他形式（灵活）就业率"][0] == "11"


def test_below_the_knowledge_threshold_the_page_gives_bounds_only(
    session: Session, visitor: Visit, outcomes: None
) -> None:
    station = make_officer(session, Scope.STATION, institution_code=OTHER_SCHOOL)
    said = text_of(visitor(station.user).get("/officer/rates"))  # type: ignore[attr-defined]
    assert "60.0% 至 100.0%" in said
    assert "只给出上下界" in said


def test_a_station_sees_its_own_school_only(session: Session, visitor: Visit, outcomes: None) -> None:
    station = visitor(make_officer(session, Scope.STATION, institution_code=OTHER_SCHOOL).user)
    for address in ("", f"?of={SCHOOL}", "?by=institution_code", "?by=year"):
        said = text_of(station.get(f"/officer/rates{address}"))  # type: ignore[attr-defined]
        assert "6 人去向已知，共 10 人" in said
        assert "武汉大学" not in said


def test_a_small_group_is_hidden_with_another_one(session: Session, visitor: Visit) -> None:
    register(session, {"11": 20, "75": 2, "76": 6, "80": 9, "70": 6, "72": 7})
    register(session, {"11": 3}, institution_code=OTHER_SCHOOL)
    register(session, {"11": 30}, institution_code="4142010488")
    page = visitor(make_officer(session).user).get("/officer/rates")  # type: ignore[attr-defined]
    schools, moe, _nace = tables_of(page)
    assert moe["自主创业率"] == ["＊", "—", "—", "—"]
    assert [cells[0] for cells in moe.values()].count("＊") == 2
    assert list(schools) == ["武汉大学"]
    assert "另有 2 行人数不足 5 人" in text_of(page)


def test_nobody_else_reads_rates(session: Session, visitor: Visit, outcomes: None) -> None:
    unit = make_officer(session, Scope.UNIT, unit="WH-DHGX")
    assert visitor(unit.user).get("/officer/rates").status_code == 403  # type: ignore[attr-defined]
    assert visitor(make_user(session, Role.GRADUATE)).get("/officer/rates").status_code == 403  # type: ignore[attr-defined]
    assert visitor().get("/officer/rates").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["", "?year=x&by=y&formula=z", "?of=0", "?year=1999"])
def test_odd_addresses_and_no_outcomes_are_answered_calmly(
    session: Session, visitor: Visit, query: str
) -> None:
    city = visitor(make_officer(session).user)
    page = text_of(city.get(f"/officer/rates{query}"))  # type: ignore[attr-defined]
    assert "还没有可以计算的毕业去向" in page
    assert "python -m scripts outcomes run" in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_table_is_taken_away_as_a_file(
    session: Session, visitor: Visit, outcomes: None, form: str
) -> None:
    file = visitor(make_officer(session).user).get(f"/officer/rates?format={form}")  # type: ignore[attr-defined]
    assert file.status_code == 200
