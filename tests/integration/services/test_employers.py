"""Organisations from registration to verification, and out of sight again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.domain.employers import (
    CreditCodeTaken,
    EmployerKind,
    EmployerNameInvalid,
    EmployerStatus,
    KindNotFitting,
    NotWaiting,
    Organisation,
    OrganisationIncomplete,
    OrganisationLocked,
    VerificationNotDue,
)
from webapp.domain.errors import NotAllowed
from webapp.domain.identifiers import CreditCodeInvalid
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import MemberRole, Scope
from webapp.models import Employer, MatchChange, Member, Notification, User
from webapp.models.matching import OwnerKind
from webapp.queries.documents import posting_documents
from webapp.queries.employers import waiting_employers
from webapp.services import employers
from webapp.services.files import Paper, open_file
from webapp.settings import Settings

KEY = Settings().fernet_key
PROFILE = Organisation(
    name="演示科技有限公司",
    kind=EmployerKind.COMPANY,
    district="WH-DHGX",
    address="光谷大道 1 号",
    intro="做城市数据服务，四十人。",
    contact_name="王经理",
    contact_phone="027-87654321",
)


def register(session: Session, code: str | None = None, **changes: object) -> Member:
    return employers.register_employer(
        session,
        **{
            "employer_name": PROFILE.name,
            "credit_code": code or make.credit_code(7001),
            "kind": EmployerKind.COMPANY,
            "name": "王小明",
            "login": "wang@example.com",
            "password": make.PASSWORD,
            "at": make.NOW,
        }
        | changes,
    )


def ready(session: Session) -> User:
    owner = register(session).user
    employers.update_organisation(session, by=owner, organisation=PROFILE, at=make.NOW)
    licence(session, owner)
    return owner


def licence(session: Session, owner: User):
    return employers.attach_licence(
        session,
        by=owner,
        paper=Paper("执照.pdf", b"%PDF-1.7 licence", "application/pdf"),
        at=make.NOW,
        key=KEY,
    )


def employer_of(session: Session, user: User) -> Employer:
    return session.scalars(select(Employer).join(Member).where(Member.user_id == user.id)).one()


def changes_of(session: Session, posting_id: int) -> int:
    rows = select(func.count()).where(
        MatchChange.owner_kind == OwnerKind.POSTING, MatchChange.owner_id == posting_id
    )
    return session.scalar(rows) or 0


def test_a_new_organisation_is_a_draft_with_its_owner(session: Session) -> None:
    member = register(session)
    assert member.role is MemberRole.OWNER
    assert member.employer.status is EmployerStatus.DRAFT


def test_a_credit_code_is_kept_in_upper_case_and_half_width(session: Session) -> None:
    code = make.credit_code(7002)
    assert register(session, code.lower()).employer.credit_code == code


def test_a_forged_credit_code_is_refused(session: Session) -> None:
    code = make.credit_code(7003)
    with pytest.raises(CreditCodeInvalid):
        register(session, code[:-1] + ("0" if code[-1] != "0" else "1"))


def test_a_second_account_for_the_same_organisation_is_sent_to_its_owner(session: Session) -> None:
    register(session)
    with pytest.raises(CreditCodeTaken, match="管理员"):
        register(session, login="other@example.com")
    assert session.scalar(select(func.count()).select_from(Employer)) == 1


@pytest.mark.parametrize(
    "name",
    ["补贴已到账 http://evil.cn/x", "补贴 evil.cn", "补贴 ｅｖｉｌ．ｃｎ", "领取 a@evil", "演示公司\n请领取"],
)
def test_a_name_that_carries_an_address_is_refused(session: Session, name: str) -> None:
    with pytest.raises(EmployerNameInvalid):
        register(session, employer_name=name)
    owner = register(session).user
    with pytest.raises(EmployerNameInvalid):
        employers.update_organisation(
            session, by=owner, organisation=replace(PROFILE, name=name), at=make.NOW
        )


@pytest.mark.parametrize(
    "name",
    ["3M中国有限公司（武汉）", "A.O.史密斯（演示）", "Demo Co., Ltd.", "光谷·演示 58 科技（集团）有限公司"],
)
def test_names_as_licences_write_them_are_kept(session: Session, name: str) -> None:
    assert register(session, employer_name=name).employer.name == name


def test_a_kind_that_contradicts_the_code_is_refused(session: Session) -> None:
    with pytest.raises(KindNotFitting):
        register(session, kind=EmployerKind.PUBLIC_INSTITUTION)
    assert register(session, make.credit_code(7004, "12"), kind=EmployerKind.PUBLIC_INSTITUTION)


def test_submitting_names_everything_that_is_missing(session: Session) -> None:
    owner = register(session).user
    with pytest.raises(OrganisationIncomplete) as refused:
        employers.submit_for_verification(session, by=owner, at=make.NOW)
    assert all(word in str(refused.value) for word in ("所在区", "联系人", "营业执照"))


def test_a_licence_is_sealed_and_opens_again(session: Session) -> None:
    kept = licence(session, register(session).user)
    assert b"licence" not in kept.sealed
    assert open_file(kept, key=KEY) == b"%PDF-1.7 licence"


def test_an_approved_organisation_is_verified_for_half_a_year(session: Session) -> None:
    owner, officer = ready(session), make.make_officer(session)
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    assert session.scalars(waiting_employers()).all() == [employer]
    employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)
    assert employer.status is EmployerStatus.APPROVED
    assert employer.verified_until_on == make.TODAY + timedelta(days=180)
    assert employers.is_verified(employer, on=employer.verified_until_on)
    assert not employers.is_verified(employer, on=employer.verified_until_on + timedelta(days=1))
    assert session.scalars(waiting_employers()).all() == []
    assert session.scalar(select(func.count()).where(Notification.user_id == owner.id)) == 1


def test_a_returned_organisation_reads_why_and_may_submit_again(session: Session) -> None:
    owner, officer = ready(session), make.make_officer(session)
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    employers.return_employer(
        session, by=officer.user, employer_id=employer.id, at=make.NOW, reason="执照看不清"
    )
    assert (employer.status, employer.return_reason) == (EmployerStatus.RETURNED, "执照看不清")
    employers.submit_for_verification(session, by=owner, at=make.NOW)
    assert (employer.status, employer.return_reason) == (EmployerStatus.SUBMITTED, None)


def test_what_does_not_wait_cannot_be_decided(session: Session) -> None:
    owner, officer = ready(session), make.make_officer(session)
    employer = employer_of(session, owner)
    with pytest.raises(NotWaiting):
        employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)
    with pytest.raises(NotWaiting):
        employers.return_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW, reason="x")


@pytest.mark.parametrize(
    ("scope", "reach"),
    [
        (Scope.AUDITOR, {}),
        (Scope.STATION, {"institution_code": "4142010486"}),
        (Scope.UNIT, {"unit": "420102"}),
    ],
)
def test_only_officers_whose_word_reaches_the_organisation_decide(
    session: Session, scope: Scope, reach: dict[str, str]
) -> None:
    owner, officer = ready(session), make.make_officer(session, scope, **reach)
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    with pytest.raises(NotAllowed):
        employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)


def test_a_unit_s_officer_decides_about_the_unit_s_own_organisations(session: Session) -> None:
    owner, officer = ready(session), make.make_officer(session, Scope.UNIT, unit="WH-DHGX")
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)
    assert employer.status is EmployerStatus.APPROVED


@pytest.mark.parametrize("maker", [make.make_graduate, make.make_member])
def test_nobody_but_an_officer_verifies(session: Session, maker) -> None:
    owner, other = ready(session), maker(session).user
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    for user in (owner, other):
        with pytest.raises(NotAllowed):
            employers.approve_employer(session, by=user, employer_id=employer.id, at=make.NOW)


def test_a_graduate_acts_for_no_organisation(session: Session) -> None:
    with pytest.raises(NotAllowed):
        employers.submit_for_verification(session, by=make.make_graduate(session).user, at=make.NOW)


def test_name_and_kind_cannot_change_after_they_were_checked(session: Session) -> None:
    member = make.make_member(session)
    with pytest.raises(OrganisationLocked):
        employers.update_organisation(session, by=member.user, organisation=PROFILE, at=make.NOW)


def test_renewal_keeps_postings_live_and_opens_a_month_before_the_end(session: Session) -> None:
    owner, officer = ready(session), make.make_officer(session)
    employer = employers.submit_for_verification(session, by=owner, at=make.NOW)
    employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)
    with pytest.raises(VerificationNotDue):
        employers.submit_for_verification(session, by=owner, at=make.NOW + timedelta(days=149))
    later = make.NOW + timedelta(days=150)
    employers.submit_for_verification(session, by=owner, at=later)
    assert employer.status is EmployerStatus.APPROVED
    employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=later)
    assert employer.verified_until_on == make.TODAY + timedelta(days=330)


def test_suspending_hides_live_postings_from_search_at_once(session: Session) -> None:
    employer, officer = make.make_employer(session), make.make_officer(session)
    live = make.make_posting(session, employer)
    paused = make.make_posting(session, employer, status=PostingStatus.PAUSED)
    before = changes_of(session, live.id), changes_of(session, paused.id)
    employers.suspend_employer(
        session, by=officer.user, employer_id=employer.id, at=make.NOW, reason="被举报收费"
    )
    assert posting_documents(session, [live.id]) == []
    assert changes_of(session, live.id) == before[0] + 1
    assert changes_of(session, paused.id) == before[1]
    employers.approve_employer(session, by=officer.user, employer_id=employer.id, at=make.NOW)
    assert [one.id for one in posting_documents(session, [live.id])] == [live.id]


def test_a_verification_lapses_the_day_after_its_last(session: Session) -> None:
    employer = make.make_employer(session)
    posting = make.make_posting(session, employer)
    last = employer.verified_until_on
    assert employers.lapse_verifications(session, on=last, at=make.NOW) == 0
    assert employers.lapse_verifications(session, on=last + timedelta(days=1), at=make.NOW) == 1
    assert employer.status is EmployerStatus.RETURNED
    assert posting_documents(session, [posting.id]) == []


def test_an_organisation_that_asked_for_renewal_in_time_waits_when_it_lapses(session: Session) -> None:
    employer = make.make_employer(session, submitted_at=make.NOW)
    after = employer.verified_until_on + timedelta(days=1)
    employers.lapse_verifications(session, on=after, at=make.NOW)
    assert employer.status is EmployerStatus.SUBMITTED
