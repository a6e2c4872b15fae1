"""Pages of reports: who reads which edition, how one becomes public, what lies behind a line."""

import pytest
from sqlalchemy import select

from tests.counted import make_counted
from tests.factories import NOW, TODAY, make_officer, make_period, make_posting
from tests.snapshots import make_content
from webapp.domain.definitions import standard
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, ReportOrder
from webapp.reports.files import formats
from webapp.reports.names import REPORTS, write
from webapp.reports.snapshot import read
from webapp.services.reports import gather_content, keep_snapshot

REACH = {Scope.UNIT: {"unit": "420106"}, Scope.STATION: {"institution_code": "4142010497"}}


@pytest.fixture
def kept(session):
    make_period(session)
    return keep_snapshot(session, make_content(), at=NOW, by_id=None)


@pytest.fixture
def city(session, visitor):
    return visitor(make_officer(session).user)


def test_snapshots_are_listed_and_ordered_by_the_city(session, visitor, city, kept):
    assert kept.id in city.get("/officer/reports").text
    form = {"period": "P15", "definition": standard().id, "as_of": "2026-06-01"}
    assert city.post("/officer/reports", data=form).status_code == 302
    order = session.scalars(select(ReportOrder)).one()
    assert (order.period_id, str(order.as_of)) == ("P15", "2026-06-01")
    page = city.get("/officer/reports").text
    assert "第 0 步" in page
    assert 'http-equiv="refresh"' in page
    assert "汇集一份新的快照" not in page, "what is being filled in must not be lost"
    still = city.get("/officer/reports?still=1").text
    assert 'http-equiv="refresh"' not in still
    assert "汇集一份新的快照" in still
    assert "还没有到" in city.post("/officer/reports", data=form | {"as_of": "2099-01-01"}).text
    unit = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    assert "开始汇集" not in unit.get("/officer/reports").text
    assert unit.post("/officer/reports", data=form).status_code == 200
    assert len(session.scalars(select(ReportOrder)).all()) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_page_with_its_figures_and_its_foot(city, kept, name):
    page = city.get(f"/officer/reports/{kept.id}/{name}").text
    assert f"快照 {kept.id}" in page
    assert "查询摘要" in page


@pytest.mark.parametrize("scope", Scope)
def test_schools_are_for_the_city_and_its_auditors(session, visitor, kept, scope):
    reader = visitor(make_officer(session, scope, **REACH.get(scope, {})).user)
    page = reader.get(f"/officer/reports/{kept.id}/students").text
    file = reader.get(f"/officer/reports/{kept.id}/students.html").text
    inside = scope in {Scope.CITY, Scope.AUDITOR}
    assert ("武汉大学" in page) == ("武汉大学" in file) == inside
    assert "武汉大学" not in reader.get(f"/officer/reports/{kept.id}/students.html?edition=public").text
    evidence = f"/officer/reports/{kept.id}/shortage/evidence?occupation=2-02-38-01&cluster=ai"
    assert reader.get(evidence).status_code == (200 if inside else 403)


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_a_download_is_the_file_the_command_makes_and_is_logged(session, city, kept, form):
    answer = city.get(f"/officer/reports/{kept.id}/situation.{form}?edition=public")
    document = write("situation", read(kept.id, kept.content))
    assert answer.data == formats()[form].render(document)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    logged = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert logged.subject == f"report:{kept.id}:situation"


@pytest.mark.parametrize("path", ["nobody", "situation.doc", "nobody.pdf"])
def test_what_does_not_exist(city, kept, path):
    assert city.get(f"/officer/reports/{kept.id}/{path}").status_code == 404
    assert city.get("/officer/reports/nothing/situation").status_code == 404
    assert city.get(f"/officer/reports/{kept.id}/nobody/release").status_code == 404


def test_a_report_is_public_once_a_second_officer_has_approved_it(session, visitor, city, client, kept):
    public, release = f"/reports/{kept.id}/shortage", f"/officer/reports/{kept.id}/shortage/release"
    assert client.get(public).status_code == 404
    assert "提出公开" in city.get(release).text
    assert city.post(release, data={}).status_code == 302
    assert client.get(public).status_code == client.get(f"{public}.pdf").status_code == 404
    assert "提出的人不能自己批准" in city.post(release, data={}).text
    assert "等待另一人批准" in city.get(f"/officer/reports/{kept.id}").text
    colleague = visitor(make_officer(session).user)
    assert "公开后不能撤回" in colleague.get(release).text
    assert colleague.post(release, data={}).status_code == 302
    assert "急需紧缺人才目录" in client.get(public).text
    assert client.get(f"{public}.pdf").data.startswith(b"%PDF")
    assert public in client.get("/reports").text
    assert client.get(f"/reports/{kept.id}/students").status_code == 404


def test_only_the_city_lets_out(session, visitor, kept):
    for scope in (Scope.UNIT, Scope.STATION, Scope.AUDITOR):
        reader = visitor(make_officer(session, scope, **REACH.get(scope, {})).user)
        assert reader.post(f"/officer/reports/{kept.id}/pay/release", data={}).status_code == 403


def test_lines_lead_to_the_people_and_posts_behind_them(session, city):
    make_period(session)
    make_counted(session)
    wanted = {"period_id": "P15", "definition_id": standard().id, "as_of": TODAY, "at": NOW}
    kept = keep_snapshot(session, gather_content(session, **wanted), at=NOW, by_id=None)
    page = city.get(f"/officer/reports/{kept.id}/situation").text
    link = "/officer/retained/rows?period=P15&amp;definition=D1&amp;of_unit=WH-DHGX"
    assert link in page
    assert "张＊" in city.get(link.replace("&amp;", "&")).text


def test_a_line_of_the_catalogue_opens_its_posts_and_graduates(session, city, kept):
    post = make_posting(session, id=1, title="算法工程师")
    page = city.get(f"/officer/reports/{kept.id}/shortage").text
    link = f"/officer/reports/{kept.id}/shortage/evidence?occupation=2-02-38-01&amp;cluster=ai"
    assert link in page
    page = city.get(link.replace("&amp;", "&")).text
    assert "软件工程 45" in page
    assert f"/officer/postings/{post.id}" in page
    assert city.get(f"/officer/reports/{kept.id}/shortage/evidence?occupation=9").status_code == 404
