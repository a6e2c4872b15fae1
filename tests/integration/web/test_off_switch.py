"""Personalisation off: from the next request everybody gets the same list, byte for byte."""

import re

import pytest

from tests.factories import make_employer, make_graduate, make_posting, make_resume


@pytest.fixture
def people(session):
    """A nurse with a resume, an accountant with another, and somebody without any."""
    employer = make_employer(session)
    for title in ("会计", "护士", "Python 开发工程师", "助教", "出纳", "康复护士"):
        make_posting(session, employer, title=title, duties=f"{title}的日常工作", valid_until_on=None)
    found = []
    for wish, text in (
        ("护士", "在病房轮转实习，会静脉输液"),
        ("会计", "在代账公司实习，会做账报税"),
        ("助教", ""),
    ):
        graduate = make_graduate(session, wanted=[wish], major_name="", districts=[], pay_min=None)
        if text:
            make_resume(session, graduate, text=text, redacted_text=text, skills=[])
        found.append(graduate)
    return found


def listed(client, query):
    page = client.get(f"/graduate/matches{query}")
    assert page.status_code == 200
    return "".join(re.findall(r'<ul class="cards">.*?</ul>\s*(?=<|$)', page.text, re.DOTALL))


@pytest.mark.parametrize("query", ["", "?q=工程师", "?kind=job&pay=3000"])
def test_lists_are_the_same_to_the_byte_from_the_next_request(visitor, people, query):
    clients = [visitor(graduate.user) for graduate in people]
    personal = [listed(client, query) for client in clients]
    assert len(set(personal)) > 1
    for client in clients:
        client.post("/graduate/privacy/personalised", data={"on": 0})
    alike = [listed(client, query) for client in clients]
    assert alike[0]
    assert alike[0] == alike[1] == alike[2]
    for client in clients:
        client.post("/graduate/privacy/personalised", data={"on": 1})
    assert [listed(client, query) for client in clients] == personal


def test_a_posting_is_not_compared_while_the_switch_is_off(visitor, session, people):
    graduate = people[0]
    nurse = make_posting(session, title="护士", duties="静脉输液", skills=["静脉输液"], valid_until_on=None)
    client, address = visitor(graduate.user), f"/graduate/postings/{nurse.id}"
    compared = client.get(address).text
    assert "<mark>静脉输液</mark>" in compared
    assert "个性化推荐已关闭" not in compared
    client.post("/graduate/privacy/personalised", data={"on": 0})
    page = client.get(address).text
    assert "个性化推荐已关闭" in page
    assert 'href="/graduate/privacy"' in page
    for told in ("<mark>", "合适度", "项要求", "看我的简历里哪些话对上了"):
        assert told not in page
    assert "静脉输液" in page
    assert 'id="apply"' in page
