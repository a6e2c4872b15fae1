"""The count as officers read it: parts that add up, rows behind each figure, files that open safely."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counted import make_counted, make_verified_graduate, retained
from tests.factories import NOW, make_employer, make_officer, make_period
from tests.statements import asking
from webapp.domain.definitions import definition
from webapp.domain.degrees import Degree
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, Target
from webapp.queries.breakdowns import (
    CountFilter,
    Dimension,
    breakdown,
    counted_people,
    totals_of,
)
from webapp.queries.officers import Reach
from webapp.services.programme import load_programme


@pytest.fixture
def counted(session: Session) -> list[int]:
    """Seven counted people in two units, of two schools, on three grades of evidence."""
    make_period(session)
    wuhan_tech = make_verified_graduate(session, institution_code="4142010497", degree=Degree.MASTER)
    rows = [
        make_counted(session, cluster="optoelectronics"),
        make_counted(session, proof="social_insurance"),
        make_counted(session, proof="pay_slips", outcome_code="12"),
        make_counted(session, graduate=wuhan_tech),
        *(make_counted(session, district="420106", unit="420106") for _one in range(3)),
    ]
    return [row.id for row in rows]


@pytest.mark.parametrize("dimension", Dimension)
def test_every_breakdown_adds_up_to_the_count(session, counted, dimension):
    for key, expected in {"D1": 7, "D2": 6, "D3": 1, "D4": 7, "D5": 6}.items():
        rows = breakdown(session, CountFilter("P15", definition=definition(key)), dimension)
        counts = retained(session, "P15", definition=definition(key))
        assert totals_of(rows).total == counts.total == expected, key
        assert all(row.total == row.a + row.b + row.c for row in rows), key


@pytest.mark.parametrize("dimension", Dimension)
def test_there_are_as_many_rows_behind_a_figure_as_it_says(session, counted, dimension):
    wanted = CountFilter("P15")
    for row in breakdown(session, wanted, dimension):
        assert len(session.execute(counted_people(wanted.narrowed(dimension, row.key))).all()) == row.total


def test_a_unit_reaches_its_own_people_only(session, counted):
    wanted = CountFilter("P15", reach=Reach(unit="420106"))
    assert [row.key for row in breakdown(session, wanted, Dimension.UNIT)] == ["420106"]
    asked_for_another = CountFilter("P15", reach=Reach(unit="420106"), unit="WH-DHGX")
    assert breakdown(session, asked_for_another, Dimension.UNIT) == []


def test_a_station_reaches_its_own_graduates_only(session, counted):
    wanted = CountFilter("P15", reach=Reach(institution_code="4142010497"))
    assert totals_of(breakdown(session, wanted, Dimension.UNIT)).total == 1


def test_the_first_page_shows_one_number_and_that_the_target_is_not_set(session, counted, visitor):
    page = visitor(make_officer(session).user).get("/officer/?period=P15").text
    assert ">7</a> <small>人 · 目标待录入" in page.replace("\n", "")
    assert "需要我处理" in page


def test_with_a_target_the_first_page_says_how_far_the_pace_is(session, counted, visitor):
    session.add(Target(period_id="P15", indicator="retained", name="留汉", measure="人", value=60))
    page = visitor(make_officer(session).user).get("/officer/?period=P15").text
    assert "目标 60 人" in page
    assert "完成进度的" in page
    assert "低于色带就是慢于进度" in page


def test_a_closed_period_without_a_platform_is_not_judged(session, visitor):
    load_programme(session, at=NOW)
    page = visitor(make_officer(session).user).get("/officer/?period=P14").text
    assert "不据此判断目标是否达成" in page
    assert "未核实" in page
    assert "96.8 万" in page
    assert "未达预期" not in page


@pytest.mark.parametrize("dimension", Dimension)
def test_each_breakdown_has_a_page_whose_figures_lead_to_their_rows(session, counted, visitor, dimension):
    client = visitor(make_officer(session).user)
    page = client.get(f"/officer/retained?by={dimension.value}&period=P15")
    assert page.status_code == 200
    assert f"of_{dimension.value}=" in page.text


def test_the_rows_page_masks_names_and_follows_the_figure(session, counted, visitor):
    client = visitor(make_officer(session).user)
    page = client.get("/officer/retained/rows?period=P15&of_unit=420106").text
    assert "留汉人员明细：3 人" in page
    assert "张＊＊" in page
    assert "张三丰" not in page


def test_rows_of_what_was_never_stated_can_be_opened(session, counted, visitor):
    page = visitor(make_officer(session).user).get("/officer/retained/rows?period=P15&of_cluster=").text
    assert "留汉人员明细：6 人" in page


@pytest.mark.parametrize("key", ["of_month=2026-13", "of_degree=none", "of_grade=Z", "of_unit='; drop table"])
def test_odd_keys_in_the_address_find_nobody(session, counted, visitor, key):
    page = visitor(make_officer(session).user).get(f"/officer/retained/rows?period=P15&{key}")
    assert page.status_code == 200
    assert "留汉人员明细：0 人" in page.text


def test_a_unit_officer_sees_neither_figures_nor_rows_of_others(session, counted, visitor):
    client = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    assert "留汉人员明细：3 人" in client.get("/officer/retained/rows?period=P15").text
    assert "留汉人员明细：3 人" in client.get("/officer/retained/rows?period=P15&unit=WH-DHGX").text
    assert "东湖新技术开发区" not in client.get("/officer/retained?by=unit&period=P15").text


def test_the_workbook_holds_numbers_that_add_up(session, counted, visitor):
    response = visitor(make_officer(session).user).get("/officer/retained?by=unit&period=P15&format=xlsx")
    rows = list(load_workbook(BytesIO(response.data)).active.values)
    assert rows[0][:2] == ("填报单位", "留汉人数")
    assert rows[-1][:2] == ("合计", 7)
    assert sum(row[1] for row in rows[1:-1]) == 7


def test_no_cell_of_a_file_runs_as_a_formula(session, counted, visitor):
    employer = make_employer(session, name='=HYPERLINK("http://evil")')
    make_counted(session, employer_id=employer.id)
    client = visitor(make_officer(session).user)
    book = load_workbook(BytesIO(client.get("/officer/retained/rows?period=P15&format=xlsx").data)).active
    assert '\'=HYPERLINK("http://evil")' in [row[3] for row in book.values]
    assert "'=HYPERLINK" in client.get("/officer/retained/rows?period=P15&format=csv").text


def test_every_export_is_written_down(session, counted, visitor):
    officer = make_officer(session)
    visitor(officer.user).get("/officer/retained?by=unit&period=P15&format=csv")
    deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert deed.actor_id == officer.user_id
    assert "by=unit" in deed.facts["address"]


def test_the_public_version_hides_small_cells_and_what_would_betray_them(session, counted, visitor):
    for _one in range(3):
        make_counted(session)
    page = visitor(make_officer(session).user).get("/officer/retained?by=unit&period=P15&public=1").text
    assert "＊" in page
    assert ">3<" not in page


def test_a_count_is_asked_with_the_same_number_of_statements_however_many_rows(
    session, counted, visitor, engine
):
    client = visitor(make_officer(session).user)

    def statements() -> int:
        with asking(engine) as asked:
            client.get("/officer/retained/rows?period=P15")
            client.get("/officer/placements")
        return len(asked)

    before = statements()
    for _one in range(5):
        make_counted(session)
    assert statements() == before
