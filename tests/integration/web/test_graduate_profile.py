"""Profile, switches, identity, outcome, who has seen me, and leaving."""

import io
import json

import pytest
from sqlalchemy import func, select

from tests.factories import (
    NOW,
    make_application,
    make_employer,
    make_graduate,
    make_member,
    make_officer,
    make_posting,
    make_resume,
)
from webapp.domain.consent import Purpose
from webapp.domain.pipeline import Stage
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Role
from webapp.models import Evidence, Placement, StoredFile, User
from webapp.services import consents
from webapp.services.audit import record_look
from webapp.services.notifications import notify

NASTY = "<script>alert(1)</script>' OR 1=1 --"
IDENTITY = "420106200301010012"
PAGES = (
    "",
    "profile",
    "privacy",
    "privacy/erase",
    "resume",
    "resume/form",
    "matches",
    "applications",
    "invitations",
    "placements",
    "placements/new",
    "saved",
    "access-log",
)


@pytest.fixture
def graduate(session):
    return make_graduate(session)


@pytest.fixture
def client(visitor, graduate):
    return visitor(graduate.user)


def profile(**changes: object) -> dict[str, object]:
    return {
        "name": "王一",
        "institution": "武汉理工大学",
        "degree": "master",
        "major": "宇宙考古学",
        "graduation_on": "2026-06",
        "wanted": "数据分析师、报表开发",
        "kinds": ["job", "internship"],
        "districts": ["WH-DHGX"],
        "clusters": ["ai"],
        "pay_min": "6000",
        "start_on": "2026-07-01",
    } | changes


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_somebody_who_has_just_registered(client, session, graduate, page):
    graduate.institution_code = graduate.degree = graduate.graduation_on = graduate.major_name = None
    graduate.wanted, graduate.kinds = [], []
    answer = client.get(f"/graduate/{page}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_no_page_opens_for_anybody_else(visitor, session, page):
    assert visitor().get(f"/graduate/{page}").status_code == 302
    assert visitor(make_member(session).user).get(f"/graduate/{page}").status_code == 403


def test_a_profile_is_saved_and_shown_again(client, session, graduate):
    client.post("/graduate/profile", data=profile())
    session.expire_all()
    assert graduate.institution_code == "4142010497"
    assert graduate.wanted == ["数据分析师", "报表开发"]
    assert str(graduate.graduation_on) == "2026-06-30"
    page = client.get("/graduate/profile").text
    for typed in ("武汉理工大学", "宇宙考古学", "2026-06", "数据分析师、报表开发", "6000", "2026-07-01"):
        assert f'value="{typed}"' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"institution": "武汉理工"}, "武汉理工大学"),
        ({"institution": "霍格沃茨魔法学院"}, "没有找到"),
        ({"graduation_on": "去年"}, "年-月"),
        ({"pay_min": "-5"}, "0 到 1,000,000"),
        ({"pay_min": "很多"}, "pay_min-error"),
        ({"name": ""}, "请填写姓名"),
        ({"name": "领补贴 http://evil.cn/x"}, "不含数字和其他符号"),
        ({"kinds": ["king"]}, "kinds-error"),
        ({"start_on": "明天"}, "start_on-error"),
    ],
)
def test_a_refused_profile_changes_nothing_and_loses_nothing(client, session, graduate, changes, sentence):
    page = client.post("/graduate/profile", data=profile(major="甲骨文信息处理", **changes)).text
    assert sentence in page
    assert "甲骨文信息处理" in page
    session.expire_all()
    assert graduate.major_name == "软件工程"


def test_markup_in_a_profile_stays_text(client, session):
    client.post("/graduate/profile", data=profile(name=NASTY[:50], major=NASTY, wanted=NASTY))
    for page in PAGES:
        assert "<script>alert" not in client.get(f"/graduate/{page}").text, page


def test_the_switches_turn_and_turn_back(client, session, graduate):
    for wish in (False, True):
        client.post("/graduate/privacy/searchable", data={"on": int(wish)})
        client.post("/graduate/privacy/personalised", data={"on": int(wish)})
        session.expire_all()
        assert (graduate.searchable, graduate.personalised) == (wish, wish)


