"""Postings: written, checked, read by an officer, live, and over."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.domain.dates import city_date
from webapp.domain.employers import NotVerified, NotWaiting
from webapp.domain.errors import NotFound, PlatformError
from webapp.domain.posting_rules import (
    FREELY_CHANGED,
    PayOrder,
    PostingNotReady,
    PostingTerms,
    Problem,
    check_posting,
)
from webapp.domain.postings import LABELS, PostingStatus, is_published_anew
from webapp.domain.well_paid import is_well_paid
from webapp.domain.words import N_
from webapp.models import Employer, Posting, User
from webapp.queries.market_pay import market_on
from webapp.services.audit import record_deed
from webapp.services.changes import posting_changed
from webapp.services.employers import OFFICE, check_decides, employer_acted_for, is_verified
from webapp.services.notifications import notify_members
from webapp.services.post_ledger import enter_postings
from webapp.services.steps import own_posting

POSTING = "/employer/postings/%d"

UNPUBLISHED = frozenset({PostingStatus.DRAFT, PostingStatus.RETURNED, PostingStatus.REVIEW})
PUBLISHED = frozenset({PostingStatus.LIVE, PostingStatus.PAUSED})
OVER = frozenset({PostingStatus.CLOSED, PostingStatus.EXPIRED})


class PostingStateNotAllowed(PlatformError):
    """A change that does not start from the posting's present state."""

    message = N_("“%(title)s”现在是“%(status)s”，不能这样操作。请刷新页面再看。")


class HeadcountBelowFilled(PlatformError):
    """Fewer places than have been promised."""

    message = N_("已有 %(filled)d 人接受录用，招聘人数不能少于这个数。")


def save_posting(
    session: Session, *, by: User, terms: PostingTerms, at: datetime, posting_id: int | None = None
) -> Posting:
    """Keep what an employer wrote: a new draft, or a change of its own posting.

    A posting under review becomes a draft again. A published one must stay publishable, and unless
    only ``FREELY_CHANGED`` fields changed it goes back to review before anybody sees it.
    """
    employer = employer_acted_for(session, by)
    if posting_id is None:
        posting = Posting(employer_id=employer.id, employer=employer, created_at=at)
        session.add(posting)
    else:
        posting = _own(session, posting_id, by)
        if posting.status not in UNPUBLISHED | PUBLISHED:
            raise PostingStateNotAllowed(title=posting.title, status=LABELS[posting.status])
    published = posting.status in PUBLISHED
    changed = published and _changed(terms_of(posting), terms)
    if published:
        _check_ready(terms, employer, at)
    _check_numbers(terms, posting)
    _write(posting, terms)
    if posting.status is PostingStatus.REVIEW:
        posting.status = PostingStatus.DRAFT
    elif changed and not changed <= FREELY_CHANGED:
        posting.status, posting.submitted_at = PostingStatus.REVIEW, at
    elif changed:
        enter_postings(session, [posting.id], at=at, by_id=by.id)
    return _done(session, posting, at)


def submit_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Hand a posting to review; an unverified employer, a missing field or forbidden wording is refused."""
    posting = _own(session, posting_id, by)
    _check_state(posting, PostingStatus.DRAFT, PostingStatus.RETURNED)
    if not is_verified(posting.employer, on=city_date(at)):
        raise NotVerified
    _check_ready(terms_of(posting), posting.employer, at)
    posting.status, posting.submitted_at, posting.return_reason = PostingStatus.REVIEW, at, None
    return _done(session, posting, at)


def approve_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Publish a posting of a verified employer, decide whether it is well paid, and count its post."""
    posting = _read_by(session, by, posting_id, at)
    if not is_verified(posting.employer, on=city_date(at)):
        raise NotVerified
    terms = terms_of(posting)
    _check_ready(terms, posting.employer, at)
    posting.status, posting.reviewed_by_id = PostingStatus.LIVE, by.id
    posting.published_at = posting.published_at or at
    today = city_date(at)
    posting.well_paid = is_well_paid(terms, on=today, market=market_on(session, today))
    enter_postings(session, [posting.id], at=at, by_id=by.id)
    message = N_("岗位“%(title)s”已通过审核，毕业生现在可以看到。")
    return _decide(session, posting, by=by, action="approve_posting", message=message, at=at)


def return_posting(session: Session, *, by: User, posting_id: int, at: datetime, reason: str) -> Posting:
    """Return a posting with what is to be mended."""
    posting = _read_by(session, by, posting_id, at)
    posting.status, posting.reviewed_by_id = PostingStatus.RETURNED, by.id
    posting.return_reason = reason
    message = N_("岗位“%(title)s”被退回：%(reason)s。修改后请重新提交。")
    return _decide(session, posting, by=by, action="return_posting", message=message, at=at)


def remove_posting(session: Session, *, by: User, posting_id: int, at: datetime, reason: str) -> Posting:
    """Take a posting off the platform for good, with the reason."""
    posting = _decided(session, by, posting_id, at)
    _check_state(posting, *(UNPUBLISHED | PUBLISHED | OVER))
    posting.status, posting.return_reason = PostingStatus.REMOVED, reason
    enter_postings(session, [posting.id], at=at, by_id=by.id)
    message = N_("岗位“%(title)s”已被下架：%(reason)s。如有异议请联系工作人员。")
    return _decide(session, posting, by=by, action="remove_posting", message=message, at=at)


def pause_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Stop showing a live posting for a while."""
    return _move(session, by, posting_id, at, PostingStatus.PAUSED, PostingStatus.LIVE)


def resume_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Show a paused posting again; an officer has already read it."""
    posting = _own(session, posting_id, by)
    if not is_verified(posting.employer, on=city_date(at)):
        raise NotVerified
    _check_ready(terms_of(posting), posting.employer, at)
    return _move(session, by, posting_id, at, PostingStatus.LIVE, PostingStatus.PAUSED)


