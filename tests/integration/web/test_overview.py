"""The overview by scope: the city narrows it to a unit or a school, nobody else widens it."""

import pytest

from tests.counted import make_counted, make_verified_graduate
from tests.factories import NOW, make_officer, make_period
from webapp.domain.retention import EntryKind
from webapp.domain.roles import Scope
from webapp.models import LedgerCorrection
from webapp.queries.queues import MOST_WAITING, Waiting, waiting
from webapp.services.funnel import rebuild_funnel

SCHOOL, OTHER = "4142010486", "4142010497"
BIG = '">{}</a> <small>人'


@pytest.fixture
def counted(session):
    """Three people: two of one school in a zone, one of another school in a district."""
    make_period(session)
    for _ in range(2):
        make_counted(session, graduate=make_verified_graduate(session, institution_code=SCHOOL))
    other = make_verified_graduate(session, institution_code=OTHER)
    return make_counted(session, graduate=other, unit="420106", district="420106")


def page(visitor, session, address: str = "", scope: Scope = Scope.CITY, **reach: str) -> str:
    client = visitor(make_officer(session, scope, **reach).user)
    return client.get(f"/officer/{address}").text.replace("\n", "")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", (3, "全市")),
        ("?unit=420106", (1, "武昌区")),
        (f"?institution={SCHOOL}", (2, "武汉大学")),
        (f"?institution={OTHER}&unit=WH-DHGX", (0, "东湖新技术开发区 · 武汉理工大学")),
        ("?institution=0000&unit=xx", (3, "全市")),
    ],
)
def test_the_city_opens_the_view_of_any_unit_or_school(counted, visitor, session, address, expected):
    total, where = expected
    shown = page(visitor, session, address)
    assert f"<h1>总览：{where}</h1>" in shown
    assert BIG.format(total) in shown
    assert ("tile-map" in shown) is (where == "全市")


def test_links_of_a_narrowed_view_stay_narrow(counted, visitor, session):
    shown = page(visitor, session, f"?institution={SCHOOL}")
    assert f"/officer/retained?by=month&amp;period=P15&amp;definition=D1&amp;institution={SCHOOL}" in shown


@pytest.mark.parametrize("address", ["", "?unit=WH-DHGX", f"?institution={SCHOOL}"])
def test_no_address_shows_a_unit_or_station_more_than_its_own(counted, visitor, session, address):
    assert BIG.format(1) in page(visitor, session, address, Scope.UNIT, unit="420106")
    assert BIG.format(1) in page(visitor, session, address, Scope.STATION, institution_code=OTHER)


def test_the_funnel_says_that_it_waits_for_the_night_and_then_of_when_it_is(counted, visitor, session):
    assert "还没有汇总" in page(visitor, session)
    rebuild_funnel(session, at=NOW)
    assert "每天夜里汇总一次，这是 2026年6月15日 12:00 的数字" in page(visitor, session)
    assert "从注册到留下" not in page(visitor, session, "?unit=420106")


def test_the_queue_whose_oldest_item_is_oldest_comes_first_and_long_ones_are_cut(
    counted, visitor, session, monkeypatch
):
    asker = make_officer(session).user
    move = {"placement_id": counted.id, "district": "420102", "moved_on": NOW.date()}
    asked = {"reason": "搬迁", "asked_by_id": asker.id, "asked_at": NOW.replace(year=2025)}
    session.add(LedgerCorrection(kind=EntryKind.MOVE_OUT, **move, **asked))
    make_counted(session).state_since_at = NOW
    shown = page(visitor, session)
    assert "/officer/queue/corrections/next" in shown
    assert Waiting("x", MOST_WAITING + 1, NOW).more
    assert not Waiting("x", MOST_WAITING, NOW).more
    assert waiting(session, {}) == []
    own = visitor(asker).get("/officer/").text
    assert "/officer/queue/corrections/next" not in own


def test_pages_stand_in_groups_and_the_present_one_is_marked(counted, visitor, session):
    client = visitor(make_officer(session, Scope.STATION, institution_code=OTHER).user)
    shown = client.get("/officer/placements").text
    assert '<summary class="current">核验' in shown
    assert 'href="/officer/placements" aria-current="page"' in shown
    assert "审计日志" not in shown