def test_without_personalisation_two_people_see_the_same(visitor, session):
    employer = make_employer(session)
    for title in ("会计", "Python 开发工程师", "护士"):
        make_posting(session, employer, title=title, valid_until_on=None)
    seen = []
    for wanted in ("护士", "会计"):
        graduate = make_graduate(session, wanted=[wanted], personalised=False)
        make_resume(session, graduate)
        page = visitor(graduate.user).get("/graduate/matches?q=开发").text
        assert "个性化推荐已关闭" in page
        seen.append([line for line in page.splitlines() if "/graduate/postings/" in line and "<h2>" in line])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 3


def test_a_posting_applied_to_is_marked_and_no_longer_proposed(client, session, graduate):
    make_resume(session, graduate)
    taken = make_posting(session, title="数据工程师", valid_until_on=None)
    make_posting(session, title="数据分析师", valid_until_on=None)
    make_application(session, graduate, taken)
    assert "已投递" in client.get("/graduate/matches").text
    best = client.get("/graduate/").text
    assert "数据分析师" in best
    assert f"/graduate/postings/{taken.id}" not in best


def test_before_a_resume_nobody_is_told_what_it_does_not_say(client, session):
    make_posting(session, title="数据工程师", skills=["Python"], valid_until_on=None)
    page = client.get("/graduate/matches").text
    assert "数据工程师" in page
    assert "未提到" not in page
    assert "项要求" not in page


def test_filters_stay_in_the_address_and_odd_values_ask_nothing(client, session):
    make_posting(session, title="光谷数据分析实习", kind="internship", valid_until_on=None)
    make_posting(session, title="江岸会计", district="420102", valid_until_on=None)
    page = client.get("/graduate/matches?kind=internship&district=WH-DHGX&degree=bachelor&pay=5000&since=")
    assert "光谷数据分析实习" in page.text
    assert "江岸会计" not in page.text
    odd = client.get(f"/graduate/matches?kind={NASTY}&pay=x&page=-4&since=9999&cluster=zz&q={NASTY}")
    assert odd.status_code == 200
    assert "<script>alert" not in odd.text
    assert client.get("/graduate/matches?page=99999999999").status_code == 200


def test_an_identity_number_is_never_kept_or_shown(client, session, graduate):
    sent = {"doc_type": "identity_card", "number": "420106200301010013", "consent": "y"}
    wrong = client.post("/graduate/privacy", data=sent)
    assert wrong.status_code == 200
    session.expire_all()
    assert graduate.person_key is None


def test_consents_are_listed_and_can_be_withdrawn_after_a_second_look(client, session, graduate):
    posting = make_posting(session)
    consent = consents.give(
        session,
        user_id=graduate.user_id,
        purpose=Purpose.SHARE_WITH_EMPLOYER,
        employer_id=posting.employer_id,
        at=NOW,
    )
    application = make_application(session, graduate, posting)
    address = f"/graduate/privacy/consents/{consent.id}/withdraw"
    assert posting.employer.name in client.get("/graduate/privacy").text
    assert "一并撤回" in client.get(address).text
    client.post(address)
    session.expire_all()
    assert consent.withdrawn_at
    assert application.stage is Stage.WITHDRAWN
    assert client.post(address).status_code == 404


def test_the_export_is_json_without_secrets(client, session, graduate):
    make_resume(session, graduate)
    make_application(session, graduate)
    notify(session, user_id=graduate.user_id, message="“%(title)s”有新进展。", at=NOW, title="会计")
    officer = make_officer(session).user
    look = {"graduate_id": graduate.id, "action": "graduate_opened", "on_behalf_of": "市就业中心"}
    record_look(session, by=officer, at=NOW, **look)
    answer = client.get("/graduate/privacy/export.json")
    content = json.loads(answer.text)
    assert content["profile"]["name"] == graduate.name
    assert content["profile"]["kinds"] == ["全职"]
    assert content["resumes"][0]["source"] == "粘贴文字"
    assert content["applications"][0]["stage"] == "已投递"
    assert content["notifications"][0]["message"] == "“会计”有新进展。"
    assert content["looks"][0]["action"] == "查看了你的资料"
    assert "password" not in answer.text


def test_leaving_asks_twice_and_ends_the_session(client, session, graduate):
    user = graduate.user
    assert "请先勾选" in client.post("/graduate/privacy/erase", data={}).text
    session.expire_all()
    assert user.is_active
    client.post("/graduate/privacy/erase", data={"sure": "y"})
    session.expire_all()
    assert not user.is_active
    assert client.get("/graduate/").status_code == 302