def close_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Stop recruiting; those who have applied are still answered."""
    return _move(session, by, posting_id, at, PostingStatus.CLOSED, *PUBLISHED)


def reopen_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Begin again with a closed or expired posting: as a draft, to be dated and read anew.

    One that was over for long is news once more; the ledger of posts keeps its first publication.
    """
    posting = _own(session, posting_id, by)
    _check_state(posting, *OVER)
    if is_published_anew(posting.updated_at or posting.created_at, at):  # nothing else changes what is over
        posting.published_at = None
    posting.status = PostingStatus.DRAFT
    return _done(session, posting, at)


def copy_posting(session: Session, *, by: User, posting_id: int, at: datetime) -> Posting:
    """Start a new draft from an earlier posting; its dates are to be chosen anew."""
    terms = terms_of(_own(session, posting_id, by))
    return save_posting(session, by=by, terms=replace(terms, valid_until_on=None, start_on=None), at=at)


def expire_postings(session: Session, *, on: date, at: datetime, most: int = 200) -> int:
    """End postings whose validity is over, some at a time; returns how many.

    One that is being changed at this moment is left for the next run.
    """
    over = session.scalars(
        select(Posting)
        .where(Posting.status.in_(PUBLISHED), Posting.valid_until_on < on)
        .order_by(Posting.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for posting in over:
        posting.status = PostingStatus.EXPIRED
        message = N_("岗位“%(title)s”的有效期已满，不再展示。需要继续招聘可以重新开放。")
        _tell(session, posting, message, at)
        _done(session, posting, at)
    return len(over)


def problems_of(posting: Posting, *, on: date) -> Sequence[Problem]:
    """Return what the checks say about a posting, for its employer and for the officer who reads it."""
    return check_posting(terms_of(posting), employer_kind=posting.employer.kind, on=on)


def terms_of(posting: Posting) -> PostingTerms:
    """Return what a posting says."""
    read = {name: getattr(posting, name) for name in PostingTerms.__dataclass_fields__}
    return PostingTerms(**{**read, "skills": tuple(posting.skills), "majors": tuple(posting.majors)})


def _write(posting: Posting, terms: PostingTerms) -> None:
    for name, value in asdict(terms).items():
        setattr(posting, name, list(value) if isinstance(value, tuple) else value)
    posting.headcount = terms.headcount or 1


def _changed(old: PostingTerms, new: PostingTerms) -> frozenset[str]:
    before, after = asdict(old), asdict(new)
    return frozenset(name for name in after if before[name] != after[name])


def _check_ready(terms: PostingTerms, employer: Employer, at: datetime) -> None:
    problems = check_posting(terms, employer_kind=employer.kind, on=city_date(at))
    if blocking := [problem for problem in problems if problem.blocking]:
        raise PostingNotReady(count=len(blocking), first=blocking[0].message % blocking[0].facts)


def _check_numbers(terms: PostingTerms, posting: Posting) -> None:
    """Refuse what the table itself would refuse."""
    if terms.pay_min is not None and terms.pay_max is not None and terms.pay_max < terms.pay_min:
        raise PayOrder
    if (terms.headcount or 1) < max(posting.filled or 0, 1):
        raise HeadcountBelowFilled(filled=posting.filled)


def _check_state(posting: Posting, *sources: PostingStatus) -> None:
    if posting.status not in sources:
        raise PostingStateNotAllowed(title=posting.title, status=LABELS[posting.status])


def _own(session: Session, posting_id: int, by: User) -> Posting:
    own_posting(session, posting_id, by)
    return _locked(session, posting_id)


def _locked(session: Session, posting_id: int) -> Posting:
    """Return a posting and its employer; nobody else changes it now, rows that point to it may be written."""
    posting = session.get(
        Posting,
        posting_id,
        with_for_update={"key_share": True},
        populate_existing=True,
        options=[selectinload(Posting.employer)],
    )
    if posting is None:
        raise NotFound
    return posting


def _decided(session: Session, by: User, posting_id: int, at: datetime) -> Posting:
    posting = _locked(session, posting_id)
    check_decides(session, by=by, district=posting.employer.district, on=city_date(at))
    return posting


def _read_by(session: Session, by: User, posting_id: int, at: datetime) -> Posting:
    posting = _decided(session, by, posting_id, at)
    if posting.status is not PostingStatus.REVIEW:
        raise NotWaiting(name=posting.title, status=LABELS[posting.status])
    return posting


def _move(
    session: Session,
    by: User,
    posting_id: int,
    at: datetime,
    target: PostingStatus,
    *sources: PostingStatus,
) -> Posting:
    posting = _own(session, posting_id, by)
    _check_state(posting, *sources)
    posting.status = target
    return _done(session, posting, at)


def _decide(
    session: Session, posting: Posting, *, by: User, action: str, message: str, at: datetime
) -> Posting:
    facts = {"title": posting.title, "reason": posting.return_reason or ""}
    subject = f"posting:{posting.id}"
    record_deed(session, by=by, action=action, subject=subject, at=at, on_behalf_of=OFFICE, **facts)
    _tell(session, posting, message, at)
    return _done(session, posting, at)


def _tell(session: Session, posting: Posting, message: str, at: datetime) -> None:
    notify_members(
        session,
        employer_id=posting.employer_id,
        message=message,
        at=at,
        link=POSTING % posting.id,
        title=posting.title,
        reason=posting.return_reason or "",
    )


def _done(session: Session, posting: Posting, at: datetime) -> Posting:
    posting.updated_at = at
    session.flush()
    posting_changed(session, posting.id, at)
    return posting
