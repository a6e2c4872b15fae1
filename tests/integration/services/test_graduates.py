"""What graduates say and allow; leaving, and the count that stays."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories import (
    NOW,
    TODAY,
    make_application,
    make_graduate,
    make_officer,
    make_posting,
    make_resume,
    make_user,
)
from webapp.domain.accounts import NameInvalid
from webapp.domain.concerns import Concern
from webapp.domain.consent import Purpose
from webapp.domain.degrees import Degree
from webapp.domain.errors import NotFound
from webapp.domain.pipeline import Stage
from webapp.domain.postings import Kind, PostingStatus
from webapp.models import AuditEntry, Notification, Resume, SavedPosting, StoredFile
from webapp.queries.own_data import everything_about
from webapp.services import consents
from webapp.services.accounts import find_user
from webapp.services.erasure import erase
from webapp.services.files import store_file
from webapp.services.graduates import (
    InstitutionUnclear,
    InstitutionUnknown,
    Studies,
    StudiesVerified,
    Wishes,
    report_posting,
    save_posting,
    set_searchable,
    set_studies,
    set_wishes,
    unsave_posting,
    withdraw_consent,
)

KEY = b"bmEgbmEgbmEgbmEgbmEgbmEgbmEgbmEgbmEgbmEgbmE="


def studies(**changes) -> Studies:
    return Studies(
        **{
            "name": "王一",
            "institution": "武汉大学",
            "major": "宇宙考古学",
            "degree": Degree.MASTER,
            "graduation_on": date(2026, 6, 30),
        }
        | changes
    )


def test_a_school_is_found_by_its_full_name_and_an_unknown_major_stays_as_written(session):
    graduate = make_graduate(session)
    set_studies(session, graduate=graduate, studies=studies(), at=NOW)
    assert graduate.institution_code == "4142010486"
    assert graduate.major_name == "宇宙考古学"
    assert graduate.user.name == "王一"


def test_a_name_is_kept_as_names_are_and_an_older_one_as_it_is(session):
    graduate = make_graduate(session)
    set_studies(session, graduate=graduate, studies=studies(name="迪丽娜尔.买买提"), at=NOW)
    assert graduate.name == graduate.user.name == "迪丽娜尔·买买提"
    with pytest.raises(NameInvalid):
        set_studies(session, graduate=graduate, studies=studies(name="领补贴 evil.cn/x"), at=NOW)
    graduate.name = "毕业生3"
    set_studies(session, graduate=graduate, studies=studies(name="毕业生3"), at=NOW)
    assert graduate.name == "毕业生3"


def test_an_unclear_school_is_refused_with_those_that_resemble_it(session):
    graduate = make_graduate(session)
    with pytest.raises(InstitutionUnclear, match="武汉理工大学"):
        set_studies(session, graduate=graduate, studies=studies(institution="武汉理工"), at=NOW)
    with pytest.raises(InstitutionUnknown, match="霍格沃茨"):
        set_studies(session, graduate=graduate, studies=studies(institution="霍格沃茨"), at=NOW)


def test_verified_studies_cannot_be_changed_by_their_owner(session):
    graduate = make_graduate(
        session, degree_verified_on=TODAY, degree_verified_by_id=make_officer(session).user_id
    )
    same = studies(name=graduate.name, degree=graduate.degree, graduation_on=graduate.graduation_on)
    set_studies(session, graduate=graduate, studies=same, at=NOW)
    with pytest.raises(StudiesVerified):
        set_studies(session, graduate=graduate, studies=studies(name=graduate.name), at=NOW)


def test_wishes_are_kept_as_codes(session):
    graduate = make_graduate(session)
    wishes = Wishes(wanted=("数据分析师",), kinds=(Kind.INTERNSHIP,), districts=("WH-DHGX",), pay_min=6000)
    set_wishes(session, graduate=graduate, wishes=wishes, at=NOW)
    session.expire_all()
    assert (graduate.wanted, graduate.kinds, graduate.pay_min) == (["数据分析师"], ["internship"], 6000)


def test_being_found_is_a_consent_that_can_be_taken_back(session):
    graduate = make_graduate(session, searchable=False)
    set_searchable(session, graduate=graduate, searchable=True, at=NOW)
    consent = consents.current(session, user_id=graduate.user_id, purpose=Purpose.BE_FOUND)
    assert consent
    assert graduate.searchable
    withdraw_consent(session, graduate=graduate, consent_id=consent.id, at=NOW)
    assert not graduate.searchable
    assert not consents.has_consent(session, graduate.user_id, Purpose.BE_FOUND)


def test_nobody_withdraws_somebody_elses_consent_or_the_service_itself(session):
    graduate, other = make_graduate(session), make_graduate(session)
    foreign = consents.give(session, user_id=other.user_id, purpose=Purpose.BE_FOUND, at=NOW)
    service = consents.give(session, user_id=graduate.user_id, purpose=Purpose.SERVICE, at=NOW)
    for consent in (foreign, service):
        with pytest.raises(NotFound):
            withdraw_consent(session, graduate=graduate, consent_id=consent.id, at=NOW)


def test_withdrawing_from_the_count_forgets_the_key(session):
    graduate = make_graduate(session, person_key="k" * 64)
    consent = consents.give(session, user_id=graduate.user_id, purpose=Purpose.COUNTING, at=NOW)
    withdraw_consent(session, graduate=graduate, consent_id=consent.id, at=NOW)
    assert graduate.person_key is None


def test_saving_twice_saves_once_and_a_draft_cannot_be_saved(session):
    graduate, posting = make_graduate(session), make_posting(session)
    for _time in range(2):
        save_posting(session, graduate=graduate, posting_id=posting.id, at=NOW)
    assert session.scalar(select(func.count()).select_from(SavedPosting)) == 1
    unsave_posting(session, graduate=graduate, posting_id=posting.id)
    unsave_posting(session, graduate=graduate, posting_id=posting.id)
    assert session.scalar(select(func.count()).select_from(SavedPosting)) == 0
    hidden = make_posting(session, status=PostingStatus.DRAFT, published_at=None)
    with pytest.raises(NotFound):
        save_posting(session, graduate=graduate, posting_id=hidden.id, at=NOW)


def test_a_report_reaches_the_city_once(session):
    officer, graduate, posting = make_officer(session), make_graduate(session), make_posting(session)
    for _time in range(2):
        report_posting(
            session, by=graduate.user, posting=posting, concern=Concern.FEE, note="交 200 元", at=NOW
        )
    told = select(func.count()).where(Notification.user_id == officer.user_id)
    assert session.scalar(told) == 1


def test_an_erased_person_is_gone_but_school_and_degree_remain_for_the_sums(session):
    graduate = make_graduate(session, person_key="k" * 64, pay_min=5000)
    resume = make_resume(session, graduate)
    store_file(
        session,
        owner_id=graduate.user_id,
        purpose="resume",
        filename="a.txt",
        content=b"text",
        media_type="text/plain",
        at=NOW,
        key=KEY,
    )
    save_posting(session, graduate=graduate, posting_id=make_posting(session).id, at=NOW)
    email = graduate.user.email
    application = make_application(session, graduate, note="请联系我")
    erase(session, graduate=graduate, by=graduate.user, at=NOW)
    session.expire_all()
    assert application.stage is Stage.WITHDRAWN
    assert application.note is None
    assert (resume.text, resume.redacted_text, resume.skills, resume.fields) == ("", "", [], {})
    assert (graduate.person_key, graduate.major_name, graduate.wanted) == (None, None, [])
    assert graduate.institution_code == "4142010486"
    assert graduate.restricted_at == NOW
    assert not graduate.user.is_active
    assert find_user(session, login=email) is None
    for table in (StoredFile, SavedPosting):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_erasure_names_nobody(session):
    graduate = make_graduate(session, name="赵小雅")
    erase(session, graduate=graduate, by=graduate.user, at=NOW)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "account erased"))
    assert "赵小雅" not in entry.on_behalf_of


def test_everything_kept_can_be_taken_along_except_keys_and_password(session):
    graduate = make_graduate(session, person_key="k" * 64)
    make_resume(session, graduate)
    make_application(session, graduate)
    content = everything_about(session, graduate)
    assert content["profile"]["name"] == graduate.name
    assert content["resumes"][0]["text"]
    assert len(content["applications"]) == 1
    assert "k" * 64 not in str(content)
    assert "argon2" not in str(content)


def test_resumes_of_others_are_not_touched_by_an_erasure(session):
    graduate, other = make_graduate(session), make_graduate(session)
    make_resume(session, other)
    erase(session, graduate=graduate, by=graduate.user, at=NOW)
    session.expire_all()
    assert session.scalar(select(Resume).where(Resume.graduate_id == other.id)).text
    assert make_user(session).is_active