def test_who_looked_is_said_in_plain_words(client, session, graduate):
    member = make_member(session)
    for action, facts in (("application_opened", {"title": NASTY}), ("unheard of", {}), ("invited", {})):
        record_look(
            session,
            by=member.user,
            graduate_id=graduate.id,
            action=action,
            at=NOW,
            on_behalf_of="演示科技",
            **facts,
        )
    page = client.get("/graduate/access-log").text
    assert "打开了你投递" in page
    assert page.count("查看了与你有关的内容") == 2
    assert "<script>alert" not in page
    assert "unheard of" not in page


def claim(**changes: str) -> dict[str, str]:
    return {
        "code": "11",
        "employer_name": "武汉某某科技有限公司",
        "started_on": "2026-07-01",
        "district": "WH-DHGX",
        "address": "光谷大道 1 号",
        "pay": "8000",
    } | changes


def test_an_outcome_is_claimed_once_and_proved_with_a_sealed_file(client, session):
    address = client.post("/graduate/placements/new", data=claim()).location
    again = client.post("/graduate/placements/new", data=claim()).text
    assert "不用重复填报" in again
    assert "武汉某某科技有限公司" in again
    assert session.scalar(select(func.count()).select_from(Placement)) == 1
    sent = {"type": "labour_contract", "file": (io.BytesIO(b"%PDF-1.7 contract"), "合同.pdf")}
    client.post(address, data=sent)
    evidence = session.scalar(select(Evidence))
    assert session.scalar(select(Placement)).state is ClaimState.EVIDENCED
    assert b"contract" not in session.get(StoredFile, evidence.file_id).sealed
    assert client.get(f"{address}/evidence/{evidence.id}").data == b"%PDF-1.7 contract"
    assert "待核验" in client.get(address).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "请上传 PDF"), (b"MZ\x90 program", "请上传 PDF"), (None, "请选择要上传的文件")],
)
def test_evidence_of_another_kind_is_refused(client, session, content, sentence):
    address = client.post("/graduate/placements/new", data=claim()).location
    file = {"file": (io.BytesIO(content), "合同.pdf")} if content is not None else {}
    page = client.post(address, data={"type": "labour_contract", "issuer": "某单位", **file}).text
    assert sentence in page
    assert "某单位" in page
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_claim_without_an_employer_is_refused_and_kept_in_the_form(client, session):
    page = client.post("/graduate/placements/new", data=claim(employer_name="", address="某路 9 号")).text
    assert "请填写用人单位" in page
    assert "某路 9 号" in page


def test_somebody_elses_outcome_and_evidence_do_not_exist(client, visitor, session):
    address = client.post("/graduate/placements/new", data=claim()).location
    sent = {"type": "labour_contract", "file": (io.BytesIO(b"%PDF-1.7 contract"), "合同.pdf")}
    client.post(address, data=sent)
    evidence = session.scalar(select(Evidence))
    stranger = visitor(make_graduate(session).user)
    for path in ("", "/amend", f"/evidence/{evidence.id}"):
        assert stranger.get(address + path).status_code == 404
    own = stranger.post("/graduate/placements/new", data=claim()).location
    assert stranger.get(f"{own}/evidence/{evidence.id}").status_code == 404
    assert stranger.post(f"{address}/amend", data=claim()).status_code == 404


def test_a_claim_can_be_corrected_until_it_is_proved(client, session):
    address = client.post("/graduate/placements/new", data=claim()).location
    assert 'value="2026-07-01"' in client.get(f"{address}/amend").text
    client.post(f"{address}/amend", data=claim(pay="9000", employer_name=NASTY))
    assert session.scalar(select(Placement)).pay == 9000
    for page in (address, "/graduate/placements", f"{address}/amend"):
        assert "<script>alert" not in client.get(page).text


def test_registration_leads_to_the_resume_and_from_there_to_matches_and_an_application(visitor, session):
    make_posting(session, valid_until_on=None)
    client = visitor()
    sent = {"name": "新同学", "login": "new@example.com", "password": "一句容易记住的话", "consent": "y"}
    answer = client.post("/register", data=sent)
    assert answer.location.endswith("/graduate/resume")
    text = "新同学\n武汉大学 软件工程 本科 2026年6月毕业\n熟悉 Python 与 SQL，用 Flask 开发过网站。"
    review = client.post("/graduate/resume", data={"text": text}).location
    matches = client.post(review, data={"text": text, "skills": "Python", "fill_profile": "y"}).location
    assert "Python 开发工程师" in client.get(matches).text
    posting = session.scalar(select(User).where(User.email == "new@example.com"))
    assert posting.role is Role.GRADUATE
