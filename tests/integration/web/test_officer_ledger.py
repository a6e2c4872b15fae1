"""Officers' pages of the ledger: walks over it, months, corrections; and the public heads."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.counted import make_counted, make_verified_graduate
from tests.factories import NOW, make_officer, make_period
from webapp.clock import now, today
from webapp.domain import programme
from webapp.domain.dates import month_of
from webapp.domain.heads import heads_in
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Scope
from webapp.models import ClosedMonth, LedgerCorrection, LedgerEntry, Placement, PublishedHead
from webapp.officers import ledger as pages
from webapp.queries.ledger import head_now
from webapp.services.closing import close_month, keep_check, publish_head, yesterday
from webapp.services.ledger import verify_chain

FOLLOWS = "RS-FOLLOWS"


@pytest.fixture
def city(session, visitor):
    return visitor(make_officer(session).user)


@pytest.fixture
def follows(monkeypatch):
    usual = programme.rulesets()["RS-2026.1"]
    monkeypatch.setitem(
        programme.rulesets(), FOLLOWS, dataclasses.replace(usual, id=FOLLOWS, follow_move=True)
    )


def without_triggers(session) -> None:
    """Take the ledger's guards away, as somebody with the database's password could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER USER"))
        return
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")
    for name in session.scalars(guards).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def walk(session) -> None:
    """Walk the ledger as the worker does."""
    keep_check(session, head=head_now(session), problems=verify_chain(session), at=NOW)


def test_the_page_says_what_the_last_walk_found_and_names_the_row(session, city):
    make_period(session)
    make_counted(session)
    assert "还没有核对过" in city.get("/officer/ledger").text
    walk(session)
    assert "每一行都与哈希相符" in city.get("/officer/ledger").text
    session.commit()
    without_triggers(session)
    session.execute(text("UPDATE ledger_entry SET unit = '420106'"))
    session.expire_all()
    walk(session)
    page = city.get("/officer/ledger").text
    assert "第 1 行：内容与哈希不符" in page
    assert "账本之外：合计表" in page


def test_a_walk_is_asked_for_and_done_behind_the_page(session, city, monkeypatch):
    asked = []
    monkeypatch.setattr(pages, "check_ledger", asked.append)
    assert city.post("/officer/ledger/verify").status_code == 302
    assert len(asked) == 1


