"""The match pages: how well it fits and why, what could be learnt, and lists a person can trust."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_employer, make_graduate, make_member, make_posting, make_resume

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
    lifts = re.findall(r"补上“.+?”，合适度约 (\d+)% → (\d+)%", page.get_text())
    assert 1 <= len(lifts) <= 2
    assert all(int(now) < int(then) for now, then in lifts)


def test_an_employer_reads_the_same_reasons_and_both_texts(visitor, session, nurse, posting):
    nurse.searchable = True
    member = make_member(session, posting.employer)
    page = soup(visitor(member.user).get(f"/employer/postings/{posting.id}/candidates/{nurse.id}"))
    reasons = {item.get_text(strip=True) for item in page.select(".reasons .fits")}
    graduate = soup(visitor(nurse.user).get(f"/graduate/postings/{posting.id}"))
    for sentence in ("具备所需技能：静脉输液", "具备所需技能：护理文书"):
        assert sentence in reasons
        assert sentence in graduate.get_text()
    assert "合适度约" in page.select_one(".meets").get_text()
    assert {"静脉输液"} <= {mark.get_text() for mark in page.select("details mark")}


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

    def lists():
        pages = [soup(visitor(one.user).get(address)) for one in (nurse, coder)]
        for token in (field for page in pages for field in page.select("input[name=csrf_token]")):
            token.decompose()
        return ["".join(map(str, page.select("ul.cards"))).encode() for page in pages]

    before = lists()
    assert before[0] != before[1]
    for one in (nurse, coder):
        visitor(one.user).post("/graduate/privacy/personalised", data={"on": 0})
    after = lists()
    assert after[0] == after[1]
    assert "合适度" not in after[0].decode()
    for one in (nurse, coder):
        visitor(one.user).post("/graduate/privacy/personalised", data={"on": 1})
    assert lists() == before
