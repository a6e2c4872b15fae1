"""The match pages: how well it fits and why, what could be learnt, and lists a person can trust."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_employer, make_graduate, make_member, make_posting, make_resume
from webapp.domain.degrees import Degree

NURSE = {
    "title": "病区护士",
    "duties": "承担病区基础护理、静脉输液和生命体征监测，书写护理文书，参与急救配合和健康宣教。",
    "requirements": "护理专业，会静脉输液；持护士执业资格证；熟悉护理文书；须会静脉采血、心肺复苏和心电图。",
    "skills": ["静脉输液", "护理文书"],
    "majors": ["护理学"],
    "degree_min": None,
    "valid_until_on": None,
}
NURSE_TEXT = (
    "护理学专业，在综合医院实习十个月，轮转内科病区和急诊。\n"
    "独立完成静脉输液三百余次，监测生命体征，书写护理文书，参加健康宣教。\n通过护士执业资格考试。"
)


@pytest.fixture
def nurse(session):
    graduate = make_graduate(session, major_name="护理学", wanted=["护士"], kinds=["job"])
    make_resume(session, graduate, text=NURSE_TEXT, redacted_text=NURSE_TEXT, skills=[])
    return graduate


@pytest.fixture
def posting(session):
    return make_posting(session, **NURSE)


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def listed(page):
    return [link["href"] for link in page.select("ul.cards h2 a")]


def test_how_well_it_fits_stands_beside_what_is_met_and_is_explained_once(visitor, nurse, posting):
    page = soup(visitor(nurse.user).get("/graduate/matches"))
    headline = page.select_one(".meets").get_text()
    assert re.fullmatch(r"满足 \d+/\d+ 项要求 · 合适度约 \d+%", headline.strip())
    assert page.get_text().count("大约每 10 对有 8 对被认为值得投递") == 1


def test_what_is_far_from_the_resume_stands_below_a_divider(visitor, session, nurse, posting):
    far = make_posting(session, valid_until_on=None)
    page = soup(visitor(nurse.user).get("/graduate/matches"))
    near_list, far_list = page.select("ul.cards")
    assert f"/graduate/postings/{posting.id}" in str(near_list)
    assert f"/graduate/postings/{far.id}" in str(far_list)
    assert "关系不大" in far_list.find_previous_sibling("p").get_text()


def test_what_was_asked_for_in_words_is_not_called_far(visitor, session, nurse):
    make_posting(session, valid_until_on=None)
    page = soup(visitor(nurse.user).get("/graduate/matches?q=Python 开发"))
    assert "关系不大" not in page.get_text()
    assert listed(page)


def test_the_first_page_proposes_only_what_is_near_and_of_a_wished_kind(visitor, session, nurse, posting):
    make_posting(session, valid_until_on=None)
    make_posting(session, **{**NURSE, "kind": "internship", "title": "护士实习生"})
    page = soup(visitor(nurse.user).get("/graduate/"))
    proposed = {link["href"] for link in page.select("a[href^='/graduate/postings/']")}
    assert proposed == {f"/graduate/postings/{posting.id}"}


def test_a_posting_page_cites_both_texts(visitor, nurse, posting):
    page = soup(visitor(nurse.user).get(f"/graduate/postings/{posting.id}"))
    marked = {mark.get_text() for mark in page.select("mark")}
    assert {"静脉输液", "护理文书"} <= marked
    own = next(one for one in page.select("details") if "我的简历里" in one.summary.text).select("mark")
    assert {mark.get_text() for mark in own} & {"静脉输液", "护理文书"}


def test_a_posting_page_says_what_could_be_added(visitor, session, posting):
    graduate = make_graduate(session, major_name="护理学", wanted=["护士"], kinds=["job"])
    text = "护理学专业，在社区卫生服务中心实习，参加健康宣教。"
    make_resume(session, graduate, text=text, redacted_text=text, skills=[])
    page = soup(visitor(graduate.user).get(f"/graduate/postings/{posting.id}"))
    lifts = re.findall(r"如果你会“.+?”，请写进简历：合适度约 (\d+)% → (\d+)%", page.get_text())
    assert 1 <= len(lifts) <= 2
    assert all(int(now) < int(then) for now, then in lifts)


def test_an_employer_reads_the_same_reasons_and_both_texts(visitor, session, nurse, posting):
    nurse.searchable = True
    user, member = nurse.user, make_member(session, posting.employer)
    page = soup(visitor(member.user).get(f"/employer/postings/{posting.id}/candidates/{nurse.id}"))
    reasons = {item.get_text(strip=True) for item in page.select(".reasons .fits")}
    graduate = soup(visitor(user).get(f"/graduate/postings/{posting.id}"))
    for sentence in ("具备所需技能：静脉输液", "具备所需技能：护理文书"):
        assert sentence in reasons
        assert sentence in graduate.get_text()
    assert "合适度约" in page.select_one(".meets").get_text()
    assert {"静脉输液"} <= {mark.get_text() for mark in page.select("details mark")}


def test_my_degree_is_known_can_be_left_open_and_is_not_used_unasked(visitor, session, nurse, posting):
    nurse.degree = Degree.BACHELOR
    more = make_posting(session, **{**NURSE, "degree_min": Degree.MASTER, "title": "专科护士"})
    client = visitor(nurse.user)
    for query, off, chosen, shown in (
        ("", False, "bachelor", False),
        ("?q=护士", False, "bachelor", False),
        ("?degree=", False, "", True),
        ("?degree=master", False, "master", True),
        ("", True, "", True),
    ):
        nurse.personalised = not off
        session.commit()
        page = soup(client.get(f"/graduate/matches{query}"))
        option = page.select_one("#degree option[selected]")
        assert (option["value"] if option else "") == chosen
        assert (f"/graduate/postings/{more.id}" in listed(page)) is shown
        assert f"/graduate/postings/{posting.id}" in listed(page)


def test_one_employer_does_not_fill_the_first_page(visitor, session, nurse):
    greedy, other = make_employer(session), make_employer(session)
    own = [make_posting(session, greedy, **NURSE) for _ in range(5)]
    theirs = make_posting(session, other, **NURSE)
    page = soup(visitor(nurse.user).get("/graduate/matches"))
    first = listed(page)[:4]
    assert f"/graduate/postings/{theirs.id}" in first
    assert len(listed(page)) == len(own) + 1


@pytest.mark.parametrize(
    "address", ["/graduate/matches", "/graduate/matches?q=护士", "/graduate/matches?kind=job"]
)
def test_with_personalisation_off_two_people_read_the_same_bytes_from_the_next_request(
    visitor, session, nurse, posting, address
):
    for _ in range(3):
        make_posting(session, valid_until_on=None)
    coder = make_graduate(session, wanted=["Python 开发工程师"])
    make_resume(session, coder)
    people = nurse.user, coder.user

    def lists():
        pages = [soup(visitor(user).get(address)) for user in people]
        for token in (field for page in pages for field in page.select("input[name=csrf_token]")):
            token.decompose()
        return ["".join(map(str, page.select("ul.cards"))).encode() for page in pages]

    before = lists()
    assert before[0] != before[1]
    for user in people:
        visitor(user).post("/graduate/privacy/personalised", data={"on": 0})
    after = lists()
    assert after[0] == after[1]
    assert "合适度" not in after[0].decode()
    for user in people:
        visitor(user).post("/graduate/privacy/personalised", data={"on": 1})
    assert lists() == before


def test_reasons_in_full_do_not_repeat_the_card(visitor, session, posting):
    graduate = make_graduate(session, major_name="护理学", wanted=["护士"], kinds=["job"])
    make_resume(session, graduate, text="参加健康宣教。", redacted_text="参加健康宣教。", skills=[])
    card = soup(visitor(graduate.user).get("/graduate/matches")).select_one(".card-open")
    assert "为什么不是更高" in card.get_text()
    lines = [item.get_text() for item in card.select("ul.reasons li")]
    assert len(lines) == len(set(lines)) >= 3
    assert "还缺：" not in card.get_text()


def test_candidates_far_from_the_posting_stand_below_a_divider(visitor, session, nurse, posting):
    far = make_graduate(session, wanted=["Python 开发工程师"], searchable=True)
    text = "用 Python 和 SQL 写后端接口。"
    make_resume(session, far, text=text, redacted_text=text, skills=["Python"])
    nurse.searchable = True
    address = f"/employer/postings/{posting.id}/candidates"
    page = soup(visitor(make_member(session, posting.employer).user).get(address))
    near_list, far_list = page.select("ol.cards")
    assert f"{address}/{nurse.id}" in str(near_list)
    assert f"{address}/{far.id}" in str(far_list)
    assert "关系不大" in far_list.find_previous_sibling("p").get_text()


@pytest.mark.parametrize(("ticked", "said"), [(2, False), (3, True)])
def test_of_three_ticked_candidates_two_are_compared_and_it_is_said(visitor, session, posting, ticked, said):
    people = [make_graduate(session, searchable=True) for _ in range(ticked)]
    for one in people:
        make_resume(session, one)
    who = "&".join(f"who={one.id}" for one in people)
    client = visitor(make_member(session, posting.employer).user)
    page = soup(client.get(f"/employer/postings/{posting.id}/compare?{who}"))
    assert len(page.select("thead th")) == 2
    assert ("只能比较两位" in page.get_text()) == said


@pytest.mark.parametrize(
    "address", ["/graduate/matches?q=护士", "/postings?q=护士", "/employer/postings/{}/candidates?degree="]
)
def test_a_page_beyond_the_end_says_so_and_leads_back(visitor, session, nurse, posting, address):
    nurse.searchable = True
    user = make_member(session, posting.employer).user if "employer" in address else nurse.user
    address = address.format(posting.id)
    page = soup(visitor(user).get(f"{address}&page=99999"))
    assert "列表没有第 10,000 页" in page.get_text()
    back = soup(visitor(user).get(page.select_one(".empty a")["href"]))
    assert back.select(".card-open")


def test_a_question_nobody_answers_in_words_says_so(visitor, nurse, posting):
    client = visitor(nurse.user)
    for words, said in (("zzqq", True), ("静脉输液", False), ("武昌", False), ("", False)):
        page = client.get("/graduate/matches", query_string={"q": words}).text
        assert posting.title in page
        assert ("没有岗位提到" in page) is said
