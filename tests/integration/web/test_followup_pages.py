"""The follow-up and the audit as people meet them: links, presses, lists, figures."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.counted import make_counted
from tests.factories import make_member, make_officer, make_period
from webapp.clock import now, today
from webapp.domain.followup import Result, add_months
from webapp.domain.roles import Scope
from webapp.domain.sampling import commitment
from webapp.models import AuditEntry, AuditItem, AuditSample, FollowUp, FollowUpAnswer
from webapp.queries.followups import find
from webapp.queries.officers import Reach
from webapp.services import followups as deeds
from webapp.services.closing import publish_head
from webapp.services.sampling import draw_waiting
from webapp.settings import DEVELOPMENT_SECRET
from webapp.ui.filters import full_date

START = add_months(today(), -6)
LEFT = {"result": "left", "left_on": (today() - timedelta(days=5)).isoformat(), "reason": "pay"}


@pytest.fixture
def found(session) -> FollowUp:
    """One person whose first checkpoint is due today."""
    make_period(session, start_on=add_months(START, -1).replace(day=1))
    make_counted(session).started_on = START
    session.flush()
    deeds.open_follow_ups(session, on=today())
    return find(session, Reach(), session.scalars(select(FollowUp.id)).one())


def link(found: FollowUp, query: str = "") -> str:
    return f"/graduate/follow-ups/{deeds.link_token(found.id, secret=DEVELOPMENT_SECRET)}{query}"


def answers(session) -> int:
    return session.scalar(select(func.count()).select_from(FollowUpAnswer))


@pytest.mark.parametrize(
    "query", ["", "?answer=retained_c", "?answer=left", "?answer=retained_a", "?answer=' OR 1"]
)
def test_opening_the_link_of_a_letter_answers_nothing(session, visitor, found, query):
    for method in ("GET", "HEAD"):
        response = visitor().open(link(found, query), method=method)
        assert response.status_code == 200
    assert answers(session) == 0
    chosen = re.findall(r'<input checked[^>]*value="(\w+)"', visitor().get(link(found, query)).text)
    offered = {"?answer=retained_c": ["retained_c"], "?answer=left": ["left"]}
    assert chosen == offered.get(query, []), "a link chooses, and only among what a graduate may say"


def test_a_press_answers_and_may_be_taken_back_while_the_window_is_open(session, visitor, found):
    client = visitor()
    response = client.post(link(found), data={"result": "retained_c"}, follow_redirects=True)
    assert f"已记下，谢谢。{full_date(found.closes_on)}之前还可以改" in response.text
    assert session.get_one(FollowUp, found.id).result is Result.RETAINED_C
    client.post(link(found), data=LEFT)
    assert session.get_one(FollowUp, found.id).result is Result.LEFT
    assert answers(session) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "请选择一项"),
        ({"result": "unknown"}, "Not a valid choice|无效|有效"),
        ({"result": "retained_a"}, "Not a valid choice|无效|有效"),
        ({"result": "left"}, r"请填写离开的日期，应在开始工作（\d+年\d+月\d+日）"),
        (LEFT | {"reason": ""}, "请选择一个主要原因"),
        (LEFT | {"left_on": "2999-01-01"}, "年份有误"),
        (LEFT | {"left_on": (today() + timedelta(days=30)).isoformat()}, "请填写离开的日期"),
    ],
)
def test_a_press_that_says_too_little_or_too_much_is_refused(session, visitor, found, data, said):
    response = visitor().post(link(found), data=data)
    assert response.status_code == 200
    assert re.search(said, response.text)
    assert answers(session) == 0


def test_a_stayer_may_leave_the_questions_for_leavers_filled_in(session, visitor, found):
    visitor().post(link(found), data=LEFT | {"result": "retained_c"})
    assert session.get_one(FollowUp, found.id).result is Result.RETAINED_C


HOSTILE = (
    "<script>alert(1)</script>' OR 1=1 --",
    "长" * 60_000,
    "-1",
    "9" * 30,
    "1e400",
    "²",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
def test_a_hostile_answer_or_audit_changes_nothing(session, visitor, found, value):
    member = visitor(make_member(session, found.placement.employer).user)
    city, auditor = (visitor(make_officer(session, scope).user) for scope in (Scope.CITY, Scope.AUDITOR))
    auditor.post("/officer/audits/new", data={"period": "P15", "size": "20", "unit": ""})
    later = now() + timedelta(days=1)
    publish_head(session, day=today(), at=later)
    draw_waiting(session, at=later)
    item = session.scalars(select(AuditItem)).one()
    answer = dict.fromkeys(("result", "left_on", "reason"), value)
    finding = dict.fromkeys(("finding", "cause", "note"), value)
    order = dict.fromkeys(("period", "unit", "size"), value)
    for person, address, data in (
        (visitor(), link(found), answer),
        (visitor(), link(found), LEFT | {"left_on": value}),
        (member, f"/employer/follow-ups/{found.id}", answer),
        (city, f"/officer/follow-ups/{found.id}", answer),
        (city, f"/officer/follow-ups/{found.id}", LEFT | {"left_on": value}),
        (auditor, f"/officer/audits/items/{item.id}", finding),
        (auditor, "/officer/audits/new", order),
    ):
        response = person.post(address, data=data)
        assert response.status_code == 200, address
        assert "<script>alert" not in response.text, address
    assert answers(session) == 0
    assert session.scalar(select(func.count()).select_from(AuditSample)) == 1
    assert session.get_one(AuditItem, item.id).finding is None


def test_a_link_ends_with_its_window_and_a_changed_one_never_opens(session, visitor, found):
    assert visitor().get(link(found)[:-2]).status_code == 404
    found.opens_on, found.due_on, found.closes_on = (today() - timedelta(days=one) for one in (61, 31, 1))
    client = visitor()
    assert "现在不能答复" in client.get(link(found)).text
    assert "确认提交" not in client.get(link(found)).text
    refused = client.post(link(found), data={"result": "retained_c"}).text
    assert f"{full_date(found.opens_on)} 到 {full_date(found.closes_on)}，现在不能答复" in refused
    assert answers(session) == 0


def test_the_page_of_a_link_tells_a_stranger_no_name(visitor, found):
    names = found.placement.graduate.name, found.placement.employer.name
    page = visitor().get(link(found)).text
    assert not [name for name in names if name in page]


def test_an_employer_answers_from_its_desk(session, visitor, found):
    client, name = visitor(make_member(session, found.placement.employer).user), found.placement.graduate.name
    assert "/employer/follow-ups" in client.get("/employer/").text
    assert name in client.get("/employer/follow-ups").text
    address = f"/employer/follow-ups/{found.id}"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"result": "left"}).status_code == 200
    assert answers(session) == 0
    assert client.post(address, data={"result": "retained_c"}).status_code == 302
    assert session.get_one(FollowUp, found.id).result is Result.RETAINED_C
    assert name not in client.get("/employer/follow-ups").text


@pytest.mark.parametrize(
    ("scope", "reach"),
    [
        (Scope.UNIT, {"unit": "420106"}),
        (Scope.STATION, {"institution_code": "4142010487"}),
    ],
)
def test_an_officer_elsewhere_sees_nobody(session, visitor, found, scope, reach):
    client = visitor(make_officer(session, scope, **reach).user)
    assert f"/officer/follow-ups/{found.id}" not in client.get("/officer/follow-ups/due").text
    assert client.post(f"/officer/follow-ups/{found.id}", data=LEFT).status_code == 404
    assert answers(session) == 0


@pytest.mark.parametrize(
    ("scope", "reach"),
    [
        (Scope.CITY, {}),
        (Scope.UNIT, {"unit": "WH-DHGX"}),
        (Scope.STATION, {"institution_code": "4142010486"}),
    ],
)
def test_an_officer_calls_those_in_reach_and_the_look_is_logged(session, visitor, found, scope, reach):
    client, graduate = visitor(make_officer(session, scope, **reach).user), found.placement.graduate
    user = graduate.user
    address = f"/officer/follow-ups/{found.id}"
    page = client.get("/officer/follow-ups/due").text
    assert address in page
    assert user.name not in page
    assert user.email in client.get(address).text
    looks = select(AuditEntry).where(AuditEntry.action == "follow_up_opened")
    assert session.scalars(looks).one().graduate_id == graduate.id
    assert client.post(address, data=LEFT).status_code == 302
    assert session.get_one(FollowUp, found.id).reason == "pay"


def test_an_auditor_reads_the_rates_and_calls_nobody(session, visitor, found):
    client = visitor(make_officer(session, Scope.AUDITOR).user)
    assert client.get("/officer/follow-ups").status_code == 200
    assert "/officer/follow-ups/due" not in client.get("/officer/follow-ups").text
    assert client.get("/officer/follow-ups/due").status_code == 403


def test_rates_are_shown_with_their_bounds_curve_and_reasons(session, visitor, found):
    client = visitor(make_officer(session).user)
    nothing_yet = client.get("/officer/follow-ups").text
    assert "还没有结束的回访" in nothing_yet
    assert "python -m scripts follow-ups run" in nothing_yet
    token = deeds.link_token(found.id, secret=DEVELOPMENT_SECRET)
    said = {"left_on": today(), "reason": "housing", "result": Result.LEFT, "at": now()}
    deeds.answer_by_link(session, token=token, secret=DEVELOPMENT_SECRET, **said)
    deeds.rebuild_totals(session, on=found.closes_on + timedelta(days=1), at=now())
    page = client.get("/officer/follow-ups").text
    for expected in ("住房和生活成本", "95% 置信区间", "Kaplan-Meier", 'role="img"', "0.0%"):
        assert expected in page
    found.result, found.source, found.reason, found.observed_months = Result.UNKNOWN, None, None, None
    deeds.rebuild_totals(session, on=found.closes_on + timedelta(days=1), at=now())
    page = client.get("/officer/follow-ups").text
    assert "知晓率不足" in page
    for by in ("unit", "cohort_month"):
        shown = client.get(f"/officer/follow-ups/by/{by}?months=6")
        assert shown.status_code == 200
        assert "知晓率不足" in shown.text
    assert client.get("/officer/follow-ups/by/unit?months=7").status_code == 404
    assert client.get("/officer/follow-ups/by/name?months=6").status_code == 404
    for odd in ("?period=zzz", "?unit=zzz", "?page=-1"):
        assert client.get(f"/officer/follow-ups{odd}").status_code == 200
    assert client.get("/officer/follow-ups?format=csv").mimetype == "text/csv"


def test_an_audit_from_its_order_to_its_error_rate(session, visitor, found):
    auditor = visitor(make_officer(session, Scope.AUDITOR).user)
    city = visitor(make_officer(session).user)
    order = {"period": "P15", "size": "20", "unit": ""}
    assert city.post("/officer/audits/new", data=order).status_code == 403
    for size in ("19", "2001", "x", ""):
        assert auditor.post("/officer/audits/new", data=order | {"size": size}).status_code == 200
    assert session.scalar(select(func.count()).select_from(AuditSample)) == 0
    response = auditor.post("/officer/audits/new", data=order)
    page = auditor.get(response.headers["Location"]).text
    sample = session.scalars(select(AuditSample)).one()
    assert commitment(sample.secret) in page
    assert sample.secret not in page, "before the draw only its digest is shown"
    later = now() + timedelta(days=1)
    publish_head(session, day=today(), at=later)
    draw_waiting(session, at=later)
    item = session.scalars(select(AuditItem)).one()
    assert sample.secret in city.get(f"/officer/audits/{sample.id}").text
    address = f"/officer/audits/items/{item.id}"
    assert city.get(address).status_code == 403
    assert auditor.post(address, data={"finding": "wrong"}).status_code == 200
    wrong = {"finding": "wrong", "cause": "R1", "note": "合同系伪造"}
    assert auditor.post(address, data=wrong).status_code == 302
    assert "已登记" in auditor.get(address).text
    page = city.get(f"/officer/audits/{sample.id}").text
    assert "100.00% 至 100.00%" in page
    assert "已完成" in city.get("/officer/audits").text
    unit = visitor(make_officer(session, Scope.UNIT, unit="WH-DHGX").user)
    assert unit.get("/officer/audits").status_code == 403
