"""Postings through every state, and who may move them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.domain.dates import city_date
from webapp.domain.employers import EmployerStatus, NotVerified, NotWaiting
from webapp.domain.errors import NotAllowed, NotFound
from webapp.domain.posting_rules import PayOrder, PostingNotReady, PostingTerms
from webapp.domain.postings import LONG_OVER, PostingStatus
from webapp.domain.roles import Scope
from webapp.models import Employer, MatchChange, Member, Posting, User
from webapp.queries.employers import waiting_postings
from webapp.services import postings
from webapp.services.postings import HeadcountBelowFilled, PostingStateNotAllowed


@pytest.fixture
def employer(session: Session) -> Employer:
    return make.make_employer(session)


@pytest.fixture
def by(session: Session, employer: Employer) -> User:
    return make.make_member(session, employer).user


@pytest.fixture
def officer(session: Session) -> User:
    return make.make_officer(session).user


@pytest.fixture
def terms(session: Session) -> PostingTerms:
    return postings.terms_of(make.make_posting(session))


def draft(session: Session, by: User, terms: PostingTerms) -> Posting:
    return postings.save_posting(session, by=by, terms=terms, at=make.NOW)


def live(session: Session, employer: Employer, **changes: object) -> Posting:
    return make.make_posting(session, employer, **changes)


def newest_change(session: Session) -> int:
    return session.scalar(select(func.max(MatchChange.id))) or 0


def test_nothing_is_published_before_an_officer_has_approved_it(
    session: Session, by: User, officer: User, terms: PostingTerms
) -> None:
    posting = draft(session, by, terms)
    assert (posting.status, posting.published_at) == (PostingStatus.DRAFT, None)
    postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    assert (posting.status, posting.published_at) == (PostingStatus.REVIEW, None)
    assert session.scalars(waiting_postings()).all() == [posting]
    postings.approve_posting(session, by=officer, posting_id=posting.id, at=make.NOW)
    assert (posting.status, posting.published_at) == (PostingStatus.LIVE, make.NOW)
    assert posting.well_paid


def test_an_unverified_organisation_writes_drafts_and_publishes_nothing(
    session: Session, officer: User, terms: PostingTerms
) -> None:
    member = make.make_member(session, make.make_employer(session, approved=False))
    posting = draft(session, member.user, terms)
    with pytest.raises(NotVerified):
        postings.submit_posting(session, by=member.user, posting_id=posting.id, at=make.NOW)


def test_a_posting_in_review_is_not_published_once_its_employer_is_suspended(
    session: Session, employer: Employer, by: User, officer: User, terms: PostingTerms
) -> None:
    posting = draft(session, by, terms)
    postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    employer.status = EmployerStatus.SUSPENDED
    session.flush()
    with pytest.raises(NotVerified):
        postings.approve_posting(session, by=officer, posting_id=posting.id, at=make.NOW)


@pytest.mark.parametrize(
    "flaw",
    [
        {"pay_min": None, "pay_max": None},
        {"address": None},
        {"requirements": "限男性"},
        {"duties": "先缴纳服装费，再安排岗位。工作内容是整理仓库、搬运货物、清点库存，每周轮班一次。"},
        {"valid_until_on": make.TODAY + timedelta(days=91)},
    ],
)
def test_a_flawed_draft_is_kept_and_not_submitted(
    session: Session, by: User, terms: PostingTerms, flaw: dict[str, object]
) -> None:
    posting = draft(session, by, replace(terms, **flaw))
    with pytest.raises(PostingNotReady):
        postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    assert posting.status is PostingStatus.DRAFT


def test_a_returned_posting_reads_why_and_may_be_submitted_again(
    session: Session, by: User, officer: User, terms: PostingTerms
) -> None:
    posting = draft(session, by, terms)
    postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    postings.return_posting(session, by=officer, posting_id=posting.id, at=make.NOW, reason="地址不全")
    assert (posting.status, posting.return_reason) == (PostingStatus.RETURNED, "地址不全")
    postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    assert posting.status is PostingStatus.REVIEW


def test_an_edit_during_review_takes_the_posting_back_to_draft(
    session: Session, by: User, officer: User, terms: PostingTerms
) -> None:
    posting = draft(session, by, terms)
    postings.submit_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    changed = replace(terms, title="数据工程师")
    postings.save_posting(session, by=by, terms=changed, at=make.NOW, posting_id=posting.id)
    with pytest.raises(NotWaiting):
        postings.approve_posting(session, by=officer, posting_id=posting.id, at=make.NOW)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"pay_max": 12000}, PostingStatus.REVIEW),
        ({"district": "420106"}, PostingStatus.REVIEW),
        ({"title": "后端工程师"}, PostingStatus.REVIEW),
        ({"requirements": "熟悉 Python。"}, PostingStatus.REVIEW),
        ({"headcount": 5}, PostingStatus.LIVE),
        ({"valid_until_on": make.TODAY + timedelta(days=80)}, PostingStatus.LIVE),
        ({}, PostingStatus.LIVE),
    ],
)
def test_a_live_posting_is_read_again_unless_only_number_or_dates_changed(
    session: Session, employer: Employer, by: User, change: dict[str, object], status: PostingStatus
) -> None:
    posting = live(session, employer)
    terms = replace(postings.terms_of(posting), **change)
    postings.save_posting(session, by=by, terms=terms, at=make.NOW, posting_id=posting.id)
    assert posting.status is status


def test_a_live_posting_cannot_be_changed_into_a_forbidden_one(
    session: Session, employer: Employer, by: User
) -> None:
    posting = live(session, employer)
    terms = replace(postings.terms_of(posting), title="男士优先的岗位")
    with pytest.raises(PostingNotReady):
        postings.save_posting(session, by=by, terms=terms, at=make.NOW, posting_id=posting.id)


def test_headcount_never_falls_below_the_places_promised(
    session: Session, employer: Employer, by: User
) -> None:
    posting = live(session, employer, headcount=3, filled=2)
    for headcount in (1, 2):
        terms = replace(postings.terms_of(posting), headcount=headcount)
        if headcount < posting.filled:
            with pytest.raises(HeadcountBelowFilled):
                postings.save_posting(session, by=by, terms=terms, at=make.NOW, posting_id=posting.id)
        else:
            postings.save_posting(session, by=by, terms=terms, at=make.NOW, posting_id=posting.id)
    assert posting.headcount == 2


def test_contradicting_pay_is_refused_even_in_a_draft(
    session: Session, by: User, terms: PostingTerms
) -> None:
    with pytest.raises(PayOrder):
        draft(session, by, replace(terms, pay_min=9000, pay_max=8000))


def test_pause_resume_close_reopen_each_tell_the_index(
    session: Session, employer: Employer, by: User
) -> None:
    posting = live(session, employer)
    for deed, status in (
        (postings.pause_posting, PostingStatus.PAUSED),
        (postings.resume_posting, PostingStatus.LIVE),
        (postings.close_posting, PostingStatus.CLOSED),
        (postings.reopen_posting, PostingStatus.DRAFT),
    ):
        before = newest_change(session)
        deed(session, by=by, posting_id=posting.id, at=make.NOW)
        assert posting.status is status
        assert newest_change(session) > before


@pytest.mark.parametrize(("days", "anew"), [(0, False), (29, False), (30, True), (90, True)])
@pytest.mark.parametrize("ending", ["closed", "expired"])
def test_what_was_over_for_long_is_published_anew(
    session: Session, employer: Employer, by: User, ending: str, days: int, *, anew: bool
) -> None:
    officer = make.make_officer(session).user
    posting = live(session, employer, valid_until_on=make.TODAY)
    ended = make.NOW + timedelta(days=1)
    if ending == "closed":
        postings.close_posting(session, by=by, posting_id=posting.id, at=ended)
    else:
        postings.expire_postings(session, on=city_date(ended), at=ended)
    again = ended + timedelta(days=days)
    postings.reopen_posting(session, by=by, posting_id=posting.id, at=again)
    terms = replace(postings.terms_of(posting), valid_until_on=city_date(again) + timedelta(days=30))
    later = again + timedelta(days=1)
    postings.save_posting(session, by=by, terms=terms, at=later, posting_id=posting.id)
    postings.submit_posting(session, by=by, posting_id=posting.id, at=later)
    postings.approve_posting(session, by=officer, posting_id=posting.id, at=later)
    assert posting.published_at == (later if anew else make.NOW)


@pytest.mark.parametrize(
    ("status", "deed"),
    [
        (PostingStatus.DRAFT, "pause_posting"),
        (PostingStatus.REVIEW, "resume_posting"),
        (PostingStatus.DRAFT, "close_posting"),
        (PostingStatus.LIVE, "reopen_posting"),
        (PostingStatus.LIVE, "submit_posting"),
        (PostingStatus.REMOVED, "reopen_posting"),
        (PostingStatus.REMOVED, "close_posting"),
    ],
)
def test_a_deed_from_the_wrong_state_is_refused(
    session: Session, employer: Employer, by: User, status: PostingStatus, deed: str
) -> None:
    posting = live(session, employer, status=status)
    with pytest.raises(PostingStateNotAllowed):
        getattr(postings, deed)(session, by=by, posting_id=posting.id, at=make.NOW + LONG_OVER)


def test_a_paused_posting_that_ran_out_is_not_resumed(session: Session, employer: Employer, by: User) -> None:
    posting = live(session, employer, status=PostingStatus.PAUSED, valid_until_on=make.TODAY)
    with pytest.raises(PostingNotReady):
        postings.resume_posting(session, by=by, posting_id=posting.id, at=make.NOW)


def test_a_copy_is_a_draft_of_its_own_without_dates(session: Session, employer: Employer, by: User) -> None:
    posting = live(session, employer, filled=1, start_on=make.TODAY)
    copy = postings.copy_posting(session, by=by, posting_id=posting.id, at=make.NOW)
    assert copy.id != posting.id
    assert (copy.status, copy.filled, copy.valid_until_on, copy.start_on) == (
        PostingStatus.DRAFT,
        0,
        None,
        None,
    )
    assert (copy.title, copy.skills, copy.pay_min) == (posting.title, posting.skills, posting.pay_min)


def test_postings_run_out_after_their_last_day(session: Session, employer: Employer) -> None:
    ends_today = live(session, employer, valid_until_on=make.TODAY)
    ended = live(session, employer, valid_until_on=make.TODAY - timedelta(days=1))
    assert postings.expire_postings(session, on=make.TODAY, at=make.NOW) == 1
    assert (ends_today.status, ended.status) == (PostingStatus.LIVE, PostingStatus.EXPIRED)


@pytest.mark.parametrize(
    "deed",
    ["submit_posting", "pause_posting", "resume_posting", "close_posting", "reopen_posting", "copy_posting"],
)
def test_another_employer_s_posting_does_not_exist(session: Session, employer: Employer, deed: str) -> None:
    posting = live(session, employer)
    stranger: Member = make.make_member(session)
    for user in (stranger.user, make.make_graduate(session).user, make.make_officer(session).user):
        with pytest.raises(NotFound):
            getattr(postings, deed)(session, by=user, posting_id=posting.id, at=make.NOW)


def test_another_employer_cannot_write_into_a_posting(
    session: Session, employer: Employer, terms: PostingTerms
) -> None:
    posting = live(session, employer)
    stranger = make.make_member(session).user
    with pytest.raises(NotFound):
        postings.save_posting(session, by=stranger, terms=terms, at=make.NOW, posting_id=posting.id)


def test_only_officers_who_decide_read_postings(session: Session, employer: Employer, by: User) -> None:
    posting = live(session, employer, status=PostingStatus.REVIEW)
    auditor = make.make_officer(session, Scope.AUDITOR).user
    elsewhere = make.make_officer(session, Scope.UNIT, unit="420102").user
    for user in (by, auditor, elsewhere):
        with pytest.raises(NotAllowed):
            postings.approve_posting(session, by=user, posting_id=posting.id, at=make.NOW)
        with pytest.raises(NotAllowed):
            postings.remove_posting(session, by=user, posting_id=posting.id, at=make.NOW, reason="x")


def test_a_removed_posting_stays_removed(
    session: Session, employer: Employer, by: User, officer: User
) -> None:
    posting = live(session, employer)
    postings.remove_posting(session, by=officer, posting_id=posting.id, at=make.NOW, reason="收费")
    assert posting.status is PostingStatus.REMOVED
    with pytest.raises(PostingStateNotAllowed):
        postings.save_posting(
            session, by=by, terms=postings.terms_of(posting), at=make.NOW, posting_id=posting.id
        )
