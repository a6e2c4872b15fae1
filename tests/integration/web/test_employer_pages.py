"""What an employer meets: organisation, postings, nameless candidates, the pipeline."""

from datetime import timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.letterbox import posted
from tests.statements import asking
from webapp.clock import now, today
from webapp.domain.consent import Purpose
from webapp.domain.employers import EmployerStatus
from webapp.domain.pipeline import Stage
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import MemberRole
from webapp.models import (
    Application,
    AuditEntry,
    Employer,
    Graduate,
    Interview,
    Invitation,
    Member,
    Offer,
    Posting,
    Resume,
    StaffInvitation,
    StoredFile,
)
from webapp.services import consents
from webapp.services.files import store_file
from webapp.settings import Settings

HOSTILE = "<script>alert(1)</script>'; DROP TABLE posting; --"
DUTIES = (
    "整理城市就业数据，编写取数脚本和报表，和业务同事一起找出问题的原因，写成每周两次的分析简报，"
    "并维护指标口径文档。刚开始由有经验的同事带着做，三个月内独立负责一个主题，半年后参与数据平台的建设。"
)


def text(response) -> str:
    return response.get_data(as_text=True)


def filled(**changes: object) -> dict[str, object]:
    return {
        "kind": "job",
        "title": "数据分析师",
        "headcount": "2",
        "duties": DUTIES,
        "requirements": "会用 SQL 和 Python，能把结论讲清楚。",
        "degree_min": "bachelor",
        "majors": "统计学、数据科学与大数据技术",
        "skills": "SQL、Python",
        "district": "WH-DHGX",
        "address": "光谷大道 1 号",
        "pay_min": "8000",
        "pay_max": "11000",
        "months": "13",
        "cluster": "",
        "valid_until_on": str(today() + timedelta(days=60)),
        "wish": "submit",
    } | changes


@pytest.fixture
def employer(session: Session) -> Employer:
    return make.make_employer(session, verified_until_on=today() + timedelta(days=100))


@pytest.fixture
def member(session: Session, employer: Employer) -> Member:
    return make.make_member(session, employer)


@pytest.fixture
def client(visitor, member: Member):
    return visitor(member.user)


@pytest.fixture
def posting(session: Session, employer: Employer) -> Posting:
    return make.make_posting(session, employer, valid_until_on=today() + timedelta(days=60))


@pytest.fixture
def graduate(session: Session) -> Graduate:
    user = make.make_user(session, name="赵某某", mobile="13900001111")
    graduate = make.make_graduate(session, user=user)
    make.make_resume(
        session,
        graduate,
        text="赵某某\n武汉大学\n熟悉 Python",
        redacted_text="武汉大学，男，熟悉 Python 与 SQL。",
    )
    return graduate


@pytest.fixture
def application(session: Session, graduate: Graduate, posting: Posting) -> Application:
    resume = make.make_resume(session, graduate, version=2, is_current=False)
    consents.give(
        session,
        user_id=graduate.user_id,
        purpose=Purpose.SHARE_WITH_EMPLOYER,
        at=make.NOW,
        employer_id=posting.employer_id,
    )
    return make.make_application(session, graduate, posting, resume_id=resume.id)


