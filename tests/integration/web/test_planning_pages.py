"""Indicators, figures, targets and the planner, as officers meet them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import NOW, TODAY, make_officer
from webapp.domain.roles import Scope
from webapp.models import ReportedFigure, Target
from webapp.queries.planner import summed_up
from webapp.services.planner import keep_sums
from webapp.services.programme import load_programme

FORM = {
    "unit": "city",
    "kind": "cumulative",
    "month": "2025-12",
    "value": "10.7",
    "document": "演示公报〔2026〕1号",
}
CERTIFICATES = "/officer/indicators/P14/certificates"


@pytest.fixture(autouse=True)
def _programme(session) -> None:
    load_programme(session, at=NOW)


@pytest.fixture
def city(session, visitor):
    return visitor(make_officer(session).user)


def test_all_indicators_are_shown_by_the_parts_of_the_plan(city) -> None:
    page = city.get("/officer/indicators?period=P14").text
    for words in ("规划主要指标（专栏1）", "学子留汉工程", "启航计划与实习见习", "≥ 150 万人", "&lt; 5%"):
        assert words in page
    assert page.count("数据不足，无法判断") > 8
    assert "未达预期</span>" not in page


def test_targets_below_their_baseline_are_never_called_a_reduction(city) -> None:
    page = city.get("/officer/indicators/P14/migrant_training").text
    assert "下限任务数，不是压减任务" in page
    for words in ("降至", "降到", "减少到"):
        assert words not in page


def test_a_figure_goes_through_two_officers_and_is_listed_with_its_restatement(
    session, city, visitor
) -> None:
    assert "已登记，等另一名" in city.post(f"{CERTIFICATES}/new", data=FORM, follow_redirects=True).text
    figure = session.scalars(select(ReportedFigure).where(ReportedFigure.month == "2025-12")).one()
    assert figure.value == 107_000, "entered in the plan's unit, kept in ones"
    own = city.get(f"/officer/figures/{figure.id}").text
    assert "请由另一名工作人员复核" in own
    assert 'value="approve"' not in own
    assert "不能由您复核" in city.post(f"/officer/figures/{figure.id}", data={"verdict": "approve"}).text
    second = visitor(make_officer(session).user)
    assert "等待复核的数" in second.get("/officer/indicators?period=P14").text
    page = second.post(
        f"/officer/figures/{figure.id}", data={"verdict": "approve"}, follow_redirects=True
    ).text
    assert "已达预期" in page
    assert "10.7 万人" in page
    changed = FORM | {"value": "10.5"}
    assert "请写明原因" in city.post(f"{CERTIFICATES}/new", data=changed).text
    city.post(f"{CERTIFICATES}/new", data=changed | {"reason": "核减重复"})
    number = session.scalars(select(ReportedFigure.id).where(ReportedFigure.revision == 2)).one()
    page = second.post(f"/officer/figures/{number}", data={"verdict": "approve"}, follow_redirects=True).text
    for words in ("未达预期", "10.7 万人", "10.5 万人", "核减重复"):
        assert words in page


def test_a_refused_figure_stays_listed_and_proves_nothing(session, city, visitor) -> None:
    city.post(f"{CERTIFICATES}/new", data=FORM)
    number = session.scalars(select(ReportedFigure.id).where(ReportedFigure.month == "2025-12")).one()
    second = visitor(make_officer(session).user)
    page = second.post(f"/officer/figures/{number}", data={"verdict": "refuse"}, follow_redirects=True).text
    assert "未通过复核" in page
    assert "没有经复核的数" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"month": "2025年底"}, "请写成 2025-12 的样子"),
        ({"month": "2026-02"}, "不在这个时期已经过去的月份内"),
        ({"value": "-1"}, "至少"),
        ({"document": ""}, "这一项不能空着"),
        ({"kind": "level"}, None),
        ({"unit": "420199"}, None),
    ],
)
def test_what_the_form_refuses(session, city, changes: dict[str, str], words: str | None) -> None:
    page = city.post(f"{CERTIFICATES}/new", data=FORM | changes).text
    assert session.scalars(select(ReportedFigure).where(ReportedFigure.month.is_not(None))).all() == []
    if words:
        assert words in page or "error-summary" in page


def test_a_rate_shows_last_mean_and_highest_with_the_months_in_breach(session, city, visitor) -> None:
    path = "/officer/indicators/P14/registered_unemployment"
    second = visitor(make_officer(session).user)
    for month, value in (("2025-10", "4.8"), ("2025-11", "5.2"), ("2025-12", "5")):
        form = FORM | {"kind": "level", "month": month, "value": value}
        city.post(f"{path}/new", data=form)
        number = session.scalars(select(ReportedFigure.id).where(ReportedFigure.month == month)).one()
        second.post(f"/officer/figures/{number}", data={"verdict": "approve"})
    page = city.get(path).text
    for words in ("恰为目标值，请留意", "5.2%", "2025年11月", "水平值不作预测"):
        assert words in page
    assert "<svg" in page


def test_a_part_is_shown_as_a_share_of_its_whole_of_the_same_time(session, city, visitor) -> None:
    second = visitor(make_officer(session).user)
    for name, value in (("certificates", "20"), ("senior_certificates", "5")):
        city.post(f"/officer/indicators/P14/{name}/new", data=FORM | {"value": value})
        waiting = select(ReportedFigure.id).where(ReportedFigure.indicator == name)
        second.post(f"/officer/figures/{session.scalars(waiting).one()}", data={"verdict": "approve"})
    page = city.get("/officer/indicators/P14/senior_certificates").text
    assert "新增取得职业资格证书或职业技能等级证书人数”的子集" in page
    assert "占它的 25.0%" in page
    assert "占它的" not in city.get("/officer/indicators/P14/qihang").text


def test_a_units_figures_stand_by_themselves(session, city, visitor) -> None:
    path = "/officer/indicators/P14/urban_new_jobs"
    mine = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    form = {"kind": "yearly", "month": "2024-12", "value": "2.1", "document": "演示文件〔2025〕8号"}
    mine.post(f"{path}/new", data=form | {"unit": "420106"})
    mine.post(f"{path}/new", data=form | {"unit": "city"})
    figures = session.scalars(select(ReportedFigure).where(ReportedFigure.month == "2024-12")).all()
    assert [(one.unit, one.value) for one in figures] == [("420106", 21_000)]
    city.post(f"/officer/figures/{figures[0].id}", data={"verdict": "approve"})
    assert "演示文件〔2025〕8号" in city.get(f"{path}?unit=420106").text
    page = city.get(path).text
    assert "演示文件〔2025〕8号" not in page
    assert "没有经复核的数" in page, "a unit's figure says nothing of the city"
    other = visitor(make_officer(session, Scope.UNIT, unit="420111").user)
    assert other.get(f"/officer/figures/{figures[0].id}").status_code == 404


def test_both_readings_of_an_ambiguous_sentence_are_shown(city) -> None:
    page = city.get("/officer/indicators/P14/posts").text
    assert "按“每年”来读" in page
    assert "全期累计" in page


def test_figures_of_the_press_are_named_unverified(city) -> None:
    page = city.get("/officer/indicators/P14/retained").text
    assert "未核实的外部数字" in page
    assert "96.8 万人" in page


def test_targets_of_units_and_years_are_empty_until_a_document_sets_them(session, city, visitor) -> None:
    page = city.get("/officer/targets/P15/retained").text
    assert page.count("目标待录入") > 16
    form = {"value": "30000", "document": "演示文件〔2026〕3号"}
    city.post("/officer/targets/P15/retained/420106/2027", data=form)
    row = session.scalars(select(Target).where(Target.unit == "420106")).one()
    assert (row.year, row.value, row.name) == (2027, Decimal(30_000), "高校毕业生留汉就业创业")
    assert "≥ 30,000" in city.get("/officer/targets/P15/retained").text
    assert city.get("/officer/targets/P15/retained/420199/0").status_code == 200
    assert "没有找到" in city.post("/officer/targets/P15/retained/420199/0", data=form).text
    unit = visitor(make_officer(session, Scope.UNIT, unit="420106").user)
    assert unit.get("/officer/targets/P15/retained").status_code == 200
    assert unit.post("/officer/targets/P15/retained/420106/2028", data=form).status_code == 403


def people(session) -> None:
    grown = {"graduation_on": date(2026, 6, 10)}
    for school in ("4142010486", "4142010486", "4142010487"):
        one = make_verified_graduate(session, institution_code=school, **grown)
        make_claim(session, graduate=one, unit="420106", district="420106")
    make_counted(session, graduate=make_verified_graduate(session, **grown))
    make_verified_graduate(session, **grown)
    keep_sums(session, summed_up(session, on=TODAY), at=NOW)


def test_the_planner_says_what_each_measure_adds_and_what_a_scenario_changes(session, city) -> None:
    people(session)
    page = city.get("/officer/planner?period=P15").text
    for words in ("核验积压的申报", "怎么算", "数据不足", "目标待录入", "如果这样做"):
        assert words in page
    assert "测算结果" not in page
    page = city.get("/officer/planner?period=P15&verify=100&keep=200&onboard=x&by=institution").text
    assert "测算结果" in page
    assert "已计入会变成" in page
    assert "请填 0 至 100 之间的整数" in page
    table = city.get("/officer/planner?period=P15&by=institution&format=csv").text
    assert "武汉大学" in table
    assert table.strip().splitlines()[0].count(",") == 8


def test_before_the_first_night_the_planner_says_so(city) -> None:
    assert "python -m scripts planner run" in city.get("/officer/planner?period=P15").text


def test_a_closed_period_has_nothing_to_plan(city) -> None:
    assert "没有措施可选" in city.get("/officer/planner?period=P14").text


@pytest.mark.parametrize(
    ("scope", "reach", "waiting"),
    [
        (Scope.CITY, {}, 3),
        (Scope.UNIT, {"unit": "420106"}, 3),
        (Scope.UNIT, {"unit": "420111"}, 0),
        (Scope.STATION, {"institution_code": "4142010487"}, 1),
        (Scope.AUDITOR, {}, 3),
    ],
)
def test_an_officer_plans_with_what_lies_in_reach(
    session, visitor, scope: Scope, reach: dict[str, str], waiting: int
) -> None:
    people(session)
    page = visitor(make_officer(session, scope, **reach).user).get("/officer/planner?period=P15").text
    assert f'data-label="最多增加（人）" class="num">{waiting}</td>' in page
    if scope in {Scope.UNIT, Scope.STATION}:
        assert "填报单位</label>" not in page


def test_the_pages_are_said_in_english_too(session, visitor) -> None:
    people(session)
    officer = make_officer(session)
    officer.user.language = "en"
    reader = visitor(officer.user)
    for path, words in {
        "/officer/indicators?period=P14": "Not enough data to tell",
        "/officer/planner?period=P15&verify=50": "Verify the waiting claims",
        CERTIFICATES: "minimum to reach, not a cut",
        f"{CERTIFICATES}/new": "tens of thousands",
        "/officer/targets/P15/retained": "Targets by unit and year",
    }.items():
        page = reader.get(path).text
        assert words in page
        assert "数据不足" not in page
