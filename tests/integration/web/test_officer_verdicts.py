"""Verdicts: who may give them, what they do, and what comes next."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import (
    NOW,
    TODAY,
    make_employer,
    make_graduate,
    make_member,
    make_officer,
    make_period,
    make_posting,
)
from tests.stories import make_file
from webapp.clock import today
from webapp.domain.employers import EmployerStatus
from webapp.domain.postings import PostingStatus
from webapp.domain.retention import Cause, ClaimState
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, Employer, Graduate, LedgerEntry, Placement, Posting
from webapp.services.files import store_file
from webapp.settings import Settings

FAR_UNIT = "420106"


def waiting_employer(session: Session, **changes: object) -> Employer:
    complete = {"intro": "演示单位", "contact_name": "演示", "contact_phone": "027-00000000"}
    waits = {"status": EmployerStatus.SUBMITTED, "submitted_at": NOW, "district": "WH-DHGX"}
    employer = make_employer(session, approved=False, **complete | waits | changes)
    employer.licence_file_id = make_file(session, make_member(session, employer).user).id
    session.flush()
    return employer


def waiting_posting(session: Session, **changes: object) -> Posting:
    return make_posting(
        session,
        **{
            "status": PostingStatus.REVIEW,
            "published_at": None,
            "submitted_at": NOW,
            "valid_until_on": today() + timedelta(days=30),
            "employer": make_employer(session, verified_until_on=date(2030, 1, 1)),
        }
        | changes,
    )


@pytest.fixture
def city(session, visitor):
    return visitor(make_officer(session).user)


@pytest.fixture
def far(session, visitor):
    return visitor(make_officer(session, Scope.UNIT, unit=FAR_UNIT).user)


def test_an_approved_employer_makes_way_for_the_next_in_the_queue(session, city):
    first = waiting_employer(session, submitted_at=NOW - timedelta(days=1))
    second = waiting_employer(session)
    answer = city.post(f"/officer/employers/{first.id}", data={"verdict": "approve"})
    assert answer.location.endswith(f"/officer/employers/{second.id}")
    assert session.get(Employer, first.id).status is EmployerStatus.APPROVED


def test_the_last_of_a_queue_leads_back_to_the_queues(session, city):
    only = waiting_employer(session)
    answer = city.post(f"/officer/employers/{only.id}", data={"verdict": "approve"}, follow_redirects=True)
    assert "已全部办完" in answer.text


def test_returning_needs_a_reason_and_keeps_what_was_typed(session, city):
    employer = waiting_employer(session)
    page = city.post(f"/officer/employers/{employer.id}", data={"verdict": "return"}).text
    assert "请选择原因，或写明原因。" in page
    assert session.get(Employer, employer.id).status is EmployerStatus.SUBMITTED
    city.post(f"/officer/employers/{employer.id}", data={"verdict": "return", "note": "名称少了两个字"})
    assert session.get(Employer, employer.id).return_reason == "名称少了两个字"


def test_no_employer_is_approved_without_its_licence(session, city):
    employer = waiting_employer(session)
    employer.licence_file_id = None
    page = city.post(f"/officer/employers/{employer.id}", data={"verdict": "approve"}).text
    assert "还缺：营业执照或法人证书" in page
    assert 'value="approve"' not in page
    assert session.get(Employer, employer.id).status is EmployerStatus.SUBMITTED


def test_a_verdict_on_what_no_longer_waits_is_refused_with_a_sentence(session, city):
    employer = waiting_employer(session)
    city.post(f"/officer/employers/{employer.id}", data={"verdict": "approve"})
    page = city.post(f"/officer/employers/{employer.id}", data={"verdict": "approve"}).text
    assert "请刷新待办列表" in page


@pytest.mark.parametrize("path", ["/officer/employers/{}", "/officer/employers/{}/licence"])
def test_another_units_employer_does_not_exist(session, far, path):
    assert far.get(path.format(waiting_employer(session).id)).status_code == 404


def test_lists_and_queues_of_a_unit_hold_its_own_only(session, far):
    waiting_employer(session, name="光谷演示有限公司")
    waiting_employer(session, name="武昌演示有限公司", district=FAR_UNIT)
    page = far.get("/officer/employers").text
    assert "武昌演示有限公司" in page
    assert "光谷演示有限公司" not in page
    assert far.get("/officer/queue").text.count('<span class="big">1 ') == 1


def test_a_licence_opens_safely_and_the_look_is_written_down(session, city):
    employer = waiting_employer(session)
    member = make_member(session, employer)
    kept = store_file(
        session,
        owner_id=member.user_id,
        purpose="licence",
        filename='营业执照".pdf',
        content=b"%PDF-1.4 demo",
        media_type="application/pdf",
        at=NOW,
        key=Settings().fernet_key,
    )
    employer.licence_file_id = kept.id
    answer = city.get(f"/officer/employers/{employer.id}/licence")
    assert answer.data == b"%PDF-1.4 demo"
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''%E8%90%A5")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "licence_opened")).one()


def test_a_file_that_could_run_is_only_saved(session, city):
    employer = waiting_employer(session)
    member = make_member(session, employer)
    kept = store_file(
        session,
        owner_id=member.user_id,
        purpose="licence",
        filename="licence.html",
        content=b"<script>",
        media_type="text/html",
        at=NOW,
        key=Settings().fernet_key,
    )
    employer.licence_file_id = kept.id
    answer = city.get(f"/officer/employers/{employer.id}/licence")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "application/octet-stream"


def test_a_posting_is_approved_or_returned(session, city):
    good, poor = waiting_posting(session), waiting_posting(session)
    city.post(f"/officer/postings/{good.id}", data={"verdict": "approve"})
    city.post(f"/officer/postings/{poor.id}", data={"verdict": "return", "reason": "工作内容写得不够具体"})
    assert session.get(Posting, good.id).status is PostingStatus.LIVE
    assert session.get(Posting, poor.id).return_reason == "工作内容写得不够具体"


def test_what_the_checks_of_wording_found_stands_beside_the_posting(session, city):
    posting = waiting_posting(session, requirements="限男性，35岁以下。")
    page = city.get(f"/officer/postings/{posting.id}").text
    assert "必须修改" in page
    answer = city.post(f"/officer/postings/{posting.id}", data={"verdict": "approve"})
    assert answer.status_code == 200
    assert session.get(Posting, posting.id).status is PostingStatus.REVIEW


def test_an_approved_claim_counts_exactly_one_person(session, city):
    make_period(session)
    placement = make_claim(session)
    city.post(f"/officer/placements/{placement.id}", data={"verdict": "approve"})
    assert session.get(Placement, placement.id).state is ClaimState.COUNTED
    assert [entry.delta for entry in session.scalars(select(LedgerEntry))] == [1]


def test_a_claim_that_may_not_count_names_every_reason(session, city):
    make_period(session)
    placement = make_claim(session, graduate=make_graduate(session), unit=None, district=None)
    page = city.get(f"/officer/placements/{placement.id}").text
    assert "工作地点不在武汉" in page
    assert "学历还没有核验" in page
    answer = city.post(f"/officer/placements/{placement.id}", data={"verdict": "approve"})
    assert "学历还没有核验" in answer.text
    assert session.scalars(select(LedgerEntry)).all() == []


def test_grade_c_waits_for_a_second_officer_and_leaves_the_first_ones_queue(session, visitor):
    make_period(session)
    placement = make_claim(session, proof="pay_slips", outcome_code="12")
    first, second = visitor(make_officer(session).user), visitor(make_officer(session).user)
    first.post(f"/officer/placements/{placement.id}", data={"verdict": "approve"})
    assert session.get(Placement, placement.id).state is ClaimState.EVIDENCED
    assert first.get("/officer/queue/placements/next").location.endswith("/officer/queue")
    assert (
        second.get("/officer/queue/placements/next")
        .headers["Location"]
        .endswith(f"/placements/{placement.id}")
    )
    second.post(f"/officer/placements/{placement.id}", data={"verdict": "approve"})
    assert session.get(Placement, placement.id).state is ClaimState.COUNTED


def test_a_claim_comes_back_with_its_reason(session, city):
    placement = make_claim(session)
    city.post(f"/officer/placements/{placement.id}", data={"verdict": "return", "reason": "起始日期有误"})
    found = session.get(Placement, placement.id)
    assert (found.state, found.return_reason) == (ClaimState.RETURNED, "起始日期有误")


def test_every_look_at_a_claim_is_in_the_persons_log(session, city):
    placement = make_claim(session)
    city.get(f"/officer/placements/{placement.id}")
    looks = session.scalars(select(AuditEntry).where(AuditEntry.graduate_id == placement.graduate_id)).all()
    assert [look.action for look in looks] == ["placement_opened"]


@pytest.mark.parametrize("path", ["", "/evidence/1", "/reversal"])
def test_another_units_claim_does_not_exist(session, far, path):
    placement = make_claim(session)
    name = placement.graduate.name
    assert far.get(f"/officer/placements/{placement.id}{path}").status_code == 404
    assert name not in far.get("/officer/placements").text


def test_an_officer_who_made_the_claim_is_refused(session, visitor):
    officer = make_officer(session)
    placement = make_claim(session, claimed_by_id=officer.user_id)
    page = visitor(officer.user).post(f"/officer/placements/{placement.id}", data={"verdict": "approve"}).text
    assert "不能核验" in page


def test_a_reversal_takes_two_officers_and_one_person_off_the_count(session, visitor):
    make_period(session)
    placement = make_counted(session)
    first, second = visitor(make_officer(session).user), visitor(make_officer(session).user)
    path = f"/officer/placements/{placement.id}/reversal"
    assert "请选择冲销原因" in first.post(path, data={"verdict": "ask", "cause": ""}).text
    first.post(path, data={"verdict": "ask", "cause": Cause.R1.value})
    assert "须由另一名核验人" in first.post(path, data={"verdict": "reverse", "cause": "R1"}).text
    assert session.get(Placement, placement.id).state is ClaimState.COUNTED
    assert (
        second.get("/officer/queue/reversals/next")
        .headers["Location"]
        .endswith(f"/placements/{placement.id}")
    )
    second.post(path, data={"verdict": "reverse", "cause": "R1"})
    assert session.get(Placement, placement.id).state is ClaimState.REVERSED
    assert session.scalars(select(LedgerEntry.delta).order_by(LedgerEntry.seq)).all() == [
        1,
        -1,
    ]


def test_an_auditor_doubts_but_never_decides(session, visitor):
    make_period(session)
    placement, claim = make_counted(session), make_claim(session)
    auditor = visitor(make_officer(session, Scope.AUDITOR).user)
    auditor.post(f"/officer/placements/{placement.id}", data={"verdict": "dispute", "note": "联系不上"})
    assert session.get(Placement, placement.id).state is ClaimState.DISPUTED
    answer = auditor.post(f"/officer/placements/{claim.id}", data={"verdict": "approve"})
    assert "您没有做这件事的权限" in answer.text
    assert session.get(Placement, claim.id).state is ClaimState.EVIDENCED
    assert auditor.get(f"/officer/placements/{claim.id}/reversal").status_code == 403


def test_a_station_verifies_the_degrees_of_its_own_school_only(session, visitor):
    own = make_graduate(session, institution_code="4142010497", graduation_on=TODAY)
    other = make_graduate(session, institution_code="4142010486", graduation_on=TODAY)
    station = visitor(make_officer(session, Scope.STATION, institution_code="4142010497").user)
    assert station.get(f"/officer/graduates/{other.id}").status_code == 404
    station.post(f"/officer/graduates/{own.id}", data={"verdict": "approve", "graduation_on": "2026-06-20"})
    found = session.get(Graduate, own.id)
    assert found.degree_verified_on is not None
    assert found.graduation_on == date(2026, 6, 20)


def test_a_graduation_still_to_come_is_refused_and_stays_typed(session, city):
    graduate = make_graduate(session, graduation_on=TODAY)
    path, typed = f"/officer/graduates/{graduate.id}", str(today() + timedelta(days=1))
    page = city.post(path, data={"verdict": "approve", "graduation_on": typed}).text
    assert "还没有到。请核对日期，或等毕业之后再核验。" in page
    assert f'value="{typed}"' in page
    found = session.get(Graduate, graduate.id)
    assert (found.degree_verified_on, found.graduation_on) == (None, TODAY)


def test_a_station_reads_its_graduates_outcomes_but_opens_none(session, visitor):
    graduate = make_verified_graduate(session, institution_code="4142010497", name="张三丰")
    placement = make_claim(session, graduate=graduate)
    make_claim(session, graduate=make_verified_graduate(session, name="李四光"))
    station = visitor(make_officer(session, Scope.STATION, institution_code="4142010497").user)
    page = station.get("/officer/placements").text
    assert "张＊＊" in page
    assert "李＊＊" not in page
    assert station.get(f"/officer/placements/{placement.id}").status_code == 403
    assert station.get("/officer/employers").status_code == 403