def test_a_walk_that_cannot_be_asked_for_is_said(city, monkeypatch):
    def refuse(_asked_by_id: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(pages, "check_ledger", refuse)
    assert "核对没有开始" in city.post("/officer/ledger/verify", follow_redirects=True).text


def test_the_ledger_is_paged_without_counting_it(session, city, monkeypatch):
    monkeypatch.setattr(pages, "SIZE", 2)
    make_period(session)
    for _ in range(5):
        make_counted(session)
    first, last = (city.get(f"/officer/ledger?page={number}").text for number in (1, 9))
    hashes = session.scalars(select(LedgerEntry.hash).order_by(LedgerEntry.seq)).all()
    assert [f"{one[:12]}…" in first for one in hashes] == [False, False, False, True, True]
    assert [f"{one[:12]}…" in last for one in hashes] == [True, False, False, False, False]


def test_months_both_ways_and_closing_in_order(session, city):
    make_period(session)
    make_counted(session)
    make_counted(session, started_on=NOW.date().replace(month=5))
    page = city.get("/officer/ledger/months").text
    assert "未结账" in page
    rows = city.get("/officer/ledger/months?format=csv").text.splitlines()
    assert [line.split(",")[1:4] for line in rows[1:]] == [["1", "0", "0"], ["1", "2", "2"], ["2", "2", "2"]]
    month = month_of(NOW.date())
    assert city.get("/officer/ledger/months/2026-05/close").status_code == 404
    assert "不能撤回" in city.get(f"/officer/ledger/months/{month}/close").text
    assert city.post(f"/officer/ledger/months/{month}/close", data={}).status_code == 302
    assert session.get(ClosedMonth, month).totals == {"P15": {"WH-DHGX": 2}}
    assert "已结账" in city.get("/officer/ledger/months").text


def test_the_month_that_runs_is_not_closed_from_the_page(session, city):
    make_period(session)
    close_month(session, month=month_of(today().replace(day=1) - timedelta(days=1)), at=now())
    assert city.get(f"/officer/ledger/months/{month_of(today())}/close").status_code == 404


@pytest.mark.parametrize("scope", [Scope.UNIT, Scope.STATION, Scope.AUDITOR])
def test_who_may_close_and_who_may_read(session, visitor, scope):
    make_period(session)
    reach = {Scope.UNIT: {"unit": "420106"}, Scope.STATION: {"institution_code": "4142010497"}}
    client = visitor(make_officer(session, scope, **reach.get(scope, {})).user)
    reads = 200 if scope is Scope.AUDITOR else 403
    assert client.get("/officer/ledger/months").status_code == reads
    assert client.get("/officer/ledger/months/2026-05/close").status_code == 403
    assert client.get("/officer/graduates/1/same-person").status_code == 403
    decides = 200 if scope is Scope.UNIT else 403
    assert client.get("/officer/corrections").status_code == decides


@pytest.mark.usefixtures("follows")
def test_a_move_is_asked_by_one_officer_and_done_by_another(session, city, visitor):
    make_period(session, ruleset_id=FOLLOWS)
    claim = make_counted(session)
    address = f"/officer/placements/{claim.id}"
    assert f"{address}/move" in city.get(address).text
    form = {"district": "420106", "moved_on": "2026-06-10", "reason": "单位搬迁"}
    assert "请选择" in city.post(f"{address}/move", data=form | {"district": ""}).text
    city.post(f"{address}/move", data=form)
    asked = session.scalars(select(LedgerCorrection)).one()
    own = city.get(f"/officer/corrections/{asked.id}").text
    assert "须由另一名核验人确认" in own
    assert "确认办理" not in own
    assert "另一名核验人" in city.post(f"/officer/corrections/{asked.id}", data={"verdict": "do"}).text
    second = visitor(make_officer(session).user)
    assert "新单位加一" in second.get(f"/officer/corrections/{asked.id}").text
    second.post(f"/officer/corrections/{asked.id}", data={"verdict": "do"})
    assert session.get(Placement, claim.id).unit == "420106"
    assert "已办理" in second.get("/officer/corrections").text
    elsewhere = visitor(make_officer(session, Scope.UNIT, unit="420103").user)
    assert elsewhere.get(f"/officer/corrections/{asked.id}").status_code == 404


def test_an_account_under_another_name_is_joined_by_its_number(session, city):
    make_period(session)
    stays, other = (make_verified_graduate(session, name=name) for name in ("王小明", "WANG XIAOMING"))
    address = f"/officer/graduates/{stays.id}/same-person"
    assert "没有发现" in city.get(address).text
    city.post(address, data={"reason": "护照与身份证为同一人", "other": other.id, "join": ""})
    asked = session.scalars(select(LedgerCorrection)).one()
    assert (asked.person_key, asked.joined_to) == (other.person_key, stays.person_key)
    assert "没有这个编号" in city.post(address, data={"reason": "x", "other": 10**12}).text


def test_accounts_that_may_be_one_human_are_joined_and_separated(session, city, visitor):
    make_period(session)
    first, second = (make_counted(session, graduate=make_verified_graduate(session)) for _ in range(2))
    address = f"/officer/graduates/{first.graduate_id}/same-person"
    assert str(second.graduate_id) in city.get(address).text
    city.post(address, data={"reason": "证件原件核对为同一人", "join": second.graduate_id})
    asked = session.scalars(select(LedgerCorrection)).one()
    other = visitor(make_officer(session).user)
    assert "算一个人" in other.get(f"/officer/corrections/{asked.id}").text
    other.post(f"/officer/corrections/{asked.id}", data={"verdict": "do"})
    assert session.get(Placement, second.id).state is ClaimState.REVERSED
    page = city.get(address).text
    assert "提出撤销合并" in page
    city.post(address, data={"reason": "核对有误", "separate": asked.seq})
    void = session.scalars(select(LedgerCorrection).order_by(LedgerCorrection.id.desc())).first()
    assert "又算两个人" in other.get(f"/officer/corrections/{void.id}").text
    other.post(f"/officer/corrections/{void.id}", data={"verdict": "drop"})
    assert "已撤下" in other.get("/officer/corrections").text
    assert verify_chain(session) == []
    assert city.get("/officer/graduates/999999/same-person").status_code == 404


def test_anybody_may_keep_the_published_heads(session, client):
    make_period(session)
    make_counted(session)
    assert "还没有公布过" in client.get("/ledger").text
    publish_head(session, day=yesterday(now()), at=now())
    head = session.scalars(select(PublishedHead)).one()
    assert head.hash in client.get("/ledger").text
    (kept,) = heads_in(client.get("/ledger/heads.txt").text.splitlines())
    assert kept == (head.day.isoformat(), 1, head.hash)
