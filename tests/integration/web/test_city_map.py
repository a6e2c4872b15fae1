"""The map of the city: its figures add up, lead to their people, and hide small cells from the public."""

import re
from datetime import date

import pytest

from tests.counted import make_counted
from tests.factories import make_officer, make_period
from webapp.domain.roles import Scope


@pytest.fixture
def city(session, visitor):
    make_period(session)
    for unit, people in {"420106": 6, "WH-DHGX": 7, "420102": 2}.items():
        for _ in range(people):
            make_counted(session, unit=unit, district=unit)
    return visitor(make_officer(session).user)


def test_the_tiles_add_up_and_lead_to_their_people(city):
    page = city.get("/officer/map").text
    figures = [int(figure) for figure in re.findall(r'<text class="figure"[^>]*>(\d+)</text>', page)]
    assert len(figures) == 16
    assert sum(figures) == 15
    link = re.search(r'<a href="([^"]*of_unit=WH-DHGX[^"]*)" aria-label="东湖新技术开发区：7，46.7%"', page)
    assert link
    assert city.get(link[1].replace("&amp;", "&")).text.count("<tr>") == 8
    assert page.count('class="shade-4 zone"') == 1


def test_the_public_version_hides_small_cells_and_leads_nowhere(city):
    page = city.get("/officer/map?public=1").text
    figures = re.findall(r'<text class="figure"[^>]*>([^<]*)</text>', page)
    assert "＊" in figures
    assert "2" not in figures
    assert len({"6", "7"} & set(figures)) == 1, (
        "one of the others is hidden, or the total gives the small one"
    )
    assert "of_unit" not in page
    assert "of_unit" not in city.get("/officer/map?public=1&format=csv").text


def test_a_period_without_anybody_still_has_a_map(city, session):
    make_period(session, id="P16", start_on=date(2031, 1, 1), end_on=date(2035, 12, 31))
    assert city.get("/officer/map?period=P16").text.count('class="shade-0') == 17


@pytest.mark.parametrize("scope", [Scope.UNIT, Scope.STATION])
def test_one_unit_needs_no_map(session, visitor, city, scope):
    reach = {"unit": "420106"} if scope is Scope.UNIT else {"institution_code": "4142010497"}
    client = visitor(make_officer(session, scope, **reach).user)
    assert client.get("/officer/map").status_code == 403
    overview = client.get("/officer/").text
    assert "tile-map" not in overview
    assert "/officer/map" not in overview
