"""Registers: colleagues, bases, stations, targets, ledger, imports, log."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.counted import make_counted
from tests.factories import NOW, make_officer, make_period
from tests.letterbox import posted
from tests.statements import asking
from webapp.domain.roles import Scope
from webapp.models import (
    AuditEntry,
    ImportProblem,
    ImportRun,
    StaffInvitation,
    Station,
    Target,
    TraineeshipBase,
    User,
)
from webapp.services.programme import load_programme

BASE = {
    "name": "光谷见习基地（演示）",
    "kind": "traineeship",
    "district": "WH-DHGX",
    "capacity": "30",
    "approved_on": "2026-03-01",
}


@pytest.fixture
def city(session, visitor):
    return visitor(make_officer(session).user)


def test_a_colleague_is_invited_by_letter_and_can_join(session, city, visitor):
    city.post("/officer/officers", data={"email": "unit@example.com", "scope": "unit", "unit": "420106"})
    invitation = session.scalars(select(StaffInvitation)).one()
    assert (invitation.scope, invitation.unit) == (Scope.UNIT, "420106")
    link = next(line for line in posted(session)[0].body.splitlines() if "/join/" in line)
    assert visitor().get("/join/" + link.rsplit("/", 1)[-1]).status_code == 200


@pytest.mark.parametrize(
    ("scope", "extra"), [("unit", {}), ("station", {"school": "没有的学校"}), ("city", {}), ("", {})]
)
def test_an_incomplete_invitation_or_one_of_equal_scope_is_refused(session, city, scope, extra):
    answer = city.post("/officer/officers", data={"email": "x@example.com", "scope": scope, **extra})
    assert answer.status_code == 200
    assert posted(session) == []
    assert session.scalars(select(StaffInvitation)).all() == []


def test_a_unit_officer_sees_and_closes_own_colleagues_only(session, visitor):
    unit = make_officer(session, Scope.UNIT, unit="420106")
    other = make_officer(session, Scope.UNIT, unit="WH-DHGX")
    client = visitor(unit.user)
    assert other.user.name not in client.get("/officer/officers").text
    assert client.post(f"/officer/officers/{other.id}/deactivate").status_code == 404


def test_closing_an_account_ends_its_sessions(session, city, visitor):
    officer = make_officer(session, Scope.UNIT, unit="420106")
    theirs = visitor(officer.user)
    assert theirs.get("/officer/").status_code in {200, 404}
    assert "停用" in city.get(f"/officer/officers/{officer.id}/deactivate").text
    city.post(f"/officer/officers/{officer.id}/deactivate")
    assert session.get(User, officer.user_id).is_active is False
    assert theirs.get("/officer/queue").status_code == 302


def test_nobody_closes_their_own_account(session, visitor):
    officer = make_officer(session)
    page = visitor(officer.user).post(f"/officer/officers/{officer.id}/deactivate").text
    assert "您没有做这件事的权限" in page
    assert session.get(User, officer.user_id).is_active is True


def test_a_base_is_registered_once_in_the_unit_of_its_place(session, city):
    city.post("/officer/bases/new", data=BASE)
    base = session.scalars(select(TraineeshipBase)).one()
    assert (base.unit, base.capacity) == ("WH-DHGX", 30)
    page = city.post("/officer/bases/new", data=BASE).text
    assert "已经登记过" in page
    assert 'value="30"' in page


def test_a_unit_registers_no_base_of_another_and_sees_none(session, city, visitor):
    unit = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    assert "您没有做这件事的权限" in unit.post("/officer/bases/new", data=BASE).text
    city.post("/officer/bases/new", data=BASE)
    assert BASE["name"] not in unit.get("/officer/bases").text
    assert (
        unit.get(f"/officer/bases/{session.scalars(select(TraineeshipBase.id)).one()}/close").status_code
        == 404
    )


def test_a_closed_base_stays_in_the_list(session, city):
    city.post("/officer/bases/new", data=BASE)
    base = session.scalars(select(TraineeshipBase)).one()
    city.post(f"/officer/bases/{base.id}/close")
    assert session.get(TraineeshipBase, base.id).valid_to_on is not None
    assert BASE["name"] in city.get("/officer/bases").text


def test_a_school_has_one_station(session, city):
    form = {"school": "武汉理工大学", "name": "理工大工作站（演示）", "opened_on": "2026-05-01"}
    city.post("/officer/stations/new", data=form)
    assert session.scalars(select(Station.institution_code)).all() == ["4142010497"]
    assert "已经有工作站" in city.post("/officer/stations/new", data=form).text
    assert "没有找到这所学校" in city.post("/officer/stations/new", data={**form, "school": "某某大学"}).text


def test_a_target_is_entered_with_its_document_by_the_city_and_logged(session, city, visitor):
    make_period(session)
    target = Target(period_id="P15", indicator="retained", name="留汉", measure="人", unit="city", year=0)
    session.add(target)
    session.flush()
    assert "目标待录入" in city.get("/officer/periods").text
    path = "/officer/targets/P15/retained/city/0"
    assert "这一项不能空着" in city.post(path, data={"value": "1000000"}).text
    city.post(path, data={"value": "1000000", "document": "演示文件〔2026〕1号"})
    assert session.get(Target, target.id).value == Decimal(1_000_000)
    deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "set_target")).one()
    assert (deed.facts["before"], deed.facts["document"]) == (None, "演示文件〔2026〕1号")
    assert visitor(make_officer(session, Scope.UNIT, unit="420106").user).get(path).status_code == 403


def test_loading_the_programme_again_keeps_a_target_entered_by_hand(session, city):
    load_programme(session, at=NOW)
    open_target = select(Target).where(Target.period_id == "P15", Target.indicator == "retained")
    number = session.scalars(open_target).one().id
    city.post(
        "/officer/targets/P15/retained/city/0", data={"value": "1000000", "document": "演示文件〔2026〕1号"}
    )
    load_programme(session, at=NOW)
    assert session.get(Target, number).value == Decimal(1_000_000)


def test_targets_of_a_closed_period_are_history(session, city):
    make_period(session, id="P14", start_on=date(2021, 1, 1), end_on=date(2025, 12, 31), status="closed")
    target = Target(period_id="P14", indicator="retained", name="留汉", measure="人", value=1_500_000)
    session.add(target)
    session.flush()
    form = {"value": "1", "document": "演示文件一号"}
    page = city.post("/officer/targets/P14/retained/city/0", data=form).text
    assert "不能再改" in page
    assert session.get(Target, target.id).value == 1_500_000


def test_refused_rows_of_an_import_come_with_their_numbers(session, city):
    run = ImportRun(kind="postings", filename="a.csv", digest="x", imported=2, refused=1, started_at=NOW)
    session.add(run)
    session.flush()
    session.add(ImportProblem(run_id=run.id, row_number=17, reason="=没有岗位名称"))
    assert "a.csv" in city.get("/officer/imports").text
    book = load_workbook(BytesIO(city.get(f"/officer/imports/{run.id}/problems?format=xlsx").data)).active
    assert list(book.values) == [("行号", "原因"), (17, "'=没有岗位名称")]
    assert "17" in city.get(f"/officer/imports/{run.id}/problems?format=csv").text


def test_the_log_is_searched_by_deed_and_day(session, city):
    city.get("/officer/employers?format=csv")
    assert "导出表格" in city.get("/officer/audit?action=export").text
    assert "table:" not in city.get("/officer/audit?action=export&until=2020-01-01").text


@pytest.mark.parametrize("scope", Scope)
def test_every_link_of_the_first_page_opens_for_the_scope_that_sees_it(session, visitor, scope):
    make_period(session)
    reach = {Scope.UNIT: {"unit": "420106"}, Scope.STATION: {"institution_code": "4142010497"}}
    client = visitor(make_officer(session, scope, **reach.get(scope, {})).user)
    page = client.get("/officer/").text
    links = set(re.findall(r'href="(/officer/[^"]*)"', page))
    assert len(links) > 5
    for link in links:
        assert client.get(unescape(link)).status_code in {200, 302}, link


@pytest.mark.parametrize("scope", [Scope.UNIT, Scope.STATION])
def test_ledger_and_log_are_for_the_city_and_its_auditors(session, visitor, scope):
    reach = {"unit": "420106"} if scope is Scope.UNIT else {"institution_code": "4142010497"}
    client = visitor(make_officer(session, scope, **reach).user)
    for path in ("ledger", "audit"):
        assert client.get(f"/officer/{path}").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "audit", "bases", "employers", "graduates", "imports", "ledger", "officers", "placements", "postings",
        "retained/rows",
    ],
)  # fmt: skip
def test_a_page_of_a_list_reads_a_page_and_only_a_file_reads_it_whole(session, city, engine, path):
    make_period(session)
    make_counted(session)
    with asking(engine) as for_a_page:
        assert city.get(f"/officer/{path}").status_code == 200
    whole = {one.sql.partition(" LIMIT ")[0] for one in for_a_page if " LIMIT " in one.sql}
    assert whole
    assert not whole & {one.sql for one in for_a_page}
    with asking(engine) as for_a_file:
        assert city.get(f"/officer/{path}?format=csv").text.startswith("\ufeff")
    assert whole & {one.sql for one in for_a_file}