PAGES = [
    "/employer/",
    "/employer/organisation",
    "/employer/members/invite",
    "/employer/postings",
    "/employer/postings?status=live",
    "/employer/postings?status=nonsense&page=99",
    "/employer/postings/new",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_with_one_heading_and_without_inline_script(client, posting, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    page = text(response)
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<script>" not in page


def test_no_two_parts_of_a_page_have_one_name(app, client) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = BeautifulSoup(client.get("/employer/organisation").text, "html.parser")
    named = [one["id"] for one in page.select("[id]")]
    assert len(page.select("input[name=csrf_token]")) > 2
    assert len(named) == len(set(named))


def test_a_new_organisation_s_pages_say_what_is_missing_and_what_comes(visitor, session: Session) -> None:
    client = visitor(make.make_member(session, make.make_employer(session, approved=False)).user)
    assert "先完成单位核验" in text(client.get("/employer/"))
    assert "还没有人投递" in text(client.get("/employer/"))
    assert "先有一个招聘中的岗位" in text(client.get("/employer/candidates"))
    assert "这里还没有岗位" in text(client.get("/employer/postings"))


def test_the_desk_shows_who_has_waited_longest_first(client, session: Session, posting: Posting) -> None:
    for days in (1, 5, 3):
        graduate = make.make_graduate(session, major_name=f"等了{days}天")
        make.make_application(session, graduate, posting, stage_since_at=now() - timedelta(days=days))
    page = text(client.get("/employer/"))
    assert page.index("等了5天") < page.index("等了3天") < page.index("等了1天")
    assert page.count("btn btn-sm btn-primary") == 1


# ---- Organisation ----


def test_the_organisation_is_saved_sealed_and_submitted(visitor, session: Session) -> None:
    employer = make.make_employer(session, approved=False)
    client = visitor(make.make_member(session, employer).user)
    profile = {
        "name": employer.name,
        "kind": "company",
        "district": "WH-DHGX",
        "address": "光谷大道 1 号",
        "intro": "做城市数据服务。",
        "contact_name": "王经理",
        "contact_phone": "027-87654321",
    }
    assert client.post("/employer/organisation", data=profile).status_code == 302
    upload = {"licence": (BytesIO(b"%PDF-1.7 licence"), "执照.pdf")}
    assert client.post("/employer/organisation/licence", data=upload).status_code == 302
    assert client.get("/employer/organisation/licence").data == b"%PDF-1.7 licence"
    assert client.post("/employer/organisation/submit").status_code == 302
    assert session.get(Employer, employer.id).status is EmployerStatus.SUBMITTED


@pytest.mark.parametrize("content", [b"", b"MZ program", b"<svg onload=alert(1)>"])
def test_a_licence_that_is_no_document_is_refused(client, session: Session, content: bytes) -> None:
    page = client.post("/employer/organisation/licence", data={"licence": (BytesIO(content), "x.pdf")})
    assert "PDF、PNG 或 JPG" in text(page)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_only_the_owner_invites_colleagues(visitor, client, session: Session, employer: Employer) -> None:
    assert client.post("/employer/members/invite", data={"email": "a@example.com"}).status_code == 302
    assert [letter.to for letter in posted(session)] == ["a@example.com"]
    recruiter = make.make_member(session, employer, role=MemberRole.RECRUITER)
    refused = visitor(recruiter.user).post("/employer/members/invite", data={"email": "b@example.com"})
    assert "没有做这件事的权限" in text(refused)
    assert session.scalar(select(func.count()).select_from(StaffInvitation)) == 1


# ---- Postings ----


def test_a_posting_is_written_and_handed_to_review(client, session: Session) -> None:
    assert client.post("/employer/postings/new", data=filled()).status_code == 302
    posting = session.scalars(select(Posting)).one()
    assert posting.status is PostingStatus.REVIEW
    assert posting.majors == ["统计学", "数据科学与大数据技术"]


def test_checking_saves_nothing(client, session: Session) -> None:
    page = text(client.post("/employer/postings/new", data=filled(wish="check")))
    assert "没有发现需要修改的地方" in page
    assert session.scalar(select(func.count()).select_from(Posting)) == 0


def test_forbidden_wording_is_shown_at_its_field_with_clause_and_neutral_text(
    client, session: Session
) -> None:
    page = text(client.post("/employer/postings/new", data=filled(requirements="限男性，会 SQL")))
    assert 'id="requirements-error"' in page
    assert "妇女权益保障法" in page
    assert "不限性别，欢迎符合岗位要求的毕业生应聘" in page
    assert "限男性，会 SQL" in page
    assert session.scalar(select(func.count()).select_from(Posting)) == 0


def test_a_refused_form_keeps_everything_typed(client) -> None:
    page = text(client.post("/employer/postings/new", data=filled(pay_max="7000", address="")))
    for kept in ("数据分析师", DUTIES, "统计学、数据科学与大数据技术", 'value="8000"', 'value="7000"'):
        assert kept in page
    assert "月薪上限不能低于下限" in page
    assert "请填写详细的工作地址" in page


def test_html_and_sql_in_every_field_are_only_text(client, session: Session) -> None:
    typed = {
        **filled(wish="save"),
        **dict.fromkeys(("title", "duties", "requirements", "majors", "skills", "address"), HOSTILE),
    }
    response = client.post("/employer/postings/new", data=typed)
    posting = session.scalars(select(Posting)).one()
    assert response.status_code == 302
    for path in (
        f"/employer/postings/{posting.id}",
        f"/employer/postings/{posting.id}/edit",
        "/employer/postings",
    ):
        page = text(client.get(path))
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_unverified_organisation_cannot_hand_in(visitor, session: Session) -> None:
    client = visitor(make.make_member(session, make.make_employer(session, approved=False)).user)
    page = text(client.post("/employer/postings/new", data=filled()))
    assert "单位还没有通过核验" in page
    assert session.scalar(select(func.count()).select_from(Posting)) == 0
    assert client.post("/employer/postings/new", data=filled(wish="save")).status_code == 302


def test_pause_resume_close_reopen_and_copy_from_the_page(client, session: Session, posting: Posting) -> None:
    base = f"/employer/postings/{posting.id}"
    for deed, status in (
        ("pause", PostingStatus.PAUSED),
        ("resume", PostingStatus.LIVE),
        ("close", PostingStatus.CLOSED),
        ("reopen", PostingStatus.DRAFT),
    ):
        if deed == "close":
            assert "搜不到这个岗位" in text(client.get(f"{base}/close"))
        assert client.post(f"{base}/{deed}").status_code == 302
        assert session.get(Posting, posting.id).status is status
    client.post(f"{base}/copy")
    assert session.scalar(select(func.count()).select_from(Posting)) == 2
    assert client.post(f"{base}/explode").status_code == 404


def test_a_change_of_pay_returns_a_live_posting_to_review(client, session: Session, posting: Posting) -> None:
    typed = filled(title=posting.title, pay_max="12000", wish="save")
    client.post(f"/employer/postings/{posting.id}/edit", data=typed)
    assert session.get(Posting, posting.id).status is PostingStatus.REVIEW


# ---- Strangers ----


def test_a_stranger_s_postings_applications_and_placements_do_not_exist(
    visitor, session: Session, posting: Posting, application: Application
) -> None:
    stranger = visitor(make.make_member(session).user)
    base, one = f"/employer/postings/{posting.id}", f"/employer/applications/{application.id}"
    for path in (
        base,
        f"{base}/edit",
        f"{base}/close",
        f"{base}/candidates",
        f"{base}/board",
        f"{base}/compare",
        one,
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (f"{one}/resume", f"{one}/screen-in", f"{base}/candidates/{application.graduate_id}"):
        assert stranger.get(path).status_code == 404, path
    for path in (
        f"{base}/pause",
        f"{base}/copy",
        f"{base}/close",
        f"{base}/edit",
        f"{one}/reject",
        f"{one}/screen-in",
    ):
        assert stranger.post(path, data=filled(reason="skills")).status_code == 404, path
    assert session.get(Posting, posting.id).status is PostingStatus.LIVE
    assert session.get(Application, application.id).stage is Stage.SUBMITTED


def test_graduates_and_officers_have_no_business_here(visitor, session: Session, posting: Posting) -> None:
    for user in (make.make_graduate(session).user, make.make_officer(session).user):
        assert visitor(user).get("/employer/").status_code == 403
        assert visitor(user).get(f"/employer/postings/{posting.id}").status_code == 403


# ---- Candidates ----


def test_candidates_are_nameless_and_every_look_is_written_down(
    client, session: Session, posting: Posting, graduate: Graduate
) -> None:
    base, email = f"/employer/postings/{posting.id}/candidates", graduate.user.email
    for path, action in ((base, "candidate_listed"), (f"{base}/{graduate.id}", "candidate_opened")):
        page = text(client.get(path))
        assert "软件工程" in page
        for secret in ("赵某某", "13900001111", "武汉大学", email, "，男，"):
            assert secret not in page
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()
        assert (entry.graduate_id, entry.on_behalf_of) == (graduate.id, posting.employer.name)
    assert "<mark>" in page


def test_the_looks_of_a_page_are_written_down_in_one_statement(
    client, session: Session, engine: Engine, posting: Posting, graduate: Graduate
) -> None:
    other = make.make_graduate(session, searchable=True)
    make.make_resume(session, other)
    session.commit()
    with asking(engine) as asked:
        assert client.get(f"/employer/postings/{posting.id}/candidates").status_code == 200
    assert sum("INSERT INTO audit_entry" in one.sql for one in asked) == 1
    assert set(session.scalars(select(AuditEntry.graduate_id))) == {graduate.id, other.id}


def test_the_pay_a_graduate_hopes_for_is_nobody_elses_business(
    client, session: Session, posting: Posting, graduate: Graduate
) -> None:
    base = f"/employer/postings/{posting.id}/candidates"
    for hoped in (posting.pay_min, (posting.pay_max or 0) + 1):
        graduate.pay_min = hoped
        for path in (base, f"{base}/{graduate.id}"):
            page = text(client.get(path))
            assert "薪资达到" not in page
            assert "薪资低于" not in page


def test_graduates_who_do_not_wish_to_be_found_are_not(
    client, session: Session, posting: Posting, graduate: Graduate
) -> None:
    graduate.searchable = False
    path = f"/employer/postings/{posting.id}/candidates/{graduate.id}"
    assert client.get(path).status_code == 404
    assert "暂时没有符合条件的候选人" in text(client.get(f"/employer/postings/{posting.id}/candidates"))


def test_an_invitation_is_sent_once(client, session: Session, posting: Posting, graduate: Graduate) -> None:
    path = f"/employer/postings/{posting.id}/candidates/{graduate.id}"
    assert client.post(path, data={"message": "欢迎来聊聊"}).status_code == 302
    assert session.scalars(select(Invitation.message)).all() == ["欢迎来聊聊"]
    assert "不用重复邀请" in text(client.post(path, data={"message": ""}))
    assert "您已邀请过" in text(client.get(path))


def test_two_candidates_are_compared_side_by_side(
    client, session: Session, posting: Posting, graduate: Graduate
) -> None:
    other = make.make_graduate(session, major_name="护理学")
    make.make_resume(session, other)
    base = f"/employer/postings/{posting.id}/compare"
    page = text(client.get(f"{base}?who={graduate.id}&who={other.id}"))
    assert "软件工程" in page
    assert "护理学" in page
    assert client.get(f"{base}?who={graduate.id}").status_code == 302


@pytest.mark.parametrize("changes", [{"status": PostingStatus.DRAFT}, {"status": PostingStatus.PAUSED}])
def test_candidates_are_shown_for_live_postings_only(
    client, session: Session, posting: Posting, changes
) -> None:
    posting.status = changes["status"]
    assert client.get(f"/employer/postings/{posting.id}/candidates").status_code == 409


def test_odd_filters_ask_nothing(client, posting: Posting, graduate: Graduate) -> None:
    path = f"/employer/postings/{posting.id}/candidates?degree=x&since=y&page=-3"
    assert "软件工程" in text(client.get(path))
    narrowed = f"/employer/postings/{posting.id}/candidates?degree=doctor"
    assert "暂时没有符合条件的候选人" in text(client.get(narrowed))


# ---- Pipeline ----


def test_opening_an_application_shows_the_person_and_counts_as_viewed(
    client, session: Session, application: Application
) -> None:
    page = text(client.get(f"/employer/applications/{application.id}"))
    assert "赵某某" in page
    assert "13900001111" in page
    assert session.get(Application, application.id).stage is Stage.VIEWED
    assert session.scalars(select(AuditEntry.action)).all() == ["application_opened"]


def test_consent_withdrawn_hides_the_person_at_the_next_request(
    client, session: Session, application: Application
) -> None:
    employer_id = application.posting.employer_id
    consents.withdraw(
        session,
        user_id=application.graduate.user_id,
        purpose=Purpose.SHARE_WITH_EMPLOYER,
        at=now(),
        employer_id=employer_id,
    )
    for path in (
        f"/employer/applications/{application.id}",
        f"/employer/postings/{application.posting_id}/board",
    ):
        page = text(client.get(path))
        assert "赵某某" not in page
        assert "13900001111" not in page
    assert session.get(Application, application.id).stage is Stage.SUBMITTED


def test_the_original_resume_is_handed_over_while_consent_stands(
    client, session: Session, application: Application
) -> None:
    file = store_file(
        session,
        owner_id=application.graduate.user_id,
        purpose="resume",
        filename="简历.pdf",
        content=b"%PDF-1.7 resume",
        media_type="application/pdf",
        at=make.NOW,
        key=Settings().fernet_key,
    )
    session.get_one(Resume, application.resume_id).file_id = file.id
    path = f"/employer/applications/{application.id}/resume"
    response = client.get(path)
    assert response.data == b"%PDF-1.7 resume"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert session.scalars(select(AuditEntry.action)).all() == ["resume_downloaded"]
    application.stage = Stage.WITHDRAWN
    assert client.get(path).status_code == 404


def test_an_application_goes_from_screening_to_an_offer_by_forms_alone(
    client, session: Session, application: Application
) -> None:
    base = f"/employer/applications/{application.id}"
    client.post(f"{base}/screen-in", data={"note": "欢迎"})
    soon = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    appointed = client.post(
        f"{base}/interview", data={"starts_at": soon, "mode": "onsite", "place": "光谷大道 1 号"}
    )
    assert appointed.status_code == 302
    interview = session.scalars(select(Interview)).one()
    interview.starts_at = now() - timedelta(hours=1)
    session.flush()
    assert client.post(f"{base}/report", data={"report": "held"}).status_code == 302
    offer = {
        "pay": "9000",
        "months": "13",
        "district": "WH-DHGX",
        "address": "光谷大道 1 号",
        "start_on": str(today() + timedelta(days=20)),
        "contract_type": "fixed",
        "contract_months": "36",
        "probation_months": "9",
        "deadline_on": str(today() + timedelta(days=7)),
    }
    refused = text(client.post(f"{base}/offer", data=offer))
    assert 'value="9000"' in refused
    assert "is-invalid" in refused
    lawful = offer | {"probation_months": "3"}
    assert client.post(f"{base}/offer", data=lawful).status_code == 302
    assert session.scalars(select(Offer.pay)).all() == [9000]
    assert session.get(Application, application.id).stage is Stage.OFFER_MADE
    assert "赵某某" in text(client.get(f"/employer/postings/{application.posting_id}/board"))


@pytest.mark.parametrize("stage", [Stage.SCREENED_IN, Stage.INTERVIEWED])
def test_an_offer_is_shown_where_it_can_be_made(
    client, session: Session, application: Application, stage: Stage
) -> None:
    base = f"/employer/applications/{application.id}"
    internship = make.make_application(session, application.graduate)
    for earlier in (None, internship.id):
        application.stage, application.converted_from_id = stage, earlier
        offered = stage is Stage.INTERVIEWED or earlier is not None
        assert (f"{base}/offer" in text(client.get(base))) is offered
        assert client.get(f"{base}/offer").status_code == (200 if offered else 302)


def test_a_rejection_needs_a_reason_from_the_list(client, session: Session, application: Application) -> None:
    path = f"/employer/applications/{application.id}/reject"
    assert "请选择一个原因" in text(client.post(path, data={"note": "抱歉"}))
    assert "抱歉" in text(client.post(path, data={"note": "抱歉"}))
    assert client.post(path, data={"reason": "skills"}).status_code == 302
    assert session.get(Application, application.id).stage is Stage.REJECTED


def test_a_step_out_of_turn_is_refused_with_both_ends_named(
    client, session: Session, application: Application
) -> None:
    page = text(client.post(f"/employer/applications/{application.id}/confirm"))
    assert "已投递" in page
    assert "已转正" in page
    assert client.get(f"/employer/applications/{application.id}/confirm").status_code == 302
    assert client.get(f"/employer/applications/{application.id}/explode").status_code == 404


def test_ten_rows_take_no_more_statements_than_one(
    client, session: Session, engine: Engine, posting: Posting
) -> None:
    def visit() -> int:
        with asking(engine) as asked:
            assert client.get(f"/employer/postings/{posting.id}/board").status_code == 200
        return len(asked)

    make.make_application(session, None, posting)
    visit()
    one = visit()
    for _ in range(9):
        make.make_application(session, None, posting)
    assert visit() <= one
