"""Applying and everything after it, from the graduate's side of the screen."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.factories import NOW, make_application, make_employer, make_graduate, make_posting, make_resume
from tests.statements import asking
from webapp.domain.consent import Purpose
from webapp.domain.pipeline import Stage
from webapp.domain.postings import PostingStatus
from webapp.models import Application, ApplicationStep, Interview, Invitation, Offer
from webapp.models.invitation import InvitationStatus
from webapp.services import consents

NASTY = "<script>alert(1)</script>' OR 1=1 --"
SOON = datetime.now(UTC) + timedelta(days=10)


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def graduate(session):
    graduate = make_graduate(session)
    make_resume(session, graduate)
    return graduate


@pytest.fixture
def client(visitor, graduate):
    return visitor(graduate.user)


@pytest.fixture
def posting(session):
    return make_posting(session, valid_until_on=None)


def key_of(page: str) -> str:
    return re.search(r'name="key"[^>]*value="([^"]+)"', page)[1]


def moved(session, graduate, posting, stage: Stage) -> Application:
    application = make_application(session, graduate, posting, stage=stage)
    session.add(
        ApplicationStep(
            application_id=application.id, source=Stage.DRAFT, target=stage, at=NOW, reason=NASTY, note=NASTY
        )
    )
    session.flush()
    return application


def offered(session, graduate, posting) -> Application:
    application = moved(session, graduate, posting, Stage.OFFER_MADE)
    session.add(
        Offer(
            application_id=application.id,
            pay=9000,
            months=13,
            district="WH-DHGX",
            address="光谷大道 1 号",
            start_on=SOON.date(),
            contract_type="fixed",
            contract_months=36,
            probation_months=3,
            deadline_on=SOON.date(),
            created_at=NOW,
        )
    )
    session.flush()
    return application


def test_the_posting_page_cites_the_words_that_fit(client, posting):
    page = client.get(f"/graduate/postings/{posting.id}").text
    assert "项要求" in page
    assert "<mark>Python</mark>" in page
    assert "具备所需技能：Python" in page


def test_applying_needs_the_tick_and_keeps_the_note(client, session, posting):
    address = f"/graduate/postings/{posting.id}"
    page = client.post(address, data={"note": "我下周就能到岗", "key": "k1"}).text
    assert "请勾选同意" in page
    assert "我下周就能到岗" in page
    assert count(session, Application) == 0


def test_two_clicks_make_one_application(client, session, posting, graduate):
    address = f"/graduate/postings/{posting.id}"
    sent = {"note": "你好", "consent": "y", "key": key_of(client.get(address).text)}
    first, second = (client.post(address, data=sent) for _click in range(2))
    assert first.location == second.location
    assert count(session, Application) == count(session, ApplicationStep) == 1
    assert consents.has_consent(session, graduate.user_id, Purpose.SHARE_WITH_EMPLOYER, posting.employer_id)
    assert "已投递" in client.get(first.location).text
    assert "你已投递这个岗位" in client.get(address).text


def test_a_note_that_is_too_long_is_refused_and_kept(client, session, posting):
    page = client.post(f"/graduate/postings/{posting.id}", data={"note": "长" * 501, "consent": "y"}).text
    assert "最多 500 个字" in page
    assert "长" * 501 in page
    assert count(session, Application) == 0


def test_a_closed_posting_takes_nothing_and_a_removed_one_is_gone(client, session):
    closed = make_posting(session, status=PostingStatus.CLOSED)
    removed = make_posting(session, status=PostingStatus.REMOVED)
    assert "已停止接收投递" in client.get(f"/graduate/postings/{closed.id}").text
    assert client.get(f"/graduate/postings/{removed.id}").status_code == 404


def test_an_offer_is_accepted_after_a_second_look(client, session, graduate, posting):
    application = offered(session, graduate, posting)
    page = client.get(f"/graduate/applications/{application.id}").text
    assert "9,000 元/月 · 13薪" in page
    question = client.get(f"/graduate/applications/{application.id}/accept").text
    assert "同一时间只能接受一份录用" in question
    session.expire_all()
    assert application.stage is Stage.OFFER_MADE
    client.post(f"/graduate/applications/{application.id}/accept")
    session.expire_all()
    assert application.stage is Stage.ACCEPTED
    assert posting.filled == 1


def test_what_the_pipeline_forbids_is_neither_offered_nor_done(client, session, graduate, posting):
    application = moved(session, graduate, posting, Stage.SUBMITTED)
    page = client.get(f"/graduate/applications/{application.id}").text
    assert "撤回投递" in page
    assert "接受录用" not in page
    answer = client.post(f"/graduate/applications/{application.id}/accept").text
    assert "不能直接变为" in answer
    session.expire_all()
    assert application.stage is Stage.SUBMITTED


def test_withdrawing_ends_the_employers_access(client, session, graduate, posting):
    address = f"/graduate/postings/{posting.id}"
    client.post(address, data={"consent": "y", "key": "k"})
    application = session.scalar(select(Application))
    client.post(f"/graduate/applications/{application.id}/withdraw", data={"reason": ""})
    session.expire_all()
    assert application.stage is Stage.WITHDRAWN
    assert not consents.has_consent(
        session, graduate.user_id, Purpose.SHARE_WITH_EMPLOYER, posting.employer_id
    )


def test_from_signing_to_the_first_day(client, session, graduate, posting):
    application = moved(session, graduate, posting, Stage.ACCEPTED)
    address = f"/graduate/applications/{application.id}"
    client.post(f"{address}/start-agreement")
    lacking = client.post(f"{address}/sign", data={"number": "WQ-123"}).text
    assert "请填写日期" in lacking
    assert "WQ-123" in lacking
    client.post(f"{address}/sign", data={"number": "WQ-123", "signed_on": "2026-06-20"})
    session.expire_all()
    assert application.stage is Stage.AGREEMENT_SIGNED
    assert "WQ-123" in client.get(address).text


def test_an_interview_is_confirmed_and_put_into_the_calendar(client, session, graduate, posting):
    application = moved(session, graduate, posting, Stage.INTERVIEW_SCHEDULED)
    interview = Interview(
        application_id=application.id, starts_at=SOON, mode="onsite", place="光谷大道 1 号", created_at=NOW
    )
    session.add(interview)
    session.flush()
    page = client.get(f"/graduate/applications/{application.id}").text
    assert "确认参加" in page
    client.post(f"/graduate/interviews/{interview.id}/confirm")
    session.expire_all()
    assert interview.confirmed_at
    calendar = client.get(f"/graduate/interviews/{interview.id}.ics")
    assert calendar.mimetype == "text/calendar"
    assert f"DTSTART:{SOON:%Y%m%dT%H%M%SZ}" in calendar.text


def test_after_the_slot_the_graduate_says_whether_it_took_place(client, session, graduate, posting):
    application = moved(session, graduate, posting, Stage.INTERVIEW_SCHEDULED)
    interview = Interview(
        application_id=application.id, starts_at=NOW, mode="phone", place="电话", created_at=NOW
    )
    session.add(interview)
    session.flush()
    assert "面试进行了吗" in client.get(f"/graduate/applications/{application.id}").text
    client.post(f"/graduate/interviews/{interview.id}/report", data={"report": "held"})
    session.expire_all()
    assert interview.graduate_report == "held"


def test_an_invitation_is_accepted_with_consent_or_declined(client, session, graduate, posting):
    def invited(place):
        invitation = Invitation(
            posting_id=place.id,
            graduate_id=graduate.id,
            status=InvitationStatus.SENT,
            message=NASTY,
            invited_by_id=graduate.user_id,
            created_at=NOW,
        )
        session.add(invitation)
        session.flush()
        return invitation

    first, second = invited(posting), invited(make_posting(session, valid_until_on=None))
    page = client.get("/graduate/invitations").text
    assert "<script>alert" not in page
    refused = client.post(f"/graduate/invitations/{first.id}/accept", data={"note": "愿意"}).text
    assert "需要你同意" in refused
    assert "愿意" in refused
    client.post(f"/graduate/invitations/{first.id}/accept", data={"consent": "y", "note": "愿意"})
    client.post(f"/graduate/invitations/{second.id}/decline")
    session.expire_all()
    assert (first.status, second.status) == (InvitationStatus.ACCEPTED, InvitationStatus.DECLINED)
    assert count(session, Application) == 1


def test_other_peoples_applications_interviews_and_invitations_do_not_exist(client, session, posting):
    other = make_graduate(session)
    application = offered(session, other, posting)
    interview = Interview(
        application_id=application.id, starts_at=SOON, mode="phone", place="电话", created_at=NOW
    )
    invitation = Invitation(
        posting_id=posting.id,
        graduate_id=other.id,
        status=InvitationStatus.SENT,
        invited_by_id=other.user_id,
        created_at=NOW,
    )
    session.add_all([interview, invitation])
    session.flush()
    reads = [
        f"applications/{application.id}",
        f"applications/{application.id}/accept",
        f"interviews/{interview.id}.ics",
        f"invitations/{invitation.id}/accept",
    ]
    deeds = [
        f"applications/{application.id}/accept",
        f"applications/{application.id}/withdraw",
        f"interviews/{interview.id}/confirm",
        f"interviews/{interview.id}/report",
        f"invitations/{invitation.id}/accept",
        f"invitations/{invitation.id}/decline",
    ]
    assert {client.get(f"/graduate/{address}").status_code for address in reads} == {404}
    sent = {"consent": "y", "report": "held"}
    assert {client.post(f"/graduate/{address}", data=sent).status_code for address in deeds} == {404}
    session.expire_all()
    assert application.stage is Stage.OFFER_MADE


def test_the_board_shows_every_phase_and_whose_turn_it_is(client, session, graduate):
    for stage in (Stage.SUBMITTED, Stage.INTERVIEWED, Stage.CONFIRMED, Stage.REJECTED):
        moved(session, graduate, make_posting(session), stage)
    offered(session, graduate, make_posting(session))
    page = client.get("/graduate/applications").text
    for words in ("等待答复", "筛选与面试", "录用与签约", "在岗", "已结束", "等你处理", "等用人单位处理"):
        assert words in page
    assert "<script>alert" not in page


def test_markup_in_names_and_notes_is_shown_as_text(client, session, graduate):
    employer = make_employer(session, name=NASTY, intro=NASTY)
    posting, _still_proposed = (
        make_posting(
            session,
            employer,
            title=NASTY,
            duties=NASTY,
            requirements=f"熟悉 Python {NASTY}",
            address=NASTY,
            valid_until_on=None,
        )
        for _ in range(2)
    )
    client.post(f"/graduate/postings/{posting.id}", data={"note": NASTY, "consent": "y", "key": "x"})
    application = session.scalar(select(Application))
    for address in (
        f"postings/{posting.id}",
        f"postings/{posting.id}/report",
        f"applications/{application.id}",
        f"applications/{application.id}/withdraw",
        "applications",
        "matches",
        "",
    ):
        page = client.get(f"/graduate/{address}").text
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;" in page, address


def test_the_first_page_puts_the_most_urgent_first(client, session, graduate, posting):
    moved(session, graduate, posting, Stage.AGREEMENT_PENDING)
    offered(session, graduate, make_posting(session))
    page = client.get("/graduate/").text
    assert page.index("给你发了录用通知") < page.index("还有 1 件事等你")


def test_report_reaches_officers_once_and_save_comes_and_goes(client, session, posting):
    address = f"/graduate/postings/{posting.id}"
    lacking = client.post(f"{address}/report", data={"note": "要交钱"}).text
    assert "请选择一项" in lacking
    assert client.post(f"{address}/report", data={"concern": "fee", "note": NASTY}).status_code == 302
    client.post(f"{address}/save", data={"on": "1"})
    assert posting.title in client.get("/graduate/saved").text
    client.post(f"{address}/save", data={"on": "0"})
    assert "还没有收藏" in client.get("/graduate/saved").text


def test_saving_never_leads_off_the_site(client, posting):
    for wanted in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = client.post(f"/graduate/postings/{posting.id}/save", data={"on": "1", "next": wanted})
        assert "evil" not in answer.location


@pytest.mark.parametrize("page", ["", "matches", "applications", "saved", "invitations", "access-log"])
def test_a_page_asks_the_database_no_more_for_twelve_rows_than_for_two(visitor, session, engine, page):
    def asked(rows: int) -> int:
        graduate = make_graduate(session)
        make_resume(session, graduate)
        client = visitor(graduate.user)
        for _row in range(rows):
            posting = make_posting(session, valid_until_on=None)
            moved(session, graduate, posting, Stage.SUBMITTED)
            client.post(f"/graduate/postings/{posting.id}/save", data={"on": "1"})
        client.get(f"/graduate/{page}")
        with asking(engine) as statements:
            assert client.get(f"/graduate/{page}").status_code == 200
        return sum(one.sql.startswith("SELECT") for one in statements)

    few, many = asked(2), asked(12)
    assert many <= max(few, 2)
    assert 0 < many <= 20
